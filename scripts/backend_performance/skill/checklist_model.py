"""What a checklist is once it has been read: plain data, ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LEVELS = ("high", "medium", "low")


@dataclass(frozen=True)
class Reference:
    """A link target inside the skill, relative to its root."""

    file: str
    anchor: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"file": self.file, "anchor": self.anchor}


@dataclass(frozen=True)
class Item:
    """One task item. Absent fields are ``None`` or empty; nothing is guessed."""

    id: str
    title: str
    text: str
    file: str
    line: int
    state: str  # "open" | "done"
    check: str | None = None
    fix: str | None = None
    verify: str | None = None
    why: str | None = None
    impact: str | None = None
    effort: str | None = None
    engines: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    children: tuple[Item, ...] = ()
    same_as: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "file": self.file,
            "line": self.line,
            "state": self.state,
            "check": self.check,
            "fix": self.fix,
            "verify": self.verify,
            "why": self.why,
            "impact": self.impact,
            "effort": self.effort,
            "engines": list(self.engines),
            "probes": list(self.probes),
            "references": [reference.to_json() for reference in self.references],
            "notes": list(self.notes),
            "extra": dict(self.extra),
            "children": [child.to_json() for child in self.children],
            "same_as": self.same_as,
        }


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
            "items": [item.to_json() for item in self.items],
        }
