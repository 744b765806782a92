"""What the tables of probe cases share, whatever the engine."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from backend_performance.diagnosis import Evidence
from backend_performance.diagnosis.probes import catalog
from backend_performance.diagnosis.probes.expression import condition
from backend_performance.diagnosis.probes.probe import Probe


@dataclass(frozen=True)
class Case:
    """A probe and its verdict on a database where something was planted.

    Args:
        setup: Statements that plant it.
        traffic: What has happened before the probe asks, given the database.
        during: What goes on while it asks.
        thresholds: Text of a rule → what takes its place.
        says: Words of the reason.
        first: Columns of the first row.
    """

    probe: str
    verdict: str
    name: str
    setup: tuple[str, ...] = ()
    traffic: Callable[[Any], None] = lambda database: None
    during: Callable[[Any], AbstractContextManager] = lambda database: nullcontext()
    role: str = "probe"
    thresholds: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=dict)
    says: str = ""
    first: Mapping[str, Any] = field(default_factory=dict)


def find(engine: str, name: str) -> Probe:
    return next(probe for probe in catalog.load(engine) if probe.id == f"{engine}/{name}")


def with_thresholds(probe: Probe, replacements: Mapping[str, str]) -> Probe:
    """The probe with other figures: an hour or a gigabyte need not pass in a test."""
    rules = list(probe.rules)
    for old, new in replacements.items():
        changed = [rule.text.replace(old, new) for rule in rules]
        assert changed != [rule.text for rule in rules], f"{probe.id} has no rule with {old!r}"
        rules = [
            replace(rule, text=text, condition=condition(text))
            for rule, text in zip(rules, changed, strict=True)
        ]
    return replace(probe, rules=tuple(rules))


def assert_answers(case: Any, evidence: Evidence) -> None:
    """The verdict, the words and the first row that a case expects."""
    assert evidence.verdict == case.verdict, evidence
    assert case.says in evidence.reason
    if case.first:
        shown = evidence.rows[0]
        assert {name: shown[name] for name in case.first} == case.first
    if evidence.verdict in ("fail", "judge"):
        assert evidence.rows and evidence.threshold
