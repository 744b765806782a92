"""A probe whose rows this library measures: a YAML file instead of a statement.

Where the key-metrics table of the skill judges, the file names the row of that table and its rules
say ``{action}`` or ``{off_target}`` for the bounds. They are filled in when the run begins, with
the table as data: whoever changes the page changes the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from .condition import ConditionError
from .probe import Probe, ProbeError, _build, _validator

_OWN_KEYS = ("metric", "unit", "measure", "sources")
_PLACE = re.compile(r"\{(\w+)\}")
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
#: Names no measured row has: a rule that was never filled in cannot decide anything.
_UNFILLED = {
    "action": "> unfilled_action",
    "off_target": "> unfilled_target",
    "action_value": "unfilled_action",
    "target_value": "unfilled_target",
}
_FACTORS = {"ms": 1.0, "s": 1000.0, "us": 0.001, "µs": 0.001, "%": 1.0}


@dataclass(frozen=True)
class MeasuredProbe(Probe):
    """A probe with the row of the key-metrics table that judges it, if one does."""

    metric: str = ""
    unit: str = ""
    measure: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Mapping[str, Any], ...] = ()
    header: Mapping[str, Any] = field(default_factory=dict, repr=False)


class NoMetric(LookupError):
    """The key-metrics table has no row, or no figure, for a probe."""


def parse_measured(text: str, file: str) -> MeasuredProbe:
    """Return the probe in a YAML file; ``file`` is its path below the skill's root.

    Raises:
        ProbeError: the file is not well formed.
    """
    import yaml

    try:
        header = yaml.safe_load(text)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        raise ProbeError(f"{file}:{mark.line + 1 if mark else 1}: not YAML") from None
    if not isinstance(header, dict):
        raise ProbeError(f"{file}: a probe is a mapping with id, question, rules and source")
    if not isinstance(header.get("measure", {}), dict):
        raise ProbeError(f"{file}: measure is a mapping")
    if bool(header.get("metric")) is not bool(_places(header)):
        raise ProbeError(f"{file}: `metric` and rules with {{action}} go together")
    return _measured(header, _UNFILLED, file)


def bound(probe: MeasuredProbe, metrics: Sequence[Mapping[str, Any]]) -> MeasuredProbe:
    """Return the probe with the figures of the key-metrics table in its rules.

    Args:
        metrics: Rows as in ``checklists/1``; the first of a name counts.

    Raises:
        NoMetric: the table has no such row, or the row has words in place of a figure.
    """
    if not probe.metric:
        return probe
    row = next((m for m in metrics if _name(m["metric"]) == _name(probe.metric)), None)
    if row is None:
        raise NoMetric(f"the key-metrics table has no row {probe.metric!r}")
    target, action = (_figure(probe, row[side]) for side in ("target", "action"))
    values = {
        "action": f"{action[0]} {action[1]}",
        "off_target": f"{_OPPOSITE[target[0]]} {target[1]}",
        "action_value": action[1],
        "target_value": target[1],
    }
    return _measured(probe.header, values, probe.file)


def bounds(probe: MeasuredProbe, metrics: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Return target and action trigger of a probe in its unit.

    Raises:
        NoMetric: as `bound`.
    """
    row = next((m for m in metrics if _name(m["metric"]) == _name(probe.metric)), None)
    if row is None:
        raise NoMetric(f"the key-metrics table has no row {probe.metric!r}")
    target, action = (_figure(probe, row[side]) for side in ("target", "action"))
    return float(target[1]), float(action[1])


def _measured(header: Mapping[str, Any], values: Mapping[str, str], file: str) -> MeasuredProbe:
    shared = {name: value for name, value in header.items() if name not in _OWN_KEYS}
    shared.setdefault("min_version", 1)
    shared["rules"] = [_filled(rule, values, file) for rule in header.get("rules", ())]
    error = next(iter(_validator().iter_errors(shared)), None)
    if error is not None:
        where = "/".join(map(str, error.absolute_path)) or "header"
        raise ProbeError(f"{file}: {where}: {error.message}")
    try:
        probe = _build(shared, "", file)
    except ConditionError as exc:
        raise ProbeError(f"{file}: {exc}") from None
    inherited = {f.name: getattr(probe, f.name) for f in fields(Probe)}
    return MeasuredProbe(
        **inherited,
        metric=header.get("metric", ""),
        unit=header.get("unit", ""),
        measure=header.get("measure", {}),
        sources=tuple(header.get("sources", ())),
        header=header,
    )


def _filled(rule: Any, values: Mapping[str, str], file: str) -> Any:
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise ProbeError(f"{file}: {{{match[1]}}} is none of {', '.join(_UNFILLED)}")
        return values[match[1]]

    if not isinstance(rule, dict):
        return rule
    return {
        key: _PLACE.sub(value, text) if isinstance(text, str) else text
        for key, text in rule.items()
    }


def _places(header: Mapping[str, Any]) -> list[str]:
    return _PLACE.findall(" ".join(map(str, header.get("rules") or ())))


def _name(text: str) -> str:
    return " ".join(text.lower().split())


def _figure(probe: MeasuredProbe, side: Mapping[str, Any]) -> tuple[str, str]:
    """Operator and value of a bound in the probe's unit, as a rule writes them."""
    factor, wanted = _FACTORS.get(side["unit"] or ""), _FACTORS.get(probe.unit)
    same_kind = (side["unit"] == "%") is (probe.unit == "%")
    if side["op"] not in _OPPOSITE or factor is None or wanted is None or not same_kind:
        raise NoMetric(
            f"the row {probe.metric!r} of the key-metrics table has no figure in {probe.unit}"
        )
    number = side["value"] * factor / wanted
    return side["op"], f"{number:f}".rstrip("0").rstrip(".")
