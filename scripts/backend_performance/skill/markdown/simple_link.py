"""Links of blocks that hold nothing else to be read but short code: no HTML, images or escapes."""

from __future__ import annotations

import re

from . import code_span
from .html import Found

#: A link whose text is as a reader sees it, and whose target needs neither decoding nor encoding.
_LINK = re.compile(r"\[([^\[\]`<\\*_&~!\n]*)\]\(([a-zA-Z0-9_./#:?=+,@-]+)\)")
_OTHERS = ("``", "<", "\\", "![")
_CODE = re.compile(r"`[^`]+`")
#: Stands for each character of code, in which no mark counts. No page holds it: a parser shows
#: another character instead.
_HIDDEN = "\x00"


def simple(content: str) -> tuple[list[Found], list[tuple[int, int]]] | None:
    """Return the links and code spans of a block, and where each starts and ends, in any order.

    ``None`` when a bracket of the block is not that of such a link, or may not be.
    """
    if any(other in content for other in _OTHERS):
        return None
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    seen = content
    if "`" in content:

        def hidden(code: re.Match[str]) -> str:
            found.append(Found("code", code_span.text_of(code[0]), code.start()))
            taken.append(code.span())
            return _HIDDEN * len(code[0])

        seen = _CODE.sub(hidden, content)
    matches = list(_LINK.finditer(seen))
    if len(matches) < seen.count("["):
        return None
    for match in matches:
        text = match[1]
        if _HIDDEN in text:
            start, end = match.span(1)
            text = _CODE.sub(lambda code: code_span.text_of(code[0]), content[start:end])
        found.append(Found("link", match[2], match.start(), text))
    return found, taken + [match.span() for match in matches]
