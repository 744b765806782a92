"""Rules on memory that ran out: sorts, hashes and rows that went to disk."""

from __future__ import annotations

from collections.abc import Iterator

from ..alike import places
from ..tree import Plan
from .rule import Hit, PlanRule, hit, work_mem, worth

_WORK_MEM = "https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM"
_QUESTION = (
    "Do fewer rows or columns fit, does an index avoid the work, or would more work_mem for this "
    "statement fit into memory times its concurrent runs?"
)
#: Rows in memory take about three times what they take on disk.
_IN_MEMORY = 3


def sort_spill(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        disk = sum(node.disk_kb for node in place.nodes)
        if disk and "Sort" in place.first.kind and worth(plan, place.own_ms):
            yield hit(
                plan,
                "fail" if disk > 102_400 else "judge",
                place,
                f"writes {disk / 1024:,.1f} MB to disk",
                place.own_ms,
                work_mem(_IN_MEMORY * max(node.disk_kb for node in place.nodes)),
                disk_mb=disk / 1024,
            )


def hash_spill(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        batches = max(node.batches for node in place.nodes)
        parent = plan.parent(place.first)
        join = parent if place.first.kind == "Hash" else None
        if join and any(child.ms is None for child in join.children):
            continue  # lines were left out: how long the join itself took is unknown
        # The join writes and reads its batches again while it compares.
        ms = place.own_ms + (plan.own_ms(join) if join else 0.0)
        if batches > 1 and worth(plan, ms):
            disk = sum(node.disk_kb for node in place.nodes)
            peak = max(node.numbers.get("Peak Memory Usage", 0.0) for node in place.nodes)
            yield hit(
                plan,
                "judge",
                place,
                f"does not fit into memory and runs in {batches:,.0f} batches",
                ms,
                work_mem(_IN_MEMORY * disk if disk else peak * batches),
                also=(join.path,) if join else (),
                batches=batches,
                disk_mb=disk / 1024,
            )


def temp_io(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        kind = place.first.kind
        if "Sort" in kind or "Hash" in kind or any(n.batches > 1 for n in place.nodes):
            continue
        written = sum(
            node.temp_written - sum(child.temp_written for child in node.children)
            for node in place.nodes
        )
        written = max(written, sum(node.disk_kb for node in place.nodes) / 8)
        if written > 0 and worth(plan, place.own_ms):
            yield hit(
                plan,
                "judge",
                place,
                f"writes {written / 128:,.1f} MB of its rows to temporary files",
                place.own_ms,
                work_mem(_IN_MEMORY * 8 * written),
                written_mb=written / 128,
            )


RULES = (
    PlanRule(
        "sort-spill",
        "a sort did not fit into work_mem and went to disk",
        _QUESTION,
        {"fail": ["disk_mb > 100"], "judge": ["disk_mb > 0, from 5 ms and 5 % of the time on"]},
        sort_spill,
        needs="analyzed",
        engines=("postgres",),
        source=_WORK_MEM,
    ),
    PlanRule(
        "hash-spill",
        "a hash did not fit into work_mem and went to disk in batches",
        _QUESTION,
        {"judge": ["batches > 1, from 5 ms and 5 % of the time on"]},
        hash_spill,
        needs="analyzed",
        engines=("postgres",),
        source=_WORK_MEM,
    ),
    PlanRule(
        "temp-io",
        "a node keeps its rows in temporary files",
        "Must these rows be kept, or can the subquery be folded into the statement; can a DISTINCT "
        "inside an aggregate be avoided?",
        {"judge": ["written_mb > 0, from 5 ms and 5 % of the time on"]},
        temp_io,
        needs="buffers",
        engines=("postgres",),
        source=_WORK_MEM,
    ),
)
