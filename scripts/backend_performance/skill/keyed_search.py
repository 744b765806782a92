"""Patterns that are asked only where a literal key of theirs stands: most texts hold none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence


def matches(
    pattern: re.Pattern[str], keys: Sequence[str], text: str, lowered: bytes, ahead: int = 0
) -> Iterator[re.Match[str]]:
    """Yield the matches of ``pattern``, which ignores letter case, key by key.

    Args:
        keys: In lower case; one of them stands ``ahead`` characters behind the start of each match.
        lowered: ``text`` in UTF-8 with its ASCII letters in lower case.
    """
    found = [key for key in keys if key.encode() in lowered]
    if not found:
        return
    low = text.lower()
    if len(low) != len(text):  # a few letters become two
        yield from pattern.finditer(text)
        return
    for key in found:
        at = low.find(key)
        while at >= 0:
            match = pattern.match(text, at - ahead) if at >= ahead else None
            if match:
                yield match
            at = low.find(key, at + len(key))
