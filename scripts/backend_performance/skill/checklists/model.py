"""A checklist once it has been read: plain data, ready for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

LEVELS = ("high", "medium", "low")


def _advice() -> Any:
    """Declare a labelled field of an item that a reader follows: text, or ``None`` if absent."""
    return field(default=None, metadata={"advice": True})


@dataclass(frozen=True)
class Reference:
    """A link target inside the skill, relative to its root."""

    file: str
    anchor: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"file": self.file, "anchor": self.anchor}


@dataclass(frozen=True)
class Item:
    """One task item. Absent fields are ``None`` or empty; nothing is guessed.

    ``no_probe`` says why only judgement can answer an item that names no probe.
    """

    id: str
    title: str
    text: str
    file: str
    line: int
    state: str  # "open" | "done"
    check: str | None = _advice()
    probe: str | None = _advice()
    fix: str | None = _advice()
    risk: str | None = _advice()
    verify: str | None = _advice()
    why: str | None = _advice()
    impact: str | None = None
    effort: str | None = None
    no_probe: str | None = None
    engines: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    children: tuple[Item, ...] = ()
    same_as: str | None = None

    def walk(self) -> Iterator[Item]:
        """Yield this item and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_json(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)} | {
            "engines": list(self.engines),
            "probes": list(self.probes),
            "references": [reference.to_json() for reference in self.references],
            "notes": list(self.notes),
            "extra": dict(self.extra),
            "children": [child.to_json() for child in self.children],
        }


#: Labelled fields that a reader follows, in the order in which they are shown. A field added to
#: ``Item`` with ``_advice()`` is read from pages and reaches the walk and its reports by this list.
ADVICE_FIELDS = tuple(each.name for each in fields(Item) if each.metadata.get("advice"))
#: Fields of an item whose value is one text.
TEXT_FIELDS = (*ADVICE_FIELDS, "impact", "effort", "no_probe")


@dataclass(frozen=True)
class Checklist:
    """The task items under one heading, in the order of the page."""

    id: str
    title: str
    area: str
    file: str
    anchor: str | None
    line: int
    items: tuple[Item, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "area": self.area,
            "file": self.file,
            "anchor": self.anchor,
            "line": self.line,
            "coverage": coverage(self.items).to_json(),
            "items": [item.to_json() for item in self.items],
        }


@dataclass(frozen=True)
class Coverage:
    """How items can be answered: by a probe, by judgement for a stated reason, or unstated."""

    items: int
    with_probe: int
    judgement_only: int

    @property
    def neither(self) -> int:
        return self.items - self.with_probe - self.judgement_only

    def to_json(self) -> dict[str, int]:
        return {
            "items": self.items,
            "with_probe": self.with_probe,
            "judgement_only": self.judgement_only,
            "neither": self.neither,
        }


def coverage(items: Iterable[Item]) -> Coverage:
    """Count ``items``; an alias is answered as the item that it refers to."""
    found = tuple(items)
    with_probe = sum(bool(item.probes) for item in found)
    judged = sum(not item.probes and item.no_probe is not None for item in found)
    return Coverage(len(found), with_probe, judged)
