"""Checklists out of pages: task items under a heading become items with fields.

An item of this form becomes fields; any other task item becomes a title and nothing else:

    - [ ] **Title.** Further text.
      - Check: how to see it
      - Impact: high · Effort: low · Engines: postgres · No probe: why only judgement answers
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..links import paths
from ..markdown.anchors import slug
from ..markdown.document import Document, Link, ListItem
from ..package import Skill
from . import item_alias
from .model import TEXT_FIELDS, Checklist, Item, Reference

PROBE_FOLDER = "scripts/probes/"
#: Long enough for a sentence; plain items of other skills can be paragraphs.
_MAX_SLUG = 80

_AREA = re.compile(r"area:\s*([\w-]+)\Z")
_PINNED = re.compile(r"id:\s*([\w./-]+)\Z")
_BOLD_TITLE = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_LABEL = re.compile(r"(?:\*\*|__)?([A-Z][A-Za-z -]{1,30}?)(?::(?:\*\*|__)|(?:\*\*|__)?:)\s+")
_SHORT_LABELS = re.compile(r"\s+[·|]\s+(?=[A-Z][a-z]+(?: [a-z]+)?:\s)")
_CODE = re.compile(r"`+([^`]+)`+")


def area_of(page: Document) -> str:
    """Return the page's area: its ``<!-- area: x -->`` comment, else its file name's slug."""
    for comment in page.comments:
        match = _AREA.match(comment.text)
        if match:
            return match.group(1)
    return slug(paths.stem(page.path))


def extract(skill: Skill) -> tuple[Checklist, ...]:
    """Return every checklist of the skill: SKILL.md first, then the pages by path."""
    names = _Names()
    found = [checklist for page in skill.documents.values() for checklist in _of_page(page, names)]
    return tuple(item_alias.filled(found))


class _Names:
    """Hands out identifiers that are unique in the skill."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        name, number = wanted, self._taken.get(wanted, 1)
        while name in self._taken:
            number += 1
            name = f"{wanted}-{number}"
        self._taken[wanted] = number
        self._taken.setdefault(name, 1)
        return name


class _Below(NamedTuple):
    """What the children of a task say: ``extra`` are labels that are no field of an item."""

    fields: dict[str, str]
    extra: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    links: tuple[Link, ...]
    items: tuple[Item, ...]


@dataclass
class _Group:
    title: str
    anchor: str | None
    line: int
    roots: list[ListItem]


def _of_page(page: Document, names: _Names) -> Iterator[Checklist]:
    groups: dict[str | None, _Group] = {}
    for root in page.lists:
        heading = page.heading_above(root.line)
        key = heading.anchor if heading else None
        if key not in groups:
            title = heading.text if heading else paths.base_name(page.path)
            groups[key] = _Group(title, key, heading.line if heading else root.line, [])
        groups[key].roots.append(root)
    area = area_of(page)
    for group in groups.values():
        name = (group.anchor or slug(group.title)).removesuffix("-checklist")
        identifier = names.take(f"{area}/{name or 'checklist'}")
        items = tuple(
            _item(page, task, identifier, names) for root in group.roots for task in _tasks(root)
        )
        yield Checklist(identifier, group.title, area, page.path, group.anchor, group.line, items)


def _tasks(item: ListItem) -> Iterator[ListItem]:
    """Yield the outermost tasks at or below ``item``."""
    if item.state is not None:
        yield item
        return
    for child in item.children:
        yield from _tasks(child)


def _item(page: Document, task: ListItem, checklist: str, names: _Names) -> Item:
    text = _flat(task.text)
    bold = _BOLD_TITLE.match(task.text)
    title = _flat(bold.group(2) if bold else text).rstrip(".") or "(empty)"
    identifier = names.take(_identifier(task, checklist, title))
    below = _below(page, task, checklist, names)
    references, probes = _targets(page, (*task.links, *below.links))
    engines = below.fields.get("engines", "")
    return Item(
        id=identifier,
        title=title,
        text=text,
        file=page.path,
        line=task.line,
        state=task.state or "open",
        engines=tuple(e.strip().lower() for e in engines.split(",") if e.strip()),
        probes=probes,
        references=references,
        notes=tuple(_flat(part) for part in task.more) + below.notes,
        extra=below.extra,
        children=below.items,
        same_as=_alias(below.fields.get("item")),
        **{name: below.fields.get(name) for name in TEXT_FIELDS},
    )


def _identifier(task: ListItem, checklist: str, title: str) -> str:
    for comment in task.comments:
        match = _PINNED.match(comment.text)
        if match:
            pinned = match.group(1)
            return pinned if "/" in pinned else f"{checklist}/{pinned}"
    name = slug(title)
    if len(name) > _MAX_SLUG:
        name = name[:_MAX_SLUG].rsplit("-", 1)[0]
    return f"{checklist}/{name or 'item'}"


def _alias(value: str | None) -> str | None:
    if value is None:
        return None
    code = _CODE.search(value)
    return (code.group(1) if code else value).strip()


def _below(page: Document, task: ListItem, checklist: str, names: _Names) -> _Below:
    fields: dict[str, str] = {}
    extra: list[tuple[str, str]] = []
    notes: list[str] = []
    links: list[Link] = []
    items: list[Item] = []
    for child in task.children:
        if child.state is not None:
            items.append(_item(page, child, checklist, names))
            continue
        items.extend(
            _item(page, below, checklist, names) for c in child.children for below in _tasks(c)
        )
        links.extend(link for each in child.walk() if each.state is None for link in each.links)
        labelled = list(_labelled(child))
        if not labelled:
            notes.append(_whole_text(child))
        for label, value in labelled:
            known = label.lower().replace(" ", "_")
            if known in (*TEXT_FIELDS, "engines", "item") and known not in fields:
                fields[known] = value.lower() if known in ("impact", "effort") else value
            else:
                extra.append((label, value))
    return _Below(fields, tuple(extra), tuple(notes), tuple(links), tuple(items))


def _labelled(child: ListItem) -> Iterator[tuple[str, str]]:
    whole = _whole_text(child)
    match = _LABEL.match(whole)
    if not match:
        return
    is_short = match.group(1).lower() in ("impact", "effort", "engines")
    for part in _SHORT_LABELS.split(whole) if is_short else [whole]:
        label = _LABEL.match(part)
        if label:
            yield label.group(1), part[label.end() :].strip()


def _whole_text(item: ListItem) -> str:
    """Return the item's paragraphs and its nested plain items as one line."""
    parts = [item.text, *item.more]
    parts += [_whole_text(child) for child in item.children if child.state is None]
    return _flat(" ".join(part for part in parts if part))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _targets(
    page: Document, links: Iterable[Link]
) -> tuple[tuple[Reference, ...], tuple[str, ...]]:
    references: dict[Reference, None] = {}
    probes: dict[str, None] = {}
    for link in links:
        if link.style == "image" or paths.is_external(link.target):
            continue
        path, anchor = paths.split_anchor(link.target)
        file = paths.resolve(page.path, path)
        if file.startswith(PROBE_FOLDER):
            stem = file.removeprefix(PROBE_FOLDER).rsplit(".", 1)[0]
            probes[stem.replace("_", "-")] = None
        else:
            references[Reference(file, anchor)] = None
    return tuple(references), tuple(probes)
