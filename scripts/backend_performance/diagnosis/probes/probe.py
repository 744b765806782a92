"""A probe file: one question to one system, and how to judge the rows that answer it.

A ``.sql`` file is a header in ``-- `` lines above one reading statement. A ``.yaml`` file is the
header alone: it names the commands, the sources or the reading that give the rows.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from ... import plain_yaml
from ...refusal import Refusal
from ...verdict import Verdict
from ..evidence.model import Subject
from .expression import ExpressionError, columns, condition

_PLACE = re.compile(r"\{(\w+)\}")
#: What a rule says in place of a bound of the key-metrics table, until `Rule.filled` knows it: a
#: name that no row has, so that the rule cannot decide anything.
PLACES = {
    "action": "> unfilled_action",
    "off_target": "> unfilled_target",
    "action_value": "unfilled_action",
    "target_value": "unfilled_target",
}


class ProbeError(Refusal, ValueError):
    """A probe file that is not well formed."""


@dataclass(frozen=True)
class Rule:
    """A verdict, the condition under which a row gets it, and its wording."""

    verdict: Verdict
    text: str
    condition: ast.expr | None
    because: str
    ask: str = ""
    remedy: str = ""
    #: Where rows become a list to read: 0 comes first. None means the rank of the probe.
    rank: int | None = None

    def filled(self, values: Mapping[str, str]) -> Rule:
        """Return the rule with ``{name}`` replaced by the value of that name."""

        def fill(text: str) -> str:
            return _PLACE.sub(lambda place: values[place[1]], text)

        text = fill(self.text)
        return replace(
            self,
            text=text,
            condition=condition(text),
            because=fill(self.because),
            ask=fill(self.ask),
            remedy=fill(self.remedy),
        )


@dataclass(frozen=True)
class Probe:
    """One question to one system: how its rows are got, and how they are judged."""

    id: str
    file: str
    question: str
    privilege: str
    cost: str
    source: str
    objects: str = "rows"
    #: Checklist items that get the verdict, and those that only receive the evidence.
    decides: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    subject: Subject | None = None
    requires: tuple[str, ...] = ()
    min_version: int = 1
    rules: tuple[Rule, ...] = ()
    when_empty: Rule | None = None
    observe: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    #: The row of the key-metrics table that judges, and the unit of the probe's figures.
    metric: str = ""
    unit: str = ""
    #: How rows are got: a statement with its words for other servers …
    sql: str = ""
    versions: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    flavours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    capabilities: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    looks: Mapping[str, Any] = field(default_factory=dict)
    #: … or commands, a named reading of what the system collected, and columns made of it …
    commands: tuple[str, ...] = ()
    reading: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    shows: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    #: … or families of metrics with their queries.
    sources: tuple[Mapping[str, Any], ...] = ()

    @property
    def system(self) -> str:
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
        sql = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _, n=new: n, sql)  # type: ignore[misc]  # mypy does not infer a lambda's default
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
    twice = set(header.get("decides", ())) & set(header.get("related", ()))
    if twice:
        raise ProbeError(f"{file}: {min(twice)} is both decided and related")
    try:
        return _build(header, sql, file)
    except ExpressionError as exc:
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
        header = plain_yaml.load(heading)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ProbeError(f"{file}:{line}: the header is not YAML") from None
    if not isinstance(header, dict):
        raise ProbeError(f"{file}: a header is a mapping with id, question, rules and source")
    if not (body or {"commands", "reading", "sources"} & header.keys()):
        raise ProbeError(
            f"{file}: a probe is a YAML header in `-- ` lines and one statement, or a YAML file "
            "with `commands`, `reading` or `sources`"
        )
    if isinstance(header.get("versions"), dict):
        header["versions"] = {str(since): words for since, words in header["versions"].items()}
    return header, body


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    from ...schemas import load

    return Draft202012Validator(load("probe"))


def _build(header: Mapping[str, Any], sql: str, file: str) -> Probe:
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in header.items()
    }
    rules = tuple(_rule(entry, file) for entry in header.get("rules", ()))
    if bool(header.get("metric")) is not any(_PLACE.search(rule.text) for rule in rules):
        raise ProbeError(f"{file}: `metric` and rules with {{action}} go together")
    built: dict[str, Any] = {
        "rules": rules,
        "versions": {int(k): v for k, v in header.get("versions", {}).items()},
    }
    if empty := header.get("when_empty"):
        built["when_empty"] = Rule(
            Verdict(empty["verdict"]), "", None, empty["because"], remedy=empty.get("remedy", "")
        )
    if subject := header.get("subject"):
        built["subject"] = Subject(**subject)
    return Probe(file=file, sql=sql, **(plain | built))


def _rule(entry: Mapping[str, Any], file: str) -> Rule:
    verdict = next(kind for kind in Verdict if kind.value in entry)
    text = " ".join(entry[verdict.value].split())
    unknown = set(_PLACE.findall(" ".join(map(str, entry.values())))) - PLACES.keys()
    if unknown:
        raise ProbeError(f"{file}: {{{min(unknown)}}} is not one of {', '.join(PLACES)}")
    tree = condition(_PLACE.sub(lambda place: PLACES[place[1]], text))
    if not columns(tree):
        raise ExpressionError(f"the rule {text!r} reads no column")
    more = {name: entry[name] for name in ("ask", "remedy", "rank") if name in entry}
    return Rule(verdict, text, tree, entry["because"], **more)
