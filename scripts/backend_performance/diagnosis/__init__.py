"""Asking a live system for evidence. Knows no Markdown."""

from .asking import ServerRun
from .evidence import Evidence
from .mysql.run import run_mysql
from .postgres.run import explain_postgres, run_postgres
from .redis.run import run_redis
from .trouble import CannotRun

__all__ = [
    "CannotRun",
    "Evidence",
    "ServerRun",
    "explain_postgres",
    "run_mysql",
    "run_postgres",
    "run_redis",
]
