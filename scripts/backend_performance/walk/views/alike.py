"""Group leads that ask the same question about several subjects."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..causes import Cause

#: A name inside a title, as Markdown writes code, and figures, which differ by subject.
_NAME = re.compile(r"`[^`]*`|\d[\d.,]*")


#: Numbered leads of one question; the first of them ranks highest.
Alike = list[tuple[int, Cause]]


def grouped(numbered: Iterable[tuple[int, Cause]]) -> list[Alike]:
    """Return numbered leads by question and by title without its names, in order of rank."""
    found: dict[tuple[str, str], Alike] = {}
    for number, cause in numbered:
        found.setdefault(_asks(cause), []).append((number, cause))
    return list(found.values())


def _asks(cause: Cause) -> tuple[str, str]:
    if cause.number:  # what else one of the places does is in its title
        return cause.theme, str(cause.signals[0].row.get("because"))
    return _NAME.sub("", cause.title), cause.question
