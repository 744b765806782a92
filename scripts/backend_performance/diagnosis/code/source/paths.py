"""The path of an expression: its text without arguments, spaces and the marks of one language."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_SOURCE = 400
MAX_PATH = 120
#: The first few elements of something.
FIRST = re.compile(r"\[:\d\]$")
_ARROWS = re.compile(r"\?\.|!\.|->|::|&\.|\?->")
#: What is no part of a path; also the namespaces of PHP, as in ``App\\Models\\Order``.
_NOISE = re.compile(r"\\?\s+|\bawait\b\s*|\bnew\s+|\\?\b(?:[A-Za-z_]\w*\\)+|\\(?=[A-Z])")
_OPENING, _CLOSING = "([{", ")]}"
_QUOTES = "\"'`"
#: A quote or a bracket, or all text up to the next one.
_PART = re.compile(r"""["'`()\[\]{}]|[^"'`()\[\]{}]+""")


@lru_cache(maxsize=20_000)
def path(text: str) -> str:
    """Return e.g. ``Order.objects.filter().first`` for an expression over several lines."""
    text = _unwrapped(text.strip())
    first = FIRST.search(text)
    text = text[-MAX_SOURCE:] if len(text) > MAX_SOURCE else text
    if "(" in text or "[" in text or "{" in text or "'" in text or '"' in text:
        text = _without_arguments(text)
    text = _ARROWS.sub(".", _NOISE.sub("", text))
    text = text[:-2] + first[0] if first and text.endswith("[]") else text
    return text[-MAX_PATH:]


def _unwrapped(text: str) -> str:
    """Remove brackets that only group an expression: all of it, or ``(await f()).g``."""
    if not text.startswith("("):
        return text
    depth = at = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth == 0:
            break
        at += 1
    inner, after = text[1:at].strip(), text[at + 1 :].lstrip()
    if depth or (after and not (inner.startswith("await ") and after[0] in ".?")):
        return text
    return inner + after if inner and not _is_tuple(inner) else text


def _is_tuple(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char in _OPENING) - (char in _CLOSING)
        if char == "," and depth == 0:
            return True
    return False


def _without_arguments(text: str) -> str:
    """Drop the text inside brackets: ``f(a[1]).g`` gives ``f().g``."""
    kept: list[str] = []
    depth, quote = 0, ""
    for part in _PART.findall(text):
        if quote:
            quote = "" if part == quote else quote
        elif part in _QUOTES:
            quote = part
            if depth == 0:
                kept.append("''")
        elif part in _OPENING:
            if depth == 0:
                kept.append(part)
            depth += 1
        elif part in _CLOSING:
            depth -= 1
            if depth <= 0:
                # More closed than opened: the text was cut off in front.
                kept = kept if depth == 0 else []
                depth = 0
                kept.append(part)
        elif depth == 0:
            kept.append(part)
    return "".join(kept)


@lru_cache(maxsize=4096)  # asked for each pair of calls of a function
def root(dotted: str) -> str:
    """Return the first name of a path."""
    return re.split(r"[.(\[]", dotted, maxsplit=1)[0]


def last(dotted: str) -> str:
    """Return the last name of a path, without brackets."""
    return dotted.rstrip("()[]{}").rpartition(".")[2]


def row_of(name: str) -> str:
    """Return the class after which many rows are named: ``OrderItem`` of ``order_items``."""
    return "".join(word[:1].upper() + word[1:] for word in name.removesuffix("s").split("_"))
