"""The key-metrics table of a skill as the judge of a probe.

A probe names a row of that table, and its rules say ``{action}`` or ``{off_target}`` for the
bounds. They are filled in when the run begins, with the table as data: whoever changes the page
changes the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..trouble import NoAnswer
from .probe import Probe

Metrics = Sequence[Mapping[str, Any]]
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_REMEDY = "To find out: give the row a figure, or name a skill that has one"
_FACTORS = {"ms": 1.0, "s": 1000.0, "us": 0.001, "µs": 0.001, "%": 1.0}


def bound(probe: Probe, metrics: Metrics) -> Probe:
    """Return the probe with the figures of the key-metrics table in its rules.

    Args:
        metrics: Rows as in ``checklists/1``; the first of a name counts.

    Raises:
        NoAnswer: the table has no such row, or the row has words in place of a figure.
    """
    if not probe.metric:
        return probe
    row = next((m for m in metrics if _name(m["metric"]) == _name(probe.metric)), None)
    if row is None:
        raise NoAnswer(f"the key-metrics table has no row {probe.metric!r}. {_REMEDY}")
    target, action = (_figure(probe, row[side]) for side in ("target", "action"))
    values = {
        "action": f"{action[0]} {action[1]}",
        "off_target": f"{_OPPOSITE[target[0]]} {target[1]}",
        "action_value": action[1],
        "target_value": target[1],
    }
    return replace(probe, rules=tuple(rule.filled(values) for rule in probe.rules))


def _name(text: str) -> str:
    return " ".join(text.lower().split())


def _figure(probe: Probe, side: Mapping[str, Any]) -> tuple[str, str]:
    """Operator and value of a bound in the probe's unit, as a rule writes them."""
    factor, wanted = _FACTORS.get(side["unit"] or ""), _FACTORS.get(probe.unit)
    same_kind = (side["unit"] == "%") is (probe.unit == "%")
    if side["op"] not in _OPPOSITE or factor is None or wanted is None or not same_kind:
        raise NoAnswer(
            f"the row {probe.metric!r} of the key-metrics table has no figure in {probe.unit}. "
            + _REMEDY
        )
    number = side["value"] * factor / wanted
    return side["op"], f"{number:f}".rstrip("0").rstrip(".")
