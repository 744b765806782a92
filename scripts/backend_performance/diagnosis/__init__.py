"""Asking a live system for evidence. Knows no Markdown."""

from .evidence import Evidence
from .mysql import MysqlRun, run_mysql
from .postgres import PostgresRun, explain_postgres, run_postgres
from .redis import RedisRun, run_redis
from .trouble import CannotRun

__all__ = [
    "CannotRun", "Evidence", "MysqlRun", "PostgresRun", "RedisRun", "explain_postgres", "run_mysql",
    "run_postgres", "run_redis",
]  # fmt: skip
