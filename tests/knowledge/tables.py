"""Reads the tables that tie this knowledge base to what it has to cover."""

import csv
import re
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


def rows(name: str, folder: Path = Path(__file__).parent) -> list[dict[str, str]]:
    """Return the rows of a tab-separated table, by default one beside this file; never none."""
    with open(folder / name, encoding="utf-8", newline="") as handle:
        found = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert found, f"{name} is empty"
    broken = [n for n, row in enumerate(found, start=2) if None in row or None in row.values()]
    assert broken == [], f"{name}: lines {broken} have too many or too few columns"
    return found


def listed(cell: str) -> list[str]:
    """Return the values of a cell that holds several, separated by spaces."""
    return cell.split()


def has_section(place: str) -> bool:
    """Return whether ``file#anchor`` is a heading of this skill."""
    return _span(place) is not None


def enclosing(place: str) -> list[str]:
    """Return the section ``file#anchor`` and those around it, innermost first."""
    file, _, anchor = place.partition("#")
    above = []
    for heading in this_skill().skill.documents[file].headings:
        above = [h for h in above if h.level < heading.level] + [heading]
        if heading.anchor == anchor:
            break
    return [f"{file}#{heading.anchor}" for heading in reversed(above)]


def section_text(place: str) -> str:
    """Return the text below the heading ``file#anchor``, its sub-sections included."""
    file, start, end = _known(place)
    return "\n".join(this_skill().skill.documents[file].lines[start:end])


def section_links(place: str) -> set[tuple[str, str | None]]:
    """Return file and anchor of all that the section ``file#anchor`` leads to in this skill."""
    file, start, end = _known(place)
    return {
        (edge.target, edge.anchor)
        for edge in this_skill().graph.edges
        if edge.source == file and start < edge.line <= end
    }


def section_urls(place: str) -> set[str]:
    """Return what the section cites: addresses outside this skill, ``file#anchor`` inside."""
    file, start, end = _known(place)
    return {
        edge.target + (f"#{edge.anchor}" if edge.anchor else "")
        for edge in this_skill().graph.edges
        if edge.source == file and start < edge.line <= end
    }


def has_source(place: str) -> bool:
    """Return whether the section cites a page outside this skill or a measured case."""
    file, start, end = _known(place)
    return any(
        edge.status == "external" or edge.target.startswith("examples/")
        for edge in this_skill().graph.edges
        if edge.source == file and start < edge.line <= end
    )


def missing_marks(place: str, marks: str) -> list[str]:
    """Return which of the ``marks``, separated by ``|``, the section ``file#anchor`` lacks.

    A mark is what a rewording leaves alone: a setting, command or message in code, a figure, or
    the target of a link. Prose around it is free to improve. ``-`` stands for no mark.
    """
    held = [text.casefold() for text in _fixed_texts(section_text(place))]
    return [
        mark
        for mark in marks.split("|")
        if mark != "-" and not any(mark.casefold() in text for text in held)
    ]


_FENCE = re.compile(r"(?ms)^```.*?^```")
_FIXED = re.compile(r"`[^`\n]+`|\]\([^)]+\)|\S*\d\S*(?: (?:%|ms|µs|s|times|idle))?")


def _fixed_texts(text: str) -> list[str]:
    """Return code, link targets and words with a figure."""
    return [*_FENCE.findall(text), *_FIXED.findall(_FENCE.sub("", text))]


def _known(place: str) -> tuple[str, int, int]:
    span = _span(place)
    assert span is not None, f"there is no section {place}"
    return span


def _span(place: str) -> tuple[str, int, int] | None:
    """Return file, line of the heading and last line of a section; lines count from 1."""
    file, _, anchor = place.partition("#")
    page = this_skill().skill.documents.get(file)
    if page is None:
        return None
    for index, heading in enumerate(page.headings):
        if heading.anchor == anchor:
            after = (h.line - 1 for h in page.headings[index + 1 :] if h.level <= heading.level)
            return file, heading.line, next(after, len(page.lines))
    return None
