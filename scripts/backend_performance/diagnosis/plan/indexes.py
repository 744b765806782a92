"""The index that a condition and an order ask for, where their text determines it.

PostgreSQL prints conditions with all parentheses and casts; MySQL quotes every name. Only
comparisons of a plain column that are joined by AND count; anything else is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .tree import Node

_PLAIN = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_COLUMN = r"(?P<column>(?:[`\"\w]+\.){0,2}[`\"]?[A-Za-z_]\w*[`\"]?)"
#: A cast of text to text changes nothing that an index is built on.
_TEXT_CAST = re.compile(r"\((?P<name>[\w.\"]+)\)::(?:text|character varying|bpchar)(?!\w)")
_EQUAL = re.compile(
    rf"{_COLUMN}\s*(?:=\s*(?!.*\bALL\b)|<=>|\bIS NULL\b|\bin\s*\()(?P<value>.*)", re.S | re.I
)
_RANGE = re.compile(
    rf"{_COLUMN}\s*(?:<=|>=|<(?!>)|>|\bbetween\b|\bIS NOT NULL\b|\blike\s+(?='[^%_]))"
    r"(?P<value>.*)",
    re.S | re.I,
)
_FLIPPED = re.compile(rf"(?P<value>[^<>=!]+?)\s*(?P<op>=|<=|>=|<|>)\s*{_COLUMN}")
_WRAPPED = re.compile(
    r"\(\(?(?P<column>[\w.\"`]+)\)?::(?!text|character varying|bpchar)(?P<cast>[a-z ]+)\b"
    r"|\b(?P<function>lower|upper|date|date_trunc|date_part|to_char|cast|coalesce|trim|year|month"
    r"|substring|extract)\s*\((?P<argument>[^()]*\b[A-Za-z_][\w.`\"]*)",
    re.I,
)
_SORT = re.compile(rf"{_COLUMN}(?P<down> DESC)?(?: NULLS \w+)?", re.I)
_NAMES = re.compile(r"[A-Za-z_`][\w`.]*")
_WORDS = re.compile(
    r"and|or|not|null|any|array|true|false|select|subplan|initplan|hashed|col1|interval|date|cache"
    r"|current_date|current_timestamp|localtimestamp|timestamp|const|day|hour",
    re.I,
)
_IS_NULL = re.compile(r"\bIS NULL$", re.I)
_MAX = 4


@dataclass(frozen=True)
class Wanted:
    """Columns compared for equality, then one with a range; in the order of the text."""

    equal: tuple[str, ...]
    range: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.equal, *self.range[:1])))[:_MAX]


def wanted(condition: str, names: Iterable[str]) -> Wanted:
    """Return the columns of the table of these names that an index could answer."""
    equal: list[str] = []
    nulls: list[str] = []
    ranged: list[str] = []
    own = {name.lower() for name in names if name}
    for term in _terms(_TEXT_CAST.sub(r"\g<name>", condition[:4000])):
        for form, found in ((_EQUAL, equal), (_RANGE, ranged)):
            match = form.fullmatch(term)
            column = _plain(match["column"], own) if match else ""
            if match and column and _is_value(match["value"], own):
                (nulls if _IS_NULL.search(term) else found).append(column)
                break
        else:
            flipped = _FLIPPED.fullmatch(term)
            column = _plain(flipped["column"], own) if flipped else ""
            if flipped and column and _is_value(flipped["value"], own):
                (equal if flipped["op"] == "=" else ranged).append(column)
    return Wanted(tuple(dict.fromkeys((*equal, *nulls))), tuple(dict.fromkeys(ranged)))


def wrapped(condition: str) -> str:
    """Return what the condition does to a column so that a plain index cannot answer it."""
    match = _WRAPPED.search(condition[:4000])
    if match is None:
        return ""
    if match["cast"]:
        return f"a cast to {match['cast'].strip()}"
    return f"{match['function'].lower()}()"


def doubt(condition: str) -> str:
    """Return what to look at where a column is cast to text, which some types need not be."""
    if not _TEXT_CAST.search(condition[:4000]):
        return ""
    return (
        " (it casts a column to text: unless the column is text already, an index needs the cast)"
    )


def sort_columns(engine: str, sort_key: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of a sort key with their direction, or none if one is no column."""
    # MySQL names the table of a column, and nothing of an expression with a name.
    if engine == "mysql" and "." not in sort_key:
        return ()
    own = {name.lower() for name in names if name}
    found = []
    for part in sort_key.split(","):
        match = _SORT.fullmatch(part.strip())
        column = _plain(match["column"], own) if match else ""
        if not match or not column:
            return ()
        found.append(column + (" DESC" if match["down"] else ""))
    return tuple(found)


def statement(engine: str, node: Node, relation: str, columns: Sequence[str]) -> str:
    """Return the statement that creates an index, or "" where a name is not plain."""
    bare = [column.removesuffix(" DESC") for column in columns]
    if not columns or not all(map(_PLAIN.fullmatch, (*bare, relation))):
        return ""
    if engine == "mysql":
        return f"ALTER TABLE {relation} ADD INDEX ({', '.join(columns)});"
    schema = f"{node.schema}." if _PLAIN.fullmatch(node.schema) else ""
    return f"CREATE INDEX CONCURRENTLY ON {schema}{relation} ({', '.join(columns)});"


def _terms(condition: str) -> Iterable[str]:
    """The parts joined by AND at the top; none where OR joins them."""
    text = _bare(condition)
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"[()]|'(?:[^']|'')*'|\b(?:and|or)\b", text, re.I):
        word = match[0].lower()
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and word == "or":
            return []
        if depth == 0 and word == "and":
            parts.append(text[start : match.start()])
            start = match.end()
    parts.append(text[start:])
    if len(parts) == 1:
        return [_bare(parts[0])]
    return [term for part in parts for term in _terms(part)]


def _bare(text: str) -> str:
    """Without the parentheses around the whole."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for place, mark in enumerate(text):
            depth += (mark == "(") - (mark == ")")
            if depth == 0 and place < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text


def _is_value(text: str, own: set[str]) -> bool:
    """Whether a side of a comparison holds no column of the same table."""
    text = re.sub(r"'(?:[^']|'')*'|::[\w ]+|\b\w+\(", " ", text)
    for name in _NAMES.findall(text):
        owner, _, column = name.replace("`", "").rpartition(".")
        if not _WORDS.fullmatch(column) and (not owner or owner.lower() in own):
            return False
    return True


def _plain(column: str, own: set[str]) -> str:
    *owner, name = column.replace("`", "").replace('"', "").lower().split(".")
    if owner and own and owner[-1] not in own:
        return ""
    return name if _PLAIN.fullmatch(name) and name not in ("true", "false", "null") else ""
