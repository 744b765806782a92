"""Asking a live system for evidence. Knows no Markdown."""

from .evidence.model import Evidence
from .probes.run import Run
from .trouble import CannotRun

__all__ = ["CannotRun", "Evidence", "Run"]
