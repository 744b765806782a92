"""Where checklist items and evidence meet: both come as the JSON their halves publish.

The two halves know each other only by identifiers; this module turns their JSON into the walk's
own records and ties quick wins to the items they stand for.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from ..skill.checklists.model import ADVICE_FIELDS
from .session import Reading, Step
from .session_json import built

#: Pages of measured cases: what a link into them says is the gain to expect.
CASES_FOLDER = "examples/"
#: A code span, which stays as it is, or a link.
_LINK = re.compile(r"`[^`]*`|\[((?:[^\[\]]|\[[^\]]*\])*)\]\(<?([^\s)>]+)>?(?:\s+\"[^\"]*\")?\)")
_EXTERNAL = re.compile(r"(?i)[a-z][a-z0-9+.-]*:")
_BOLD_START = re.compile(r"(\*\*|__)(.+?)\1\s*")


def steps(checklists: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return every item of ``checklists`` in page order, quick wins folded into their target."""
    found = [pair for checklist in checklists for pair in _items(checklist, checklist["items"])]
    targets = _targets({item["id"]: item.get("same_as") for _, item in found})
    aliases: dict[str, list[str]] = {}
    for alias, target in targets.items():
        aliases.setdefault(target, []).append(alias)
    return tuple(
        _step(checklist, item, tuple(aliases.get(item["id"], ())))
        for checklist, item in found
        if item["id"] not in targets
    )


def readings(evidence: Iterable[Mapping[str, Any]]) -> tuple[Reading, ...]:
    """Return ``evidence`` as plain JSON values, in the order of the probes' names."""
    names = Reading.__dataclass_fields__
    plain = json.loads(json.dumps(list(evidence), default=str))
    plain = [{"items": each.get("decides"), **each} for each in plain]
    kept = [{key: value for key, value in each.items() if key in names} for each in plain]
    return tuple(sorted((built(Reading, each) for each in kept), key=lambda r: r.probe))


def _items(
    checklist: Mapping[str, Any], items: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for item in items:
        yield checklist, item
        yield from _items(checklist, item.get("children") or ())


def _targets(same_as: Mapping[str, str | None]) -> dict[str, str]:
    """Return alias → the item it finally refers to; an alias of nothing is itself an item."""
    resolved = {}
    for name in same_as:
        target, seen = name, {name}
        while (further := same_as.get(target)) and further in same_as and further not in seen:
            target = further
            seen.add(further)
        if target != name and same_as.get(target) not in seen:
            resolved[name] = target
    return resolved


def _step(checklist: Mapping[str, Any], item: Mapping[str, Any], aliases: tuple[str, ...]) -> Step:
    file = item.get("file") or checklist["file"]
    links = tuple(
        reference["file"] + (f"#{reference['anchor']}" if reference.get("anchor") else "")
        for reference in item.get("references") or ()
    )
    title = item["title"].rstrip(".")
    return Step(
        id=item["id"],
        title=title,
        text=_without_title(relocated(item["text"], file), title),
        area=checklist["area"],
        checklist=checklist["title"],
        file=file,
        line=item["line"],
        advice={name: relocated(item[name], file) for name in ADVICE_FIELDS if item.get(name)},
        impact=item.get("impact"),
        effort=item.get("effort"),
        engines=tuple(item.get("engines") or ()),
        probes=tuple(item.get("probes") or ()),
        read=tuple(link for link in links if not link.startswith(CASES_FOLDER)),
        cases=tuple(link for link in links if link.startswith(CASES_FOLDER)),
        notes=tuple(relocated(note, file) for note in item.get("notes") or ()),
        aliases=aliases,
    )


def _without_title(text: str, title: str) -> str:
    """Return what the item says beyond its title."""
    bold = _BOLD_START.match(text)
    if bold:
        return text[bold.end() :]
    return "" if text.rstrip(".") == title else text


def relocated(text: str, file: str) -> str:
    """Return a page's Markdown with its links as text, paths relative to the skill root.

    A field leaves its page: a link relative to the page would lead nowhere in a report.
    """

    def replacement(match: re.Match[str]) -> str:
        label, target = match.groups()
        if target is None:
            return match.group()
        if _EXTERNAL.match(target):
            return f"{label} ({target})" if label != target else target
        path, _, anchor = target.partition("#")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
        place += f"#{anchor}" if anchor else ""
        if text[: match.start()].endswith("(") and text[match.end() :].startswith(")"):
            return place if label == PurePosixPath(path).stem else f"{label}: {place}"
        return f"{label} ({place})"

    return _LINK.sub(replacement, text)
