"""What is wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True)
class Diagnostic:
    """One finding about one place in one file.

    ``code`` is stable across releases; ``line`` and ``column`` count from 1 in the file as it
    is on disk, in characters.
    """

    code: str
    severity: str
    file: str
    line: int
    column: int
    message: str
    hint: str

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity must be one of {SEVERITIES}, not {self.severity!r}")
        if self.line < 1 or self.column < 1:
            raise ValueError(f"lines and columns count from 1: {self.line}:{self.column}")

    @property
    def sort_key(self) -> tuple[Any, ...]:
        return (self.file, self.line, self.column, self.code, self.message)


def error(
    code: str, file: str, line: int, message: str, hint: str, column: int = 1
) -> Diagnostic:
    """Return a diagnostic of severity ``error``."""
    return Diagnostic(code, "error", file, line, column, message, hint)


def warning(
    code: str, file: str, line: int, message: str, hint: str, column: int = 1
) -> Diagnostic:
    """Return a diagnostic of severity ``warning``."""
    return Diagnostic(code, "warning", file, line, column, message, hint)


def note(code: str, file: str, line: int, message: str, hint: str, column: int = 1) -> Diagnostic:
    """Return a diagnostic of severity ``note``."""
    return Diagnostic(code, "note", file, line, column, message, hint)
