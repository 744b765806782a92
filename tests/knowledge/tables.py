"""Reads the tables that tie this knowledge base to what it has to cover."""

import csv
from functools import cache
from pathlib import Path

from backend_performance.skill import inspection, package

ROOT = Path(__file__).parents[2]


@cache
def this_skill() -> inspection.Inspection:
    return inspection.inspect(package.load(ROOT))


@cache
def items() -> dict:
    """Return every item of this skill by its identifier."""
    return {item.id: item for listed in this_skill().checklists for item in listed.items}


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a tab-separated table beside this file; never none."""
    with open(Path(__file__).with_name(name), encoding="utf-8", newline="") as handle:
        found = list(csv.DictReader(handle, delimiter="\t"))
    assert found, f"{name} is empty"
    return found


def has_section(place: str) -> bool:
    """Return whether ``file#anchor`` is a heading of this skill."""
    file, _, anchor = place.partition("#")
    page = this_skill().skill.documents.get(file)
    return page is not None and anchor in page.anchors
