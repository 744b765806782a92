"""Ruby inside a template, at the lines where it stands."""

from __future__ import annotations

import re

_TAG = re.compile(rb"<%(?!%)([-=#]*)(.*?)-?%>", re.S)
_NOT_NEWLINE = re.compile(rb"[^\n]")


def ruby(source: bytes) -> bytes:
    """Return the code in ERB tags; everything else becomes spaces, so that places stay."""
    kept, end = [], 0
    last = source.rfind(b"%>") + 2  # behind it no tag has an end
    for tag in _TAG.finditer(source, 0, last):
        kept.append(_blank(source[end : tag.start(2)]))
        code = _blank(tag[2]) if b"#" in tag[1] else tag[2]
        closing = source[tag.end(2) : tag.end()]
        kept.append(code + b";" + b" " * (len(closing) - 1))
        end = tag.end()
    kept.append(_blank(source[end:]))
    return b"".join(kept)


#: A line of Haml or Slim that is code, alone or after the name of an element.
_CODE = re.compile(rb"(?:[\w.#%:-]+(?:\{[^}]*\}|\([^)]*\)|\[[^\]]*\])*)?\s*[-=!&]=?[<>]?\s+(.*)")
_INTERPOLATED = re.compile(rb"#\{([^}]*)\}")
_BEGINS = re.compile(rb"(if|unless|case|while|for|begin)\b|.*\bdo(\s*\|[^|]*\|)?\s*$")
_GOES_ON = re.compile(rb"(else|elsif|when|rescue|ensure)\b")


def indented(source: bytes) -> bytes:
    """Return the code in a template of Haml or Slim, whose blocks end where the indent does."""
    kept: list[bytes] = []
    open_at: list[int] = []
    for line in source.split(b"\n"):
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        found = _CODE.match(text)
        code = (
            found[1] if found else b";".join(_INTERPOLATED.findall(text, 0, text.rfind(b"}") + 1))
        )
        ends = 0
        while text and open_at and open_at[-1] >= indent:
            if open_at[-1] == indent and _GOES_ON.match(code):
                break
            open_at.pop()
            ends += 1
        if found and _BEGINS.match(code):
            open_at.append(indent)
        kept.append(b"end;" * ends + code)
    return b"\n".join(kept) + b";end" * len(open_at)


#: How the code in a template is found, by the extension of its file.
CODE_IN = {".erb": ruby, ".haml": indented, ".slim": indented}


def _blank(text: bytes) -> bytes:
    return _NOT_NEWLINE.sub(b" ", text)
