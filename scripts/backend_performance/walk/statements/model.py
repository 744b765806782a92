"""A statement ready to run, with what a careful person wants to know before running it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Row = Mapping[str, Any]
#: A name as PostgreSQL's `regclass` writes it: quoted where it must be, its schema before it.
_PART = r'(?:[a-z_][a-z0-9_$]{0,62}|"(?:[^"\x00-\x1f]|""){1,63}")'
_QUALIFIED = re.compile(rf"{_PART}(?:\.{_PART}){{0,2}}\Z")
_SIMPLE = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f]{1,63}\Z")
#: Words that PostgreSQL reserves: as a column's name they need quotes.
_RESERVED_WORDS = """
all analyse analyze and any array as asc asymmetric authorization binary both case cast check
collate collation column concurrently constraint create cross current_catalog current_date
current_role current_schema current_time current_timestamp current_user default deferrable desc
distinct do else end except false fetch for foreign freeze from full grant group having ilike in
initially inner intersect into is isnull join lateral leading left like limit localtime
localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
references returning right select session_user similar some symmetric system_user table
tablesample then to trailing true union unique user using variadic verbose when where window
with
"""
_RESERVED = frozenset(_RESERVED_WORDS.split())


@dataclass(frozen=True)
class Statement:
    """``text`` runs as it is; ``note`` names the lock it takes and the risk, on one line."""

    text: str
    note: str
    language: str = "sql"  # sql | redis-cli

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    def commented(self) -> str:
        """Return the statement below its note as a comment of its language."""
        mark = "--" if self.language == "sql" else "#"
        return f"{mark} {self.note}\n{self.text}"


def qualified(name: Any) -> str | None:
    """Return a name that the server itself has quoted, ``None`` for anything else.

    Names that redaction has withheld, cut or replaced by a number never reach a statement.
    """
    return name if isinstance(name, str) and _QUALIFIED.match(name) else None


def column(name: Any) -> str | None:
    """Return a column's raw name as an identifier of PostgreSQL, quoted where it must be."""
    if not isinstance(name, str) or not _PRINTABLE.match(name) or "(name withheld)" in name:
        return None
    if _SIMPLE.match(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def columns(names: Any) -> str | None:
    """Return raw column names as a list for an index, ``None`` if one of them is not usable."""
    if not isinstance(names, (list, tuple)) or not names:
        return None
    found = [column(name) for name in names]
    return ", ".join(name for name in found if name) if all(found) else None


def backticked(name: Any) -> str | None:
    """Return a raw name as an identifier of MySQL and MariaDB."""
    if not isinstance(name, str) or not _PRINTABLE.match(name) or "(name withheld)" in name:
        return None
    return "`" + name.replace("`", "``") + "`"
