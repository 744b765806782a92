"""From a probe's rows to its verdict. Thresholds stand in the probe's header, none here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import redaction
from .condition import ConditionError, columns, evaluate
from .evidence import MAX_ROWS, Evidence, worst
from .probe import Probe, Rule

#: Rules that let a row off are no help where a NULL kept a stricter rule from deciding.
_LENIENT = ("pass", "not_applicable")


@dataclass(frozen=True)
class Finding:
    """One row with the rule that decided it; no rule means that the row passes."""

    verdict: str
    rule: Rule | None
    row: Mapping[str, Any]


def decide(probe: Probe, row: Mapping[str, Any]) -> Finding:
    """Return what the probe's rules say of one row."""
    undecided: Rule | None = None
    for rule in probe.rules:
        holds = evaluate(rule.condition, row)
        if holds is None and rule.verdict not in _LENIENT:
            if rule.verdict == "unknown":
                return Finding("unknown", rule, row)
            undecided = undecided or rule
        elif holds and not (undecided and rule.verdict in _LENIENT):
            return Finding(rule.verdict, rule, row)
    if undecided is not None:
        return Finding("unknown", _undecided(undecided, row), row)
    return Finding("pass", None, row)


def _undecided(rule: Rule, row: Mapping[str, Any]) -> Rule:
    missing = sorted(name for name in columns(rule.condition) if row.get(name) is None)
    because = f"no value for {', '.join(missing)}, so `{rule.text}` cannot be decided"
    return Rule("unknown", rule.text, rule.condition, because, remedy=rule.remedy)


def judge(probe: Probe, rows: Sequence[Mapping[str, Any]], took_ms: float) -> Evidence:
    """Return the evidence in the rows a probe's statement gave.

    Raises:
        ConditionError: the rows do not have the columns the header names.
    """
    if not rows:
        return _empty(probe, took_ms)
    findings = [decide(probe, row) for row in rows]
    verdict = worst([finding.verdict for finding in findings])
    counts = {kind: sum(f.verdict == kind for f in findings) for kind in ("fail", "judge")}
    examined = int(rows[0].get("examined") or len(rows))
    fired = sorted(
        (f for f in findings if f.verdict in ("fail", "judge")),
        key=lambda finding: finding.verdict != "fail",
    )
    last_fired = findings[-1].verdict in ("fail", "judge")
    return Evidence(
        probe=probe.id,
        items=probe.decides,
        verdict=verdict,
        reason=_reason(probe, verdict, findings, examined),
        question=_question(findings) if verdict == "judge" else "",
        observed={"examined": examined}
        | {name: count for name, count in counts.items() if count}
        | _observed(probe, rows[0]),
        threshold=_threshold(probe, verdict, findings),
        rows=tuple(_shown(f) for f in fired[:MAX_ROWS]),
        truncated=len(fired) > MAX_ROWS or (last_fired and examined > len(rows)),
        took_ms=took_ms,
        source=probe.source,
        caveats=probe.caveats if verdict != "not_applicable" else (),
    )


def missing(probe: Probe, reason: str, took_ms: float = 0.0) -> Evidence:
    """Return the evidence of a probe that could not be answered."""
    return Evidence(
        probe=probe.id,
        items=probe.decides,
        verdict="unknown",
        reason=reason,
        took_ms=took_ms,
        source=probe.source,
    )


def _empty(probe: Probe, took_ms: float) -> Evidence:
    empty = probe.when_empty
    if empty is None:
        return missing(probe, "the statement gave no row, which it always should", took_ms)
    return Evidence(
        probe=probe.id,
        items=probe.decides,
        verdict=empty.verdict,
        reason=_with_remedy(empty.because, empty.remedy),
        observed={"examined": 0},
        took_ms=took_ms,
        source=probe.source,
    )


def _reason(probe: Probe, verdict: str, findings: list[Finding], examined: int) -> str:
    if verdict == "pass":
        return f"no finding among {examined} {probe.objects}"
    parts = []
    for rule in _rules(findings, verdict):
        count = sum(f.rule == rule for f in findings)
        because = _with_remedy(rule.because, rule.remedy if verdict == "unknown" else "")
        parts.append(
            because if examined == 1 else f"{count} of {examined} {probe.objects}: {because}"
        )
    return "; ".join(parts[:3])


def _with_remedy(because: str, remedy: str) -> str:
    return f"{because}. To find out: {remedy}" if remedy else because


def _rules(findings: list[Finding], verdict: str) -> list[Rule]:
    """The rules behind a verdict, each once, in the order of the rows."""
    rules: list[Rule] = []
    for finding in findings:
        if finding.verdict == verdict and finding.rule and finding.rule not in rules:
            rules.append(finding.rule)
    return rules


def _question(findings: list[Finding]) -> str:
    asks = dict.fromkeys(rule.ask for rule in _rules(findings, "judge"))
    return " ".join(list(asks)[:3])


def _threshold(probe: Probe, verdict: str, findings: list[Finding]) -> dict[str, Any]:
    """The rules that decided; for a pass all that could have spoken against it."""
    if verdict == "pass":
        rules = [rule for rule in probe.rules if rule.verdict in ("fail", "judge")]
    else:
        rules = _rules(findings, verdict)
    by_kind: dict[str, list[str]] = {}
    for rule in rules:
        by_kind.setdefault(rule.verdict, []).append(rule.text)
    return by_kind


def _observed(probe: Probe, row: Mapping[str, Any]) -> dict[str, Any]:
    absent = [name for name in probe.observe if name not in row]
    if absent:
        raise ConditionError(f"the rows have no column {absent[0]!r}")
    return redaction.row({name: row[name] for name in probe.observe})


def _shown(finding: Finding) -> dict[str, Any]:
    values = {k: v for k, v in finding.row.items() if k != "examined"}
    return {"verdict": finding.verdict} | redaction.row(values)
