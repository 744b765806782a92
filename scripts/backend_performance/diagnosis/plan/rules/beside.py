"""Rules on time that is spent beside the nodes: workers, JIT, planning, triggers, output."""

from __future__ import annotations

from collections.abc import Iterator

from ...evidence.redaction import identifier
from ..alike import Place
from ..tree import Plan, Trigger
from .rule import Hit, PlanRule, count, duration, hit, rounded, worth


def workers_missing(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes:
        planned = node.numbers.get("Workers Planned", 0.0)
        launched = node.numbers.get("Workers Launched", planned)
        if launched < planned and worth(plan, node.ms or 0.0, share=20, floor=50):
            yield hit(
                plan,
                "judge",
                Place((node,), plan.own_ms(node)),
                f"got {count(launched)} of {count(planned)} parallel workers",
                node.ms or 0.0,
                planned=planned,
                launched=launched,
            )


def _beside(plan: Plan, verdict: str, what: str, ms: float, figure: str) -> Hit:
    share = plan.share(ms)
    figures = {figure: rounded(ms), "time_pct": rounded(share)}
    return Hit(verdict, f"{what} takes {duration(ms)}, {share:.0f} % of the time", figures, ms)


def jit_cost(plan: Plan) -> Iterator[Hit]:
    ms = plan.jit_ms or 0.0
    if ms >= 50 and plan.share(ms) >= 25:
        found = _beside(
            plan, "fail" if plan.share(ms) >= 50 else "judge", "compiling (JIT)", ms, "jit_ms"
        )
        yield Hit(found.verdict, found.says, found.figures, ms, "SET LOCAL jit = off;")


def serialization(plan: Plan) -> Iterator[Hit]:
    ms = plan.serialization_ms or 0.0
    if worth(plan, ms, share=25, floor=20):
        what = "turning the rows into what is sent, with the values stored out of line (TOAST),"
        yield _beside(plan, "judge", what, ms, "serialization_ms")


def planning_dominates(plan: Plan) -> Iterator[Hit]:
    planning = plan.planning_ms or 0.0
    if planning >= 10 and planning > plan.execution_ms:
        figures = {"planning_ms": rounded(planning), "execution_ms": rounded(plan.execution_ms)}
        says = f"planning takes {duration(planning)}, running {duration(plan.execution_ms)}"
        yield Hit("judge", says, figures, planning)


def trigger_time(plan: Plan) -> Iterator[Hit]:
    for trigger in sorted(plan.triggers, key=lambda one: -one.ms):
        if trigger.ms >= 10 and plan.share(trigger.ms) >= 20:
            yield _trigger(plan, trigger)


def _trigger(plan: Plan, trigger: Trigger) -> Hit:
    name = identifier(trigger.name)
    figures = {
        "trigger": name,
        "relation": identifier(trigger.relation) if trigger.relation else "",
        "calls": rounded(trigger.calls),
        "trigger_ms": rounded(trigger.ms),
        "time_pct": rounded(plan.share(trigger.ms)),
    }
    kind = "the trigger of the constraint" if trigger.constraint else "the trigger"
    says = (
        f"{kind} {name} takes {duration(trigger.ms)} in {count(trigger.calls)} calls, "
        f"{plan.share(trigger.ms):.0f} % of the time"
    )
    look_up = ""
    if trigger.constraint and trigger.name.isascii() and trigger.name.isidentifier():
        look_up = (
            "SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint "
            f"WHERE conname = '{trigger.name}';"
        )
    verdict = "fail" if trigger.constraint else "judge"
    return Hit(verdict, says, figures, trigger.ms, look_up)


_PARALLEL = "https://www.postgresql.org/docs/current/how-parallel-query-works.html"

RULES = (
    PlanRule(
        "workers-missing",
        "fewer parallel workers were launched than planned",
        "Is max_parallel_workers used up by other statements at this time?",
        {"judge": ["launched < planned, from 50 ms and 20 % of the time on"]},
        workers_missing,
        explains=False,
        needs="analyzed",
        engines=("postgres",),
        source=_PARALLEL,
    ),
    PlanRule(
        "jit-cost",
        "compiling the statement takes a quarter of its time or more",
        "Are the costs overestimated, so that jit_above_cost is reached for nothing?",
        {"fail": ["jit_ms >= 50 and time_pct >= 50"], "judge": ["jit_ms >= 50 and time_pct >= 25"]},
        jit_cost,
        needs="timed",
        engines=("postgres",),
        source="https://www.postgresql.org/docs/current/jit-decision.html",
    ),
    PlanRule(
        "serialization-time",
        "preparing the rows for the client takes a quarter of the time or more",
        "Which large columns does the client not need, or not for every row?",
        {"judge": ["serialization_ms >= 20 and time_pct >= 25"]},
        serialization,
        needs="timed",
        engines=("postgres",),
        source="https://www.postgresql.org/docs/current/sql-explain.html",
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
        engines=("postgres",),
    ),
)
