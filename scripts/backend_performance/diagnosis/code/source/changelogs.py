"""Changelogs of Liquibase in XML and YAML: their changes as the statements that they stand for."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from itertools import islice

from ..facts import File, Function, Text
from .grammar import table
from .plain import KEPT

LANGUAGE = "changelog"
_NAMED = re.compile(r"(?i)(?:changelog|liquibase).*\.(?:xml|ya?ml)$")
_PAIR = re.compile(r"(?<!\w)(\w++)\s*+[=:]\s*[\"']?(\w[^\"'\n<>]*)")
_SET = re.compile(r"<changeSet\b|-\s+changeSet\s*:")
_NEWEST, _MOST, _LONGEST = 3, 2000, 4000


def is_changelog(path: str) -> bool:
    """Whether a path is that of a changelog."""
    return bool(_NAMED.search(path))


@cache
def _changes() -> tuple[dict[str, str], re.Pattern[str]]:
    """The statement of each kind of change, and where a change begins."""
    changes = table("changelogs")
    return changes, re.compile(rf"(<|-\s+)({'|'.join(changes)})\b")


def changelog(relative: str, source: bytes, language: str) -> File:
    """Return one statement for each change. Those of older change sets have run: they are kept."""
    text = source.decode("utf-8", "replace")
    top = Function("", "", 1, text.count("\n") + 1)
    sets = [found.start() for found in _SET.finditer(text)]
    newest = sets[-_NEWEST] if len(sets) > _NEWEST else 0
    statements, begins = _changes()
    line, last = 1, 0
    for one in islice(begins.finditer(text), _MOST):
        line += text.count("\n", last, one.start())
        last = one.start()
        body = _SET.split(begins.split(text[one.end() : one.end() + _LONGEST])[0])[0]
        if one[1] == "<":
            head = body.partition(">")[0]
            body = head if head.endswith("/") else body.partition(f"</{one[2]}")[0]
        given: dict[str, str] = defaultdict(str)
        given |= dict(reversed(_PAIR.findall(body))) | {"inside": body.partition(">")[2].strip()}
        if given["nullable"] == "false" and not any(
            name.startswith(("default", "value")) for name in given
        ):
            given["required"] = "not null"
        accepted = "" if one.start() >= newest else f"-- {KEPT}\n"
        top.statements.append(Text(accepted + statements[one[2]].format_map(given), line))
    return File(relative, "sql", top.end_line if top.statements else 0, "", [top], [], [])
