"""A statement's fingerprint: its text without literals, and a hash in place of its parameters.

A tokenizer of our own rather than a parser. A log holds every dialect and statements cut off in
the middle, which parsers refuse; sqlglot's compiled tokenizer is no faster, and needs 18 MB; pglast
knows PostgreSQL only, under the GPL. A test holds the two together: what sqlglot's parser can read,
it sorts into the same groups.
Literals are hashed with the key of Python's hash, which ends with the process, and then forgotten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from ..evidence import sender
from .request import request_in

_Value = TypeVar("_Value")

MAX_STATEMENT = 10_000
#: Of a template so much is kept: an ORM names every column before it comes to the condition.
MAX_TEMPLATE = 3_000
_REMEMBERED = 4_000
#: This many shapes are distinguished; all further ones count as one.
MAX_SHAPES = 10_000
FURTHER = "(further statements)"
#: Some pools ask nothing, or a comment, to see whether a connection lives.
EMPTY = "(empty statement)"

_ESCAPED = r"'(?:[^'\\]|''|\\.)*(?:'|\\?$)"
_PREFIXED = r"(?<=[eE])" + _ESCAPED
_STANDARD = r"(?<![eE])'(?:[^']|'')*(?:'|$)"
_DOLLAR = r"\$(?P<tag>[A-Za-z_]\w*|)\$.*?(?:\$(?P=tag)\$|$)"
_DOUBLE = r'"(?:[^"\\]|""|\\.)*(?:"|\\?$)'
_NAME = r'(?P<name>"(?:[^"]|"")*"|`[^`]*`)'
_WORD = r'(?P<name>"[A-Za-z_][\w.$]*"|`[^`]*`)'
_PLACEHOLDER = r"(?P<place>\$\d+|\?\d*|%s|%\(\w+\)s|(?<![:\w]):\w+|(?<!@)@p\d+|(?<![\w@])@__\w+)"
_NUMBER = r"(?<![\w$.\"`])-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)(?!\w)"
_COMMENT = r"(?P<comment>/\*.*?(?:\*/|$)|--[^\n]*)"
_HASH = r"(?P<hash>\#[^\n]*)"
_PARTS = {
    # Where backslashes do not escape, E'…' still does.
    "postgres": (_COMMENT, _STANDARD, _PREFIXED, _NAME, _DOLLAR, _PLACEHOLDER, _NUMBER),
    "mysql": (_COMMENT, _HASH, _ESCAPED, _DOUBLE, _NAME, _PLACEHOLDER, _NUMBER),
    # Unknown: a double-quoted word may be a name, anything else between quotes is data.
    "any": (_COMMENT, _ESCAPED, _WORD, _DOUBLE, _PLACEHOLDER, _NUMBER),
}
#: No part begins with a letter, which spares trying them all at most characters.
_TOKENS = {
    name: re.compile(rf"(?![A-Za-z_])(?:{'|'.join(parts)})", re.S) for name, parts in _PARTS.items()
}
#: Literals of a text without comments and without names that need a look: one split, no calls.
#: Each alternative looks back at its first character, so that the engine skips to that quickly.
_PLAIN_NUMBER = (
    r"(?<=[\d-])(?<![\w$.\"`].)(?:(?<=0)x[0-9a-fA-F]+"
    r"|(?:(?<=\d)|\d)\d*(?:\.\d*)?(?:[eE][+-]?\d+)?)(?!\w)"
)
_PLAIN_TOKENS = {
    "postgres": re.compile(
        rf"(['$?\-\d](?:(?<=')[^']*(?:''[^']*)*'|(?<=\$)\d+|(?<=\?)|{_PLAIN_NUMBER}))"
    ),
    "mysql": re.compile(
        rf"(['?\-\d](?:(?<=')[^'\\]*(?:(?:''|\\.)[^'\\]*)*'|(?<=\?)|{_PLAIN_NUMBER}))", re.S
    ),
}
#: What in a text without its plain literals shows that they must be read by the whole grammar.
_NOT_PLAIN = re.compile(
    r"#|'|--|/\*|\$[A-Za-z_$]|[eE]\?|%[s(]|(?<![:\w]):[A-Za-z_]|(?<![\w.])@[p_]"
)
#: Quoted names that contain only a word.
_PLAIN_NAMES = {
    "postgres": re.compile(r'[^"]*(?:"[A-Za-z_]\w*"[^"]*)*\Z'),
    "mysql": re.compile(r'[^"`]*(?:`[A-Za-z_]\w*`[^"`]*)*\Z'),
}
_PREFIX = re.compile(r"\b[ebxn]\?")
_LIST = re.compile(r"\?(?: ?, ?\?)+")
_TUPLES = re.compile(r"\( ?\? ?\)(?: ?, ?\( ?\? ?\))+")
_ROWS = re.compile(r"\bvalues ?\([^()]*\)(?: ?, ?\([^()]*\))+")
_SPACES = re.compile(r"\s+")
#: Names that a driver or a session makes up: of cursors, savepoints and prepared statements.
_MADE_UP = re.compile(
    r"^(savepoint|release(?: savepoint)?|rollback (?:work |transaction )?to(?: savepoint)?|close"
    r"|deallocate(?: prepare)?|prepare|declare|(?:fetch|move)\b.{0,40}?\b(?:from|in)) "
    r"(?!all$)(\"[^\"]*\"|`[^`]*`|[\w$?.]+)"
)
_FETCH = re.compile(r'^(fetch|move) (\?|"[^"]*"|\w+)$')
_WRITTEN = re.compile(r"\b(?:insert into|update|delete from)\b")
_READS = ("select", "with", "(", "table ", "values", "execute", "call")
_WRITES = ("insert", "update", "delete", "merge", "replace", "upsert")
#: Statements that hold others together or only keep a connection alive.
_CONTROL = (
    "begin|start|commit|rollback|savepoint|release|set|show|use|abort|deallocate|discard|fetch|"
    "close|declare|explain|prepare|pragma|end|xa|lock|unlock|reset|listen|unlisten|move|"
    "administrator"
)
_CONTROL_WORD = re.compile(rf"(?:{_CONTROL})\b")
_PINGS = {EMPTY, "select ?", "select ? as ?", "select", "select ? from dual", "select version()"}


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What all statements of one kind share; nothing a literal could be read from.

    A tokenizer has one object for each, so that shapes are compared by identity.
    """

    template: str
    kind: str  #: read, write, control or other
    sender: str = ""  #: the tags of the first statement of this shape, as a comment


