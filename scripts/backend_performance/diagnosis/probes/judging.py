"""From a probe's rows to its verdict. Thresholds are defined in the probe's header, none here."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...verdict import Verdict, worst
from ..evidence import redaction
from ..evidence.model import MAX_ROWS, Evidence
from .expression import ExpressionError, columns, holds
from .probe import Probe, Rule

#: Kinds of subjects whose names fit into a sentence.
_NAMED = ("table", "index", "setting", "key_family", "command")
#: Rules that let a row off are no help where a NULL kept a stricter rule from deciding.
_LENIENT = (Verdict.PASS, Verdict.NOT_APPLICABLE)
_FINDINGS = (Verdict.FAIL, Verdict.JUDGE)


@dataclass(frozen=True)
class Finding:
    """One row with the rule that decided it; no rule means that the row passes."""

    verdict: Verdict
    rule: Rule | None
    row: Mapping[str, Any]


def decide(probe: Probe, row: Mapping[str, Any]) -> Finding:
    """Return what the probe's rules say of one row.

    Raises:
        ExpressionError: the row has not the columns the rules read, or values of another kind.
    """
    undecided: Rule | None = None
    for rule in probe.rules:
        is_so = holds(_condition(rule), row)
        if is_so is None and rule.verdict not in _LENIENT:
            if rule.verdict is Verdict.UNKNOWN:
                return Finding(Verdict.UNKNOWN, rule, row)
            undecided = undecided or rule
        elif is_so and not (undecided and rule.verdict in _LENIENT):
            return Finding(rule.verdict, rule, row)
    if undecided is not None:
        return Finding(Verdict.UNKNOWN, _undecided(undecided, row), row)
    return Finding(Verdict.PASS, None, row)


def _condition(rule: Rule) -> ast.expr:
    if rule.condition is None:
        raise ValueError(f"the rule {rule.text!r} has no condition")
    return rule.condition


def _undecided(rule: Rule, row: Mapping[str, Any]) -> Rule:
    lacking = sorted(name for name in columns(_condition(rule)) if row.get(name) is None)
    because = f"no value for {', '.join(lacking)}, so `{rule.text}` cannot be decided"
    return replace(rule, verdict=Verdict.UNKNOWN, because=because)


def judge(probe: Probe, rows: Sequence[Mapping[str, Any]]) -> Evidence:
    """Return the evidence in the rows that answer a probe.

    Rows without the columns that the header names, or with values of another kind, decide
    nothing: they are ``unknown``.
    """
    if not rows:
        return _empty(probe)
    try:
        findings = [decide(probe, row) for row in rows]
        observed = _observed(probe, rows[0])
        examined = _examined(rows)
    except ExpressionError as error:
        return missing(probe, f"the answer has another form than expected: {error}")
    verdict = worst(finding.verdict for finding in findings)
    fired = sorted(
        (f for f in findings if f.verdict in _FINDINGS),
        key=lambda finding: finding.verdict is not Verdict.FAIL,
    )
    counts = {kind.value: sum(f.verdict is kind for f in fired) for kind in _FINDINGS}
    last_fired = findings[-1].verdict in _FINDINGS
    return _about(
        probe,
        verdict,
        _reason(probe, verdict, findings, examined),
        question=_question(findings) if verdict is Verdict.JUDGE else "",
        observed={"examined": examined}
        | {name: count for name, count in counts.items() if count}
        | observed,
        threshold=_threshold(probe, verdict, findings),
        rows=tuple(_shown(f) for f in fired[:MAX_ROWS]),
        truncated=len(fired) > MAX_ROWS or (last_fired and examined > len(rows)),
        caveats=probe.caveats if verdict is not Verdict.NOT_APPLICABLE else (),
    )


def missing(probe: Probe, reason: str) -> Evidence:
    """Return the evidence of a probe that could not be answered."""
    return _about(probe, Verdict.UNKNOWN, reason)


def _about(probe: Probe, verdict: Verdict, reason: str, **more: Any) -> Evidence:
    return Evidence(
        probe=probe.id,
        verdict=verdict,
        reason=reason,
        decides=probe.decides,
        related=probe.related,
        subject=probe.subject,
        source=probe.source,
        **more,
    )


def _empty(probe: Probe) -> Evidence:
    empty = probe.when_empty
    if empty is None:
        return missing(probe, "the answer has no row, which it always should")
    because = _with_remedy(empty.because, empty.remedy)
    return _about(probe, empty.verdict, because, observed={"examined": 0})


def _examined(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how many things were looked at, of which the rows may be the worst only."""
    examined = rows[0].get("examined") or len(rows)
    if not isinstance(examined, int):
        raise ExpressionError("the column 'examined' is not a whole number")
    return examined


def _reason(probe: Probe, verdict: Verdict, findings: list[Finding], examined: int) -> str:
    if verdict is Verdict.PASS:
        return f"no finding among {examined} {probe.objects}"
    parts = []
    for rule in _rules(findings, verdict):
        count = sum(f.rule == rule for f in findings)
        because = _with_remedy(rule.because, rule.remedy if verdict is Verdict.UNKNOWN else "")
        named = _named(probe, rule, findings) if verdict is Verdict.UNKNOWN else ""
        parts.append(
            because if examined == 1 else f"{count} of {examined} {probe.objects}{named}: {because}"
        )
    return "; ".join(parts[:3])


def _named(probe: Probe, rule: Rule, findings: list[Finding]) -> str:
    """Return the names of the unknown objects, if they are few and short."""
    if probe.subject is None or probe.subject.kind not in _NAMED:
        return ""
    rows = [redaction.row(f.row) for f in findings if f.rule == rule]
    names = [str(row.get(probe.subject.column)) for row in rows]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f" ({', '.join(names[:3])}{more})"


def _with_remedy(because: str, remedy: str) -> str:
    return f"{because}. To find out: {remedy}" if remedy else because


def _rules(findings: list[Finding], verdict: Verdict) -> list[Rule]:
    """The rules behind a verdict, each once, in the order of the rows."""
    rules: list[Rule] = []
    for finding in findings:
        if finding.verdict == verdict and finding.rule and finding.rule not in rules:
            rules.append(finding.rule)
    return rules


def _question(findings: list[Finding]) -> str:
    asks = dict.fromkeys(rule.ask for rule in _rules(findings, Verdict.JUDGE))
    return " ".join(list(asks)[:3])


def _threshold(probe: Probe, verdict: Verdict, findings: list[Finding]) -> dict[str, Any]:
    """The rules that decided; for a pass all that could have spoken against it."""
    if verdict is Verdict.PASS:
        rules = [rule for rule in probe.rules if rule.verdict in _FINDINGS]
    else:
        rules = _rules(findings, verdict)
    by_kind: dict[str, list[str]] = {}
    for rule in rules:
        by_kind.setdefault(rule.verdict.value, []).append(rule.text)
    return by_kind


def _observed(probe: Probe, row: Mapping[str, Any]) -> dict[str, Any]:
    absent = [name for name in probe.observe if name not in row]
    if absent:
        raise ExpressionError(f"the rows have no column {absent[0]!r}")
    return redaction.row({name: row[name] for name in probe.observe})


def _shown(finding: Finding) -> dict[str, Any]:
    values = {k: v for k, v in finding.row.items() if k != "examined"}
    rule = finding.rule
    words = {"because": rule.because, "ask": rule.ask} if rule else {}
    return {
        "verdict": finding.verdict.value,
        **redaction.row(values),
        **{name: text for name, text in words.items() if text},
    }
