"""Skills of one name: a client loads only one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..diagnostic import note, warning
from .checked import Checked, Found

CODES = {
    "name-collision": (
        "Clients know a skill by its name and load one of several, which one depends on the "
        "client. Rename one, or remove the copy."
    ),
}


def mark(results: Sequence[Checked]) -> list[Checked]:
    """Return the results with a finding for each skill whose name an earlier one has."""
    first: dict[str, Checked] = {}
    marked = []
    for result in results:
        other = result if result.trouble else first.setdefault(result.name, result)
        if other is not result:
            result = replace(result, found=(_finding(result, other), *result.found))
        marked.append(result)
    return marked


def _finding(result: Checked, other: Checked) -> Found:
    # The same skill in the folders of two clients is no mistake.
    is_copy = _entry(result) == _entry(other)
    report = note if is_copy else warning
    what = "a copy of it is" if is_copy else "another skill of that name is"
    return Found(
        report(
            "name-collision",
            "SKILL.md",
            1,
            f"`{result.name}`: {what} in {other.path('.')}",
            "keep one of them, or rename one; clients load only one",
        )
    )


def _entry(result: Checked) -> bytes:
    try:
        with open(result.root / "SKILL.md", "rb") as stream:
            return stream.read(2**20)
    except OSError:
        return str(result.root).encode()
