"""One skill checked: its findings with the lines they are about, ready for another process."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..diagnostic import Diagnostic

CODES = {
    "skill-unreadable": (
        "The entry page cannot be read at all, so no client loads the skill. Restore the file, "
        "or remove the folder."
    ),
}
#: How much of a line is kept, in characters; output shows less.
MAX_LINE = 2_000


@dataclass(frozen=True)
class Found:
    """A diagnostic with the text of its line; empty if the line has none to show."""

    diagnostic: Diagnostic
    source: str = ""

    @property
    def is_failure(self) -> bool:
        return self.diagnostic.severity != "note"


@dataclass(frozen=True)
class Checked:
    """A skill with what was found in it; ``trouble`` says why it could not be checked at all."""

    root: Path
    name: str = ""
    pages: int = 0
    found: tuple[Found, ...] = ()
    suppressed: int = 0
    baselined: int = 0
    trouble: str = ""

    def path(self, file: str) -> str:
        """Return how a person at the command line would write the path of a file."""
        whole = os.path.normpath(self.root / file)
        near = os.path.relpath(whole)
        return (near if not near.startswith("..") else whole).replace(os.sep, "/")


@dataclass(frozen=True)
class Summary:
    skills: int
    files: int
    errors: int
    warnings: int
    notes: int
    suppressed: int
    baselined: int


def summary(results: Sequence[Checked]) -> Summary:
    """Return the counts over all skills."""
    severities = Counter(each.diagnostic.severity for each in everything(results))
    return Summary(
        skills=sum(not result.trouble for result in results),
        files=sum(result.pages for result in results),
        errors=severities["error"],
        warnings=severities["warning"],
        notes=severities["note"],
        suppressed=sum(result.suppressed for result in results),
        baselined=sum(result.baselined for result in results),
    )


def without_notes(results: Iterable[Checked]) -> list[Checked]:
    """Return the results with errors and warnings alone."""
    return [replace(r, found=tuple(each for each in r.found if each.is_failure)) for r in results]


def everything(results: Iterable[Checked]) -> Iterable[Found]:
    """Yield the findings of all skills, in order."""
    for result in results:
        yield from result.found
