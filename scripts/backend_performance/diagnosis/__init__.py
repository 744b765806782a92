"""Asking a live system for evidence. Knows no Markdown."""

from .evidence import Evidence
from .postgres import PostgresRun, run_postgres
from .postgres_session import CannotRun

__all__ = ["CannotRun", "Evidence", "PostgresRun", "run_postgres"]
