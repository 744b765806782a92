"""A statement in a string of code: its text without literals, its table, its fingerprint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

from ...evidence import fingerprint

_QUOTED = re.compile(r"^[\w$@]{0,2}(\"\"\"|'''|[\"'`])")
_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.S)
_PLACE = re.compile(
    r"\$\{[^}]*\}|#\{[^}]*\}|\{[\w.\[\]\"'!]*\}|%\(\w+\)s|%[sd]|\$\d+|@\w+|(?<![:\w]):\w+|\?"
)
_LITERAL = re.compile(r"'(?:[^'%]|'')*'|(?<![\w.])\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s+")
_LIST = re.compile(r"\( ?\?(?: ?, ?\?)* ?\)")
_TABLE = re.compile(r"\b(?:from|into|update|join)\s+(?:only\s+)?[\"`\[]?([\w.]+)")


@dataclass(frozen=True)
class Statement:
    """One statement: nothing a literal could be read from."""

    template: str
    table: str
    fingerprint: str


def statement(source: str) -> Statement | None:
    """Return the statement in a string literal of code, with its quotes."""
    inner = body(source)
    text = _PLACE.sub("?", _COMMENT.sub(" ", inner))
    text = _SPACE.sub(" ", _LITERAL.sub("?", text)).strip().rstrip(";").lower()
    text = _LIST.sub("(?)", text)
    if len(text) < 12 or (text.startswith("update ") and " set " not in text):
        return None
    table = _TABLE.search(text)
    name = fingerprint.statement(inner)
    digest = blake2b(name.encode(), digest_size=8).hexdigest()
    return Statement(text, table[1] if table else "", digest)


def body(source: str) -> str:
    """Return the text between the quotes of a string literal."""
    opening = _QUOTED.match(source)
    inner = source[opening.end() :].removesuffix(opening[1]) if opening else source
    return inner.replace("\\n", " ")
