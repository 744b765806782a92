"""What is wrong, where, what to do about it, and the edit that does it where that is certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True)
class Fix:
    """A repair without judgement: replace ``old`` by ``new`` at the place of the finding.

    ``kind`` is ``text`` (the first ``old`` at or after the finding's column), ``line`` (the whole
    line), ``bom`` (drop the byte-order mark) or ``executable`` (set the bit).
    """

    kind: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class Diagnostic:
    """One finding about one place in one file.

    ``code`` is stable across releases; ``line`` and ``column`` count from 1 in the file as it
    is on disk, in characters; ``length`` is how many characters are meant, 0 when unknown.
    """

    code: str
    severity: str
    file: str
    line: int
    column: int
    message: str
    hint: str
    length: int = 0
    fix: Fix | None = None

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity must be one of {SEVERITIES}, not {self.severity!r}")
        if self.line < 1 or self.column < 1:
            raise ValueError(f"lines and columns count from 1: {self.line}:{self.column}")

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        return (self.file, self.line, self.column, self.code, self.message)


class Report(Protocol):
    """The form of ``error``, ``warning`` and ``note``, for a rule that chooses between them."""

    def __call__(
        self,
        code: str,
        file: str,
        line: int,
        message: str,
        hint: str,
        *,
        column: int = 1,
        length: int = 0,
        fix: Fix | None = None,
    ) -> Diagnostic: ...


def error(
    code: str,
    file: str,
    line: int,
    message: str,
    hint: str,
    *,
    column: int = 1,
    length: int = 0,
    fix: Fix | None = None,
) -> Diagnostic:
    """Return a diagnostic of severity ``error``."""
    return Diagnostic(code, "error", file, line, column, message, hint, length, fix)


def warning(
    code: str,
    file: str,
    line: int,
    message: str,
    hint: str,
    *,
    column: int = 1,
    length: int = 0,
    fix: Fix | None = None,
) -> Diagnostic:
    """Return a diagnostic of severity ``warning``."""
    return Diagnostic(code, "warning", file, line, column, message, hint, length, fix)


def note(
    code: str,
    file: str,
    line: int,
    message: str,
    hint: str,
    *,
    column: int = 1,
    length: int = 0,
    fix: Fix | None = None,
) -> Diagnostic:
    """Return a diagnostic of severity ``note``."""
    return Diagnostic(code, "note", file, line, column, message, hint, length, fix)
