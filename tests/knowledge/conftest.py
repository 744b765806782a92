"""Servers for statements of the knowledge base, started on first use."""

from tests.knowledge.behaviour.servers import connect, mariadb, mariadb_running, server

__all__ = ["connect", "mariadb", "mariadb_running", "server"]
