"""Words that tell what a name in code means, from ``probes/code/languages/words.yaml``."""

from __future__ import annotations

import re
from functools import cache

from .source.grammar import table


@cache
def _words() -> dict[str, str | list[str]]:
    words: dict[str, str | list[str]] = table("words")
    return words


def pattern(name: str) -> re.Pattern[str]:
    """Return the regular expression of that name; the parts of a list are joined."""
    text = _words()[name]
    return re.compile(text if isinstance(text, str) else "".join(text))


def names(name: str) -> frozenset[str]:
    """Return the names of a list of that name."""
    return frozenset(str(_words()[name]).split())
