"""Links of blocks that hold nothing else to be read: no code, HTML, images or escapes."""

from __future__ import annotations

import re

from .raw_html import Found

#: A link whose text is as a reader sees it, and whose target needs neither decoding nor encoding.
_LINK = re.compile(r"\[([^\[\]`<\\*_&~!\n]*)\]\(([a-zA-Z0-9_./#:?=+,@-]+)\)")
_OTHERS = ("`", "<", "\\", "![")


def simple(content: str) -> tuple[list[Found], list[tuple[int, int]]] | None:
    """Return the links of a block and where each starts and ends.

    ``None`` when a bracket of the block is not that of such a link, or may not be.
    """
    if any(other in content for other in _OTHERS):
        return None
    matches = list(_LINK.finditer(content))
    if len(matches) < content.count("["):
        return None
    found = [Found("link", match[2], match.start(), match[1]) for match in matches]
    return found, [match.span() for match in matches]
