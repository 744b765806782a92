"""A statement's fingerprint: its text without literals, and a hash in place of its parameters.

A tokenizer of our own rather than a parser. A log holds every dialect and statements cut off in
the middle, which parsers refuse; sqlglot's compiled tokenizer is no faster, and needs 18 MB; pglast
knows PostgreSQL only, under the GPL. A test holds the two together: what sqlglot's parser can read,
it sorts into the same groups.
Literals are hashed with a key that ends with the process and then forgotten.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import blake2b

MAX_STATEMENT = 10_000
#: Texts up to this length are remembered; prepared statements come again literally.
_MAX_REMEMBERED, _REMEMBERED = 1_000, 4_000
_KEY = os.urandom(16)

_ESCAPED = r"'(?:[^'\\]|''|\\.)*(?:'|\\?$)"
_PREFIXED = r"(?<=[eE])" + _ESCAPED
_STANDARD = r"(?<![eE])'(?:[^']|'')*(?:'|$)"
_DOLLAR = r"\$(?P<tag>[A-Za-z_]\w*|)\$.*?(?:\$(?P=tag)\$|$)"
_DOUBLE = r'"(?:[^"\\]|""|\\.)*(?:"|\\?$)'
_PLACEHOLDER = r"(?P<place>\$\d+|\?|%s|%\(\w+\)s|(?<![:\w]):\w+|@p\d+)"
_NUMBER = r"(?<![\w$.\"`])-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)(?!\w)"
_COMMENT = r"(?P<comment>/\*.*?(?:\*/|$)|--[^\n]*)"
_SPACE = r"(?P<space>\s{2,}|[^\S ])"
_PARTS = {
    # Where backslashes do not escape, E'…' still does.
    "postgres": (_COMMENT, _SPACE, _STANDARD, _PREFIXED, _DOLLAR, _PLACEHOLDER, _NUMBER),
    "mysql": (_COMMENT, _SPACE, r"(?P<hash>\#[^\n]*)", _ESCAPED, _DOUBLE, _PLACEHOLDER, _NUMBER),
    # Unknown: a double-quoted word may be a name, anything else between quotes is data.
    "any": (
        _COMMENT,
        _SPACE,
        _ESCAPED,
        r'(?!"[A-Za-z_][\w.$]*")' + _DOUBLE,
        _PLACEHOLDER,
        _NUMBER,
    ),
}
#: No part begins with a letter, which spares trying them all at most characters.
_TOKENS = {
    name: re.compile(rf"(?![A-Za-z_])(?:{'|'.join(parts)})", re.S) for name, parts in _PARTS.items()
}
_PREFIX = re.compile(r"\b[ebxn]\?")
_LIST = re.compile(r"\?(?: ?, ?\?)+")
_TUPLES = re.compile(r"\( ?\? ?\)(?: ?, ?\( ?\? ?\))+")
_SPACES = re.compile(r" {2,}")
_REQUEST = re.compile(
    r"traceparent\s*[=:]\s*'?00-(?P<trace>[0-9a-f]{32})"
    r"|\b(?:request|trace|correlation)[-_]?id\s*[=:]\s*'?(?P<id>[\w.:-]{6,64})",
    re.I,
)
_WRITTEN = re.compile(r"\b(?:insert into|update|delete from)\b")
_READS = ("select", "with", "(", "table", "values")
_WRITES = ("insert", "update", "delete", "merge", "replace", "upsert")
_UNREMARKABLE = (
    "begin",
    "start",
    "commit",
    "rollback",
    "savepoint",
    "release",
    "set",
    "show",
    "use",
    "abort",
    "deallocate",
    "discard",
    "fetch",
    "close",
    "declare",
    "explain",
    "prepare",
    "pragma",
    "end",
)


@dataclass(frozen=True)
class Statement:
    """What is kept of a statement: nothing a literal could be read from."""

    template: str
    kind: str  #: read, write, control or other
    parameters: bytes
    placeholders: bool
    request: str | None


class Tokenizer:
    """Fingerprints of one dialect; remembers texts that come again."""

    def __init__(self, dialect: str) -> None:
        self._tokens = _TOKENS[dialect]
        self._remembered: dict[str, Statement] = {}

    def read(self, text: str) -> Statement:
        """Return the statement in a text."""
        found = self._remembered.get(text)
        if found is None:
            found = self._read(text[:MAX_STATEMENT])
            if len(text) <= _MAX_REMEMBERED:
                if len(self._remembered) >= _REMEMBERED:
                    self._remembered.clear()
                self._remembered[text] = found
        return found

    def _read(self, text: str) -> Statement:
        literals: list[str] = []
        comments: list[str] = []
        placeholders = False

        def replace(match: re.Match[str]) -> str:
            nonlocal placeholders
            kind = match.lastgroup
            if kind == "comment" or kind == "space" or kind == "hash":
                if kind != "space":
                    comments.append(match[0])
                return " "
            if kind == "place":
                placeholders = True
            else:
                literals.append(match[0])
            return "?"

        plain = self._tokens.sub(replace, text).lower().strip(" ;")
        plain = _PREFIX.sub("?", _SPACES.sub(" ", plain))
        plain = _TUPLES.sub("(?)", _LIST.sub("?", plain))
        return Statement(
            template=plain,
            kind=_kind(plain),
            parameters=digest("\0".join(literals)),
            placeholders=placeholders,
            request=request_in(" ".join(comments)) if comments else None,
        )


def _kind(plain: str) -> str:
    if plain.startswith(_WRITES):
        return "write"
    if plain.startswith(_READS):
        if plain.startswith("with") and _WRITTEN.search(plain):
            return "write"
        return "read" if " from " in plain else "control"
    return "control" if plain.startswith(_UNREMARKABLE) or not plain else "other"


def request_in(text: str) -> str | None:
    """Return the identifier of the request that a comment or a log line names."""
    match = _REQUEST.search(text)
    return (match["trace"] or match["id"]) if match else None


def digest(text: str) -> bytes:
    """Return what stands for a text where only sameness counts."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=_KEY).digest()
