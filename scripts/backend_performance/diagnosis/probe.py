"""A probe file: a question to one engine under a YAML header that says how to judge its rows.

A ``.sql`` file holds one reading statement under the header. A ``.yaml`` file is a header only: it
names the commands whose replies are read, and what is computed from them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .condition import ConditionError, columns, parse

_RULE_KINDS = ("fail", "judge", "unknown", "not_applicable", "pass")


class ProbeError(ValueError):
    """A probe file that is not well formed."""


@dataclass(frozen=True)
class Rule:
    """A verdict, the condition under which a row gets it, and how to say so."""

    verdict: str
    text: str
    condition: Any
    because: str
    ask: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Probe:
    """One question to one engine: where it stands, what it needs, how its rows are judged."""

    id: str
    file: str
    question: str
    objects: str
    items: tuple[str, ...]
    requires: tuple[str, ...]
    min_version: int
    privilege: str
    cost: str
    rules: tuple[Rule, ...]
    when_empty: Rule | None
    observe: tuple[str, ...]
    source: str
    caveats: tuple[str, ...]
    versions: Mapping[int, Mapping[str, str]]
    capabilities: Mapping[str, Mapping[str, str]]
    sql: str
    flavours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    reading: str = ""
    #: Of the items those that a pass settles too; the others are only informed by a finding.
    decides: tuple[str, ...] = ()

    @property
    def engine(self) -> str:
        return self.id.partition("/")[0]

    def sql_for(self, version: int, flavour: str = "") -> str:
        """Return the statement as a server of that flavour and major version understands it."""
        sql = _reworded(self.sql, self.flavours.get(flavour, {}))
        for since, words in sorted(self.versions.items()):
            if version >= since:
                sql = _reworded(sql, words)
        return sql


def _reworded(sql: str, words: Mapping[str, str]) -> str:
    for old, new in words.items():
        sql = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _, n=new: n, sql)
    return sql


def parse_probe(text: str, file: str) -> Probe:
    """Return the probe in a file's text; ``file`` is its path below the skill's root.

    Raises:
        ProbeError: the header or the rules are not well formed, with the file's name.
    """
    header, sql = _split(text, file)
    error = next(iter(_validator().iter_errors(header)), None)
    if error is not None:
        where = "/".join(map(str, error.absolute_path)) or "header"
        raise ProbeError(f"{file}: {where}: {error.message}")
    strangers = set(header.get("decides", ())) - set(header.get("items", ()))
    if strangers:
        raise ProbeError(f"{file}: decides: {min(strangers)} is not among the items")
    try:
        return _build(header, sql, file)
    except ConditionError as exc:
        raise ProbeError(f"{file}: {exc}") from None


def _split(text: str, file: str) -> tuple[dict[str, Any], str]:
    import yaml

    lines = text.splitlines()
    if file.endswith(".yaml"):
        heading, body = text, ""
    else:
        size = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
        heading = "\n".join(line[3:] for line in lines[:size])
        body = "\n".join(lines[size:]).strip().removesuffix(";").rstrip()
    try:
        header = yaml.safe_load(heading)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ProbeError(f"{file}:{line}: the header is not YAML") from None
    if not isinstance(header, dict) or not (body or header.get("commands")):
        raise ProbeError(
            f"{file}: a probe is a YAML header in `-- ` lines and one statement, or `commands`"
        )
    if isinstance(header.get("versions"), dict):
        header["versions"] = {str(since): words for since, words in header["versions"].items()}
    return header, body


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    from ..schemas import load

    return Draft202012Validator(load("probe"))


def _build(header: dict[str, Any], sql: str, file: str) -> Probe:
    empty = header.get("when_empty")
    return Probe(
        id=header["id"],
        file=file,
        question=header["question"],
        objects=header.get("objects", "rows"),
        items=tuple(header.get("items", ())),
        requires=tuple(header.get("requires", ())),
        min_version=header["min_version"],
        privilege=header["privilege"],
        cost=header["cost"],
        rules=tuple(map(_rule, header.get("rules", ()))),
        when_empty=Rule(
            empty["verdict"], "", None, empty["because"], remedy=empty.get("remedy", "")
        )
        if empty
        else None,
        observe=tuple(header.get("observe", ())),
        source=header["source"],
        caveats=tuple(header.get("caveats", ())),
        versions={int(k): v for k, v in header.get("versions", {}).items()},
        capabilities=header.get("capabilities", {}),
        sql=sql,
        flavours=header.get("flavours", {}),
        commands=tuple(header.get("commands", ())),
        columns=header.get("columns", {}),
        reading=header.get("reading", ""),
        decides=tuple(header.get("decides", header.get("items", ()))),
    )


def _rule(entry: Mapping[str, str]) -> Rule:
    verdict = next(kind for kind in _RULE_KINDS if kind in entry)
    text = " ".join(entry[verdict].split())
    tree = parse(text)
    if not columns(tree):
        raise ConditionError(f"the rule {text!r} reads no column")
    return Rule(
        verdict, text, tree, entry["because"], entry.get("ask", ""), entry.get("remedy", "")
    )
