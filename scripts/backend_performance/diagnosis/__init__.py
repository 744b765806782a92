"""Asking a live system for evidence. Knows no Markdown."""

from .evidence import Evidence
from .postgres import PostgresRun, explain_postgres, run_postgres
from .trouble import CannotRun

__all__ = ["CannotRun", "Evidence", "PostgresRun", "explain_postgres", "run_postgres"]
