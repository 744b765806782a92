"""The fields of INFO replies, and columns computed from them.

A field that the server does not report is no value; it never reads as 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..probes.expression import evaluate, parse

Value = int | float | str | None
#: Parts of one field of these sections, such as `cmdstat_keys:calls=3,usec=40`.
_COUNTED = {"cmdstat_": "commandstats", "errorstat_": "errorstats"}


@dataclass(frozen=True)
class Info:
    """The fields of one INFO reply, and the sections it had."""

    fields: Mapping[str, Value] = field(default_factory=dict)
    sections: frozenset[str] = frozenset()

    def get(self, name: str) -> Value:
        return self.fields.get(name)

    def part(self, name: str, part: str) -> Value:
        """Return one part of a field; a command that was never called has none, which is 0."""
        text = self.fields.get(name)
        if isinstance(text, str):
            return _number(dict(p.partition("=")[::2] for p in text.split(",")).get(part))
        section = next((s for start, s in _COUNTED.items() if name.startswith(start)), None)
        return 0 if section in self.sections else None

    def number(self, name: str, part: str) -> int | float | None:
        """Return one part of a field if it is a number."""
        value = self.part(name, part)
        return None if isinstance(value, str) else value


@dataclass(frozen=True)
class _Row(Mapping[str, Any]):
    """The fields of a reply as a row of an expression, with facts besides them."""

    info: Info
    facts: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        if name in self.facts:
            return self.facts[name]
        whole, dot, part = name.partition(".")
        return self.info.part(whole, part) if dot else self.info.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter({*self.facts, *self.info.fields})

    def __len__(self) -> int:
        return len({*self.facts, *self.info.fields})


def parse_info(text: str) -> Info:
    """Return the fields of an INFO reply."""
    fields: dict[str, Value] = {}
    sections = set()
    for line in text.splitlines():
        if line.startswith("#"):
            sections.add(line[1:].strip().lower())
        elif ":" in line:
            name, _, value = line.partition(":")
            fields[name] = _number(value)
    return Info(fields, frozenset(sections))


def _number(text: str | None) -> Value:
    if text is None:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def compute(expression: str, before: Info, after: Info, facts: Mapping[str, Any]) -> Value:
    """Return the value of an expression; ``facts`` are names besides the fields of INFO.

    Raises:
        ExpressionError: it is not written in the language of `diagnosis.probes.expression`.
    """
    earlier = None if before is after else _Row(before, facts)
    value: Value = evaluate(parse(expression), _Row(after, facts), earlier)
    return round(value, 3) if isinstance(value, float) else value
