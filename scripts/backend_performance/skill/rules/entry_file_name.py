"""The entry page is called ``SKILL.md``, in these letters: other systems tell case apart."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostic import Diagnostic, error
from ..inspection import Inspection
from ..package import ENTRY

CODES = ("entry-file-name",)


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield one finding when the name differs in letter case."""
    entry = inspection.skill.entry
    if entry != ENTRY:
        yield error(
            "entry-file-name",
            entry,
            1,
            f"the file is called {entry}",
            f"rename it to {ENTRY}; clients look for exactly this name",
        )