class Statement(NamedTuple):
    """What is kept of one statement."""

    shape: Shape
    parameters: int | None  #: a hash; ``None`` where placeholders stand for them
    request: str | None = None

    @property
    def template(self) -> str:
        """The statement's text without literals."""
        return self.shape.template


class Tokenizer:
    """Fingerprints of one dialect; remembers shapes that come again."""

    def __init__(self, dialect: str) -> None:
        self._tokens = _TOKENS[dialect]
        self._literals = _PLAIN_TOKENS.get(dialect)
        self._names = _PLAIN_NAMES.get(dialect)
        #: Shapes by the text between the literals; None where the whole grammar must read it.
        self._plain: dict[str, Shape | None] = {}
        #: Shapes by the text that the grammar leaves.
        self._remembered: dict[str, Shape] = {}
        #: Whole texts with placeholders, which come again and again.
        self._prepared: dict[str, Statement] = {}
        self.shapes: dict[str, Shape] = {}

    def read(self, text: str) -> Statement:
        """Return the statement in a text."""
        if (known := self._prepared.get(text)) is not None:
            return known
        text = text[:MAX_STATEMENT]
        found = self._split(text, self._literals) if self._literals is not None else None
        if found is None:
            found = self._read(text)
        if found.parameters is None and len(text) < MAX_TEMPLATE:
            _keep(self._prepared, text, found)
        return found

    def _split(self, text: str, literals: re.Pattern[str]) -> Statement | None:
        """Return the statement if a split at its literals reads it as the grammar would.

        What makes a literal something else (a comment, a name, an escape) begins before it, so
        it stays in the text between the literals, which decides once for all statements alike.
        """
        parts = literals.split(text)
        between = "?".join(parts[::2])
        try:
            shape = self._plain[between]
        except KeyError:
            shape = self._known(_template(between)) if self._is_plain(between) else None
            _keep(self._plain, between, shape)
        if shape is None:
            return None
        values = parts[1::2]
        placeholders = ("$" in text or "?" in text) and any(one[0] in "$?" for one in values)
        return Statement(shape, None if placeholders else hash(tuple(values)))

    def _is_plain(self, between: str) -> bool:
        if _NOT_PLAIN.search(between):
            return False
        quoted = '"' in between or "`" in between
        return not quoted or (self._names is not None and self._names.match(between) is not None)

    def _read(self, text: str) -> Statement:
        literals: list[str] = []
        comments: list[str] = []
        placeholders = False

        def replace(match: re.Match[str]) -> str:
            nonlocal placeholders
            kind = match.lastgroup
            if kind == "name":
                return match[0]
            if kind in ("comment", "hash"):
                comments.append(match[0])
                return " "
            if kind == "place":
                placeholders = True
            else:
                literals.append(match[0])
            return "?"

        plain, said = self._tokens.sub(replace, text), "\n".join(comments)
        shape = self._shape(plain, said)
        request = request_in(said) if said else None
        return Statement(shape, None if placeholders else hash(tuple(literals)), request)

    def _shape(self, text: str, said: str = "") -> Shape:
        found = self._remembered.get(text)
        if found is None:
            found = self._known(_template(text), said)
            _keep(self._remembered, text, found)
        return found

    def _known(self, template: str, said: str = "") -> Shape:
        found = self.shapes.get(template)
        if found is None:
            if len(self.shapes) >= MAX_SHAPES:
                template = f"{FURTHER} {_kind(template)}"
            sent = sender.comment(said) if said else ""
            found = self.shapes.setdefault(template, Shape(template, _kind(template), sent))
        return found


def _keep(known: dict[str, _Value], text: str, value: _Value) -> None:
    """Remember a value; when there are too many, start over."""
    if len(known) >= _REMEMBERED:
        known.clear()
    known[text] = value


def _template(text: str) -> str:
    plain = _SPACES.sub(" ", text).lower().strip(" ;")
    plain = _PREFIX.sub("?", plain)
    plain = _TUPLES.sub("(?)", _LIST.sub("?", plain))
    plain = _ROWS.sub("values (?)", plain)
    plain = _FETCH.sub(r"\1 ?", _MADE_UP.sub(r"\1 ?", plain))
    return plain[:MAX_TEMPLATE] or EMPTY


def _kind(plain: str) -> str:
    if plain.startswith(FURTHER):
        return plain[len(FURTHER) + 1 :]
    if plain in _PINGS or _CONTROL_WORD.match(plain):
        return "control"
    if plain.startswith(_WRITES):
        return "write"
    if plain.startswith(_READS):
        written = plain.startswith("with") and _WRITTEN.search(plain)
        return "write" if written else "read"
    return "other"
