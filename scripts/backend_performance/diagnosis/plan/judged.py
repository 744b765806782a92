"""From the rules' hits to evidence: one for each rule, over all plans of one input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...verdict import Verdict, worst
from ..evidence.model import MAX_ROWS, Evidence, Subject
from ..evidence.redaction import untrusted
from .answered import ITEMS
from .reader import Reading
from .rules import RULES
from .rules.rule import Hit, PlanRule
from .rules.time import MOST_PCT
from .tree import Plan

_UNMEASURED = {"timed": "time (TIMING was off)", "buffers": "blocks (BUFFERS was off)"}
_MEASURE = {
    "postgres": "EXPLAIN (ANALYZE, BUFFERS, SETTINGS) on a replica or staging",
    "mysql": "EXPLAIN ANALYZE (MySQL 8), or ANALYZE FORMAT=JSON (MariaDB), on a replica",
}
_FOUND = (Verdict.FAIL, Verdict.JUDGE)
Found = tuple[int, Hit]  # the number of the plan, from 1 on, and a hit in it


def evidence(reading: Reading) -> tuple[Evidence, ...]:
    """Return the findings of the rules, largest saving first, then the unknowns."""
    hits: dict[str, list[Found]] = {}
    rules: dict[str, PlanRule] = {}
    for number, plan in enumerate(reading.plans, 1):
        for rule, hit in _hits(plan):
            rules.setdefault(rule.name, rule)
            hits.setdefault(rule.name, []).append((number, hit))
    several = len(reading.plans) > 1
    found = [
        (_saving(group), _evidence(rules[name], group, several)) for name, group in hits.items()
    ]
    found.sort(key=lambda one: (-one[0], one[1].verdict != "fail"))
    ranked = [one for _, one in found]
    return (*ranked, *_unknown(reading), *_nothing(reading, ranked))


def facts(reading: Reading) -> Mapping[str, Any]:
    """Say what the plans are: how many, whether they were run, where the time went."""
    first = reading.plans[0]
    said: dict[str, Any] = {
        "plans": len(reading.plans) + reading.left_out,
        "analyzed": all(plan.analyzed for plan in reading.plans),
        "nodes": sum(len(plan.nodes) for plan in reading.plans),
    }
    if first.timed:
        said["execution_ms"] = round(first.execution_ms, 3)
        said["planning_ms"] = first.planning_ms
    if reading.left_out:
        said["plans_not_examined"] = reading.left_out
    if any(plan.part_missing for plan in reading.plans):
        said["cut_off"] = ", ".join(
            f"plan {number}: its {plan.part_missing} is missing"
            for number, plan in enumerate(reading.plans, 1)
            if plan.part_missing
        )[:200]
    if first.statement:
        said["statement_untrusted"] = untrusted(first.statement)
    return said


def _hits(plan: Plan) -> list[tuple[PlanRule, Hit]]:
    found = [
        (rule, hit)
        for rule in RULES
        if plan.engine in rule.engines and _applies(rule, plan)
        for hit in rule.check(plan)
    ]
    # Where the time goes is no news at a node that another rule explains.
    explained = {
        path
        for rule, hit in found
        if rule.explains and rule.name not in _WHERE
        for path in hit.explains
    }
    saved = max((hit.saves_ms for rule, hit in found if rule.name not in _WHERE), default=0.0)
    return [
        (rule, hit)
        for rule, hit in found
        if rule.name not in _WHERE or not _is_explained(hit, explained, saved)
    ]


def _is_explained(hit: Hit, explained: set[str], saved: float) -> bool:
    """Whether the time of a node is accounted for, or no more than the largest that is."""
    if explained.issuperset(hit.explains):
        return True
    return hit.figures.get("time_pct", MOST_PCT) < MOST_PCT and hit.saves_ms <= saved


_WHERE = ("time-in-node", "cost-in-node")


def _applies(rule: PlanRule, plan: Plan) -> bool:
    if rule.needs == "estimates":
        return not plan.analyzed
    return not rule.needs or bool(getattr(plan, rule.needs))


def _saving(found: list[Found]) -> float:
    return max(hit.saves_ms for _, hit in found)


def _evidence(rule: PlanRule, found: list[Found], several: bool) -> Evidence:
    verdict = worst(Verdict(hit.verdict) for _, hit in found)
    ordered = sorted(found, key=lambda one: (one[1].verdict != "fail", -one[1].saves_ms))
    rows = tuple(_row(number if several else 0, hit) for number, hit in ordered[:MAX_ROWS])
    return Evidence(
        probe=f"explain/{rule.name}",
        decides=(ITEMS[rule.name],),
        subject=Subject("table", "relation") if any("relation" in row for row in rows) else None,
        verdict=verdict,
        reason=f"{rule.because}: {ordered[0][1].says}",
        question=rule.question if verdict is Verdict.JUDGE else "",
        observed={"places": len(found)},
        threshold={verdict.value: rule.threshold[verdict]},
        rows=rows,
        truncated=len(found) > MAX_ROWS,
        source=rule.source,
    )


def _row(number: int, hit: Hit) -> dict[str, Any]:
    row = {"verdict": hit.verdict} | ({"plan": number} if number else {}) | dict(hit.figures)
    row["says"] = hit.says
    return row | ({"try": hit.statement} if hit.statement else {})


def _unknown(reading: Reading) -> list[Evidence]:
    """What the plans did not measure; an estimate is never a pass."""
    estimated = [plan for plan in reading.plans if not plan.analyzed]
    said = []
    if estimated:
        engine = estimated[0].engine
        which = "" if len(reading.plans) == 1 else f" ({len(estimated)} of {len(reading.plans)})"
        reason = (
            f"the plan{which} was not run, so it holds only estimates: what its nodes really read "
            f"and take is unknown. To find out: {_MEASURE[engine]}"
        )
        said.append(Evidence("explain/plan", Verdict.UNKNOWN, reason))
    # MySQL always measures what its form can show; PostgreSQL measures what it is told to.
    measured = [plan for plan in reading.plans if plan.analyzed and plan.engine == "postgres"]
    for rule in RULES:
        if "postgres" not in rule.engines or rule.needs not in _UNMEASURED or not measured:
            continue
        if not any(getattr(plan, rule.needs) for plan in measured):
            reason = (
                f"the plan did not measure {_UNMEASURED[rule.needs]}. "
                "To find out: EXPLAIN (ANALYZE, BUFFERS, TIMING)"
            )
            said.append(
                Evidence(
                    f"explain/{rule.name}", Verdict.UNKNOWN, reason, decides=(ITEMS[rule.name],)
                )
            )
    return said


def _nothing(reading: Reading, found: list[Evidence]) -> list[Evidence]:
    """A pass: every plan was run and read whole, and no rule found anything."""
    if any(one.verdict in _FOUND for one in found):
        return []
    if any(plan.part_missing for plan in reading.plans):
        reason = "a part of the plan is missing, and in the rest no rule found anything"
        return [Evidence("explain/plan", Verdict.UNKNOWN, reason)]
    if not all(plan.analyzed for plan in reading.plans):
        return []
    if not all(plan.timed for plan in reading.plans):
        reason = "no rule on rows found anything, and how long the nodes took was not measured"
        return [Evidence("explain/plan", Verdict.UNKNOWN, reason)]
    plan = reading.plans[0]
    count = sum(plan.engine in rule.engines and _applies(rule, plan) for rule in RULES)
    reason = f"none of {count} rules found anything"
    return [Evidence("explain/plan", Verdict.PASS, reason, observed=dict(facts(reading)))]
