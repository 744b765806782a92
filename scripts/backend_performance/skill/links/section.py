"""One section of a page, found by ``PAGE#ANCHOR``: an answer costs its section, not its page."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from ...refusal import Refusal
from ..markdown.anchors import loose
from ..markdown.document import Document, Heading
from ..package import Skill
from .paths import base_name

#: A section up to this many characters, about 1,000 tokens, is printed with its sub-sections. Of a
#: longer one the text above its first sub-heading is printed, and the places of its sub-sections.
MAX_WHOLE = 4_000


@dataclass(frozen=True)
class Section:
    """``below``: the sub-sections that are not in ``text``, as ``PAGE#ANCHOR``."""

    place: str
    title: str
    line: int
    text: str
    below: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the section for JSON."""
        return {
            "section": self.place,
            "title": self.title,
            "line": self.line,
            "text": self.text,
            "below": list(self.below),
        }


def find(skill: Skill, wanted: str) -> Section:
    """Return the section of ``PAGE#ANCHOR``, or the beginning of ``PAGE``.

    ``PAGE`` is a path below the skill's root, or a file name, with or without ``.md``.

    Raises:
        Refusal: there is no such page or anchor; the message has the nearest ones.
    """
    name, _, anchor = wanted.partition("#")
    page = skill.documents[_page(skill, name)]
    if not page.headings:
        raise Refusal(f"{page.path} has no heading, so it has no sections: read the file")
    index = _heading(page, anchor) if anchor else 0
    return _section(page, index)


def _page(skill: Skill, name: str) -> str:
    matches = [n for n in skill.documents if n in (name, f"{name}.md")]
    matches = matches or [n for n in skill.documents if base_name(n) in (name, f"{name}.md")]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise Refusal(f"{name} may be {' or '.join(matches)}: write the path")
    short = {base_name(n).removesuffix(".md"): n for n in skill.documents}
    stem = base_name(name).removesuffix(".md")
    near = [short[n] for n in difflib.get_close_matches(stem, short, 3, 0.5)]
    hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(skill.documents)}"
    raise Refusal(f"there is no page {name!r} in this skill; {hint}")


def _heading(page: Document, anchor: str) -> int:
    wanted = loose(anchor)
    for index, heading in enumerate(page.headings):
        if loose(heading.anchor) == wanted:
            return index
    anchors = [heading.anchor for heading in page.headings]
    near = difflib.get_close_matches(wanted, anchors, 3, 0.4) or anchors
    places = ", ".join(f"{page.path}#{each}" for each in near)
    raise Refusal(f"{page.path} has no section {anchor!r}; the nearest: {places}")


def _section(page: Document, index: int) -> Section:
    heading = page.headings[index]
    following = page.headings[index + 1 :]
    after = next((n for n, h in enumerate(following) if h.level <= heading.level), len(following))
    below = following[:after]
    whole = _text(page, heading, following[after].line if after < len(following) else None)
    if below and len(whole) > MAX_WHOLE:
        level = min(each.level for each in below)
        places = tuple(f"{page.path}#{each.anchor}" for each in below if each.level == level)
        own = _text(page, heading, below[0].line)
        return Section(f"{page.path}#{heading.anchor}", heading.text, heading.line, own, places)
    return Section(f"{page.path}#{heading.anchor}", heading.text, heading.line, whole)


def _text(page: Document, heading: Heading, end: int | None) -> str:
    lines = page.lines[heading.line - 1 : None if end is None else end - 1]
    return "\n".join(line.rstrip("\r\n") for line in lines).strip() + "\n"
