"""Asking a live system for evidence. Knows no Markdown."""

from .evidence import Evidence
from .run import Run
from .trouble import CannotRun

__all__ = ["CannotRun", "Evidence", "Run"]
