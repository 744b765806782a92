"""Files that no grammar is needed for: statements in .sql files, models in .prisma files."""

from __future__ import annotations

import re

from ..facts import File, Function, Text

#: Their languages by extension.
PLAIN = {"sql": "sql", "prisma": "prisma"}
_COMMENT = re.compile(r"\s*(--[^\n]*\n|/\*.*?\*/)|\s+", re.S)
_STATEMENT = re.compile(r"(?:'(?:[^']|'')*'|\$\$.*?\$\$|--[^\n]*|[^;'])+", re.S)
_MODEL = re.compile(r"^model\s+\w+\s*\{(?:(?!^model\s).)*?^\}", re.M | re.S)
#: The way back, in a file of goose, sql-migrate or dbmate.
_DOWN = re.compile(r"(?im)^--[ ]*(?:\+goose|\+migrate|migrate:)[ ]*down\b")
KEPT = "squawk-ignore"  # a comment that accepts the statement behind it
_MAX = 2000


def plain(relative: str, source: bytes, language: str) -> File:
    """Return the facts of such a file: one text for each statement or model."""
    text = source.decode("utf-8", "replace")
    top = Function("", "", 1, text.count("\n") + 1)
    if language == "sql" and (down := _DOWN.search(text)):
        text = text[: down.start()]
    parts = _MODEL if language == "prisma" else _STATEMENT
    line, end = 1, 0
    for found in parts.finditer(text):
        begin = found.start()
        while language == "sql" and (gap := _COMMENT.match(text, begin, found.end())):
            if KEPT in gap[0]:
                break
            begin = gap.end()
        line += text.count("\n", end, begin)
        end = begin
        body = text[begin : found.end()]
        if body.strip() and len(top.statements) < _MAX:
            top.statements.append(Text(body[:8000], line))
    return File(relative, language, top.end_line, "", [top], [], [])
