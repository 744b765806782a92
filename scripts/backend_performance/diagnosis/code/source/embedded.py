"""Ruby inside a template, at the lines where it stands."""

from __future__ import annotations

import re

_TAG = re.compile(rb"<%(?!%)([-=#]*)(.*?)-?%>", re.S)
_NOT_NEWLINE = re.compile(rb"[^\n]")


def ruby(source: bytes) -> bytes:
    """Return the code in ERB tags; everything else becomes spaces, so that places stay."""
    kept, end = [], 0
    for tag in _TAG.finditer(source):
        kept.append(_blank(source[end : tag.start(2)]))
        code = _blank(tag[2]) if b"#" in tag[1] else tag[2]
        closing = source[tag.end(2) : tag.end()]
        kept.append(code + b";" + b" " * (len(closing) - 1))
        end = tag.end()
    kept.append(_blank(source[end:]))
    return b"".join(kept)


def _blank(text: bytes) -> bytes:
    return _NOT_NEWLINE.sub(b" ", text)
