"""The anchors that GitHub gives to headings.

The rule is that of GitHub's table-of-contents filter: lower case, drop everything that is not a
word character, a hyphen or a space, turn spaces into hyphens, number repetitions ``-1``, ``-2``.
"Word" is Unicode's: letters, marks, decimal digits, letter numbers, connector punctuation and
the circled letters (which are alphabetic without being letters).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})
_CIRCLED_LETTERS = (
    range(0x24B6, 0x24EA),
    range(0x1F130, 0x1F14A),
    range(0x1F150, 0x1F16A),
    range(0x1F170, 0x1F18A),
)
_DROPPED = re.compile(r"[^a-z0-9_ -]+")
#: What is left of a number, an emoji or a sign before the words: `25-`, `1---`, `-`.
_BEFORE_WORDS = re.compile(r"\A(?:\d*-)+")


@lru_cache(maxsize=4096)
def _is_kept(character: str) -> bool:
    if character in "- ":
        return True
    if unicodedata.category(character) in _WORD_CATEGORIES:
        return True
    return any(ord(character) in letters for letters in _CIRCLED_LETTERS)


def slug(text: str) -> str:
    """Return the anchor of a heading whose rendered text is ``text``, before numbering."""
    return _slug(text.strip())


def _slug(text: str) -> str:
    lowered = text.lower()
    if lowered.replace(" ", "").isalnum() and lowered.isascii():
        kept = lowered
    elif lowered.isascii():
        kept = _DROPPED.sub("", lowered)
    else:
        kept = "".join(filter(_is_kept, lowered))
    return kept.replace(" ", "-")


def loose(anchor: str) -> str:
    """Return an anchor for a lenient comparison: without case and emoji selectors."""
    return anchor.lower().replace("\ufe0f", "")


def words(anchor: str) -> str:
    """Return the words of an anchor: without a number or sign before them, and single hyphens."""
    return re.sub(r"-{2,}", "-", _BEFORE_WORDS.sub("", anchor))


class Slugger:
    """Numbers repeated anchors within one page, in reading order."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def unique(self, text: str) -> str:
        """Return the anchor of the next heading of the page."""
        # An image at the start of a heading leaves the space behind it.
        base = _slug(text)
        candidate = base
        while candidate in self._seen:
            self._seen[base] += 1
            candidate = f"{base}-{self._seen[base]}"
        self._seen[candidate] = 0
        return candidate
