"""The entry page is called ``SKILL.md``, in these letters: other systems tell case apart."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostic import Diagnostic, error, warning
from ...folder_scan import ENTRY
from ...inspection import Inspection

CODES = {
    "entry-file-name": (
        "Clients look for exactly `SKILL.md`; on file systems that tell case apart, any other "
        "spelling is not found. Rename the file."
    ),
    "file-name-collision": (
        "Two files differ only in letter case. On macOS and Windows one of them overwrites the "
        "other when the skill is installed. Rename one."
    ),
}


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
    seen: dict[str, str] = {}
    for name in sorted(inspection.skill.files):
        first = seen.setdefault(name.lower(), name)
        if first != name:
            yield warning(
                "file-name-collision",
                name,
                1,
                f"{first} differs only in letter case",
                "rename one; some systems keep only one of the two",
            )
