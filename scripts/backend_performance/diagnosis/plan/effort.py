"""Rules on effort: loops, memory that ran out, and time spent beside the work itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..redaction import identifier
from .rule import Hit, PlanRule, hit, rounded
from .tree import Plan

_WORK_MEM = "https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM"
_SPILL_QUESTION = (
    "Do fewer rows or columns fit, does an index avoid the work, or would more work_mem for this "
    "statement fit into memory times its concurrent runs?"
)


def nested_loop_many(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        above = node.parent
        if above is None or above.type != "Nested Loop" or node.role != "Inner":
            continue
        # Times of short loops are rounded to microseconds; what the outer side leaves is exact.
        outer = sum(child.ms for child in above.children if child is not node)
        share = plan.share(max(node.ms, above.ms - outer))
        if node.loops >= 1000 and share >= 20:
            verdict = "fail" if node.type == "Seq Scan" else "judge"
            yield hit(verdict, node, loops=node.loops, time_pct=share)


def correlated_subplan(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        if node.role == "SubPlan" and node.loops >= 1000 and plan.share(node.ms) >= 20:
            yield hit("judge", node, loops=node.loops, time_pct=plan.share(node.ms))


def sort_spill(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        workers = node.raw.get("Workers", [])
        sorts = [node.raw, *(w for w in workers if isinstance(w, dict))]
        used = sum(
            float(one.get("Sort Space Used", 0))
            for one in sorts
            if one.get("Sort Space Type") == "Disk"
        )
        for groups in ("Full-sort Groups", "Pre-sorted Groups"):
            disk = (node.raw.get(groups) or {}).get("Sort Space Disk") or {}
            used = max(used, float(disk.get("Peak Sort Space Used", 0)))
        if used:
            yield hit("fail" if used > 102_400 else "judge", node, disk_mb=used / 1024)


def hash_spill(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        batches = max(node.number("Hash Batches"), node.number("HashAgg Batches"))
        if batches > 1:
            yield hit("judge", node, batches=batches, disk_mb=node.number("Disk Usage") / 1024)


def temp_io(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        own = node.number("Temp Written Blocks") - sum(
            child.number("Temp Written Blocks") for child in node.children
        )
        if own > 0 and not any(kind in node.type for kind in ("Sort", "Hash", "Aggregate")):
            yield hit("judge", node, written_mb=own / 128)


def workers_missing(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        planned, launched = node.number("Workers Planned"), node.number("Workers Launched")
        if "Workers Launched" in node.raw and launched < planned:
            yield hit("judge", node, planned=planned, launched=launched)


def jit_cost(plan: Plan) -> Iterator[Hit]:
    timing = (plan.raw.get("JIT") or {}).get("Timing") or {}
    total = timing.get("Total", 0)
    ms = float(total if isinstance(total, int | float) else 0)
    share = plan.share(ms)
    if ms >= 50 and share >= 25:
        figures = {"jit_ms": rounded(ms), "time_pct": rounded(share)}
        yield Hit("fail" if share >= 50 else "judge", figures)


def planning_dominates(plan: Plan) -> Iterator[Hit]:
    planning = float(plan.raw.get("Planning Time") or 0)
    if planning >= 10 and planning > plan.execution_ms:
        yield Hit(
            "judge", {"planning_ms": rounded(planning), "execution_ms": rounded(plan.execution_ms)}
        )


def trigger_time(plan: Plan) -> Iterator[Hit]:
    for trigger in plan.raw.get("Triggers") or []:
        ms = float(trigger.get("Time", 0))
        if ms >= 10 and plan.share(ms) >= 20:
            yield Hit(
                "fail" if "Constraint Name" in trigger else "judge", _trigger(trigger, ms, plan)
            )


def _trigger(trigger: Mapping[str, Any], ms: float, plan: Plan) -> dict[str, Any]:
    name = str(trigger.get("Constraint Name") or trigger.get("Trigger Name") or "")
    return {
        "trigger": identifier(name),
        "relation": identifier(str(trigger.get("Relation", ""))),
        "calls": trigger.get("Calls"),
        "trigger_ms": rounded(ms),
        "time_pct": rounded(plan.share(ms)),
    }


RULES = (
    PlanRule(
        "nested-loop-many",
        "the inner side of a nested loop runs a thousand times and takes a fifth of the time",
        "Is the outer side larger than the planner expected, so that a hash join would be right, "
        "or can the inner side answer from an index?",
        {
            "fail": ["loops >= 1000 and time_pct >= 20 and the inner side is a Seq Scan"],
            "judge": ["loops >= 1000 and time_pct >= 20"],
        },
        nested_loop_many,
        needs="timed",
    ),
    PlanRule(
        "correlated-subplan",
        "a subquery runs once for each of a thousand rows or more and takes a fifth of the time",
        "Can it be written as a join or as one aggregate joined to the rows?",
        {"judge": ["loops >= 1000 and time_pct >= 20"]},
        correlated_subplan,
        needs="timed",
    ),
    PlanRule(
        "sort-spill",
        "a sort did not fit into work_mem and went to disk",
        _SPILL_QUESTION,
        {"fail": ["disk_mb > 100"], "judge": ["disk_mb > 0"]},
        sort_spill,
        source=_WORK_MEM,
    ),
    PlanRule(
        "hash-spill",
        "a hash did not fit into work_mem and went to disk in batches",
        _SPILL_QUESTION,
        {"judge": ["batches > 1"]},
        hash_spill,
        source=_WORK_MEM,
    ),
    PlanRule(
        "temp-io",
        "a node keeps its rows in temporary files",
        "Must these rows be kept, or can the subquery be folded into the statement?",
        {"judge": ["written_mb > 0"]},
        temp_io,
        needs="buffers",
        source=_WORK_MEM,
    ),
    PlanRule(
        "workers-missing",
        "fewer parallel workers were launched than planned",
        "Is max_parallel_workers used up by other statements at this time?",
        {"judge": ["launched < planned"]},
        workers_missing,
        source="https://www.postgresql.org/docs/current/how-parallel-query-works.html",
    ),
    PlanRule(
        "jit-cost",
        "compiling the statement takes a quarter of its time or more",
        "Are the costs overestimated, so that jit_above_cost is reached for nothing?",
        {"fail": ["jit_ms >= 50 and time_pct >= 50"], "judge": ["jit_ms >= 50 and time_pct >= 25"]},
        jit_cost,
        needs="timed",
        source="https://www.postgresql.org/docs/current/jit-decision.html",
    ),
    PlanRule(
        "planning-dominates",
        "planning takes longer than running",
        "Can the statement be prepared once and run often, or does it touch too many partitions?",
        {"judge": ["planning_ms >= 10 and planning_ms > execution_ms"]},
        planning_dominates,
        needs="timed",
    ),
    PlanRule(
        "trigger-time",
        "triggers take a fifth of the time or more",
        "Does the trigger do work for each row that one statement could do for all?",
        {
            "fail": [
                "trigger_ms >= 10 and time_pct >= 20 for a constraint, such as a foreign key "
                "without an index"
            ],
            "judge": ["trigger_ms >= 10 and time_pct >= 20"],
        },
        trigger_time,
        needs="timed",
    ),
)
