"""Reading the JSON plan of one statement: what in it is a defect, and where.

Nothing is run here; a plan comes from a file, or from ``Session.plan``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..evidence import MAX_ROWS, Evidence, worst
from . import effort, iterators, mysql, rows
from .answered import ITEMS
from .rule import Hit, PlanRule
from .tree import Plan, PlanError, parse

RULES = (*rows.RULES, *effort.RULES)
MAX_BYTES = 20_000_000
_MEASURED = {"timed": "time (TIMING was off)", "buffers": "blocks (BUFFERS was off)"}

__all__ = ["RULES", "PlanError", "examine", "read"]


def read(text: str) -> Any:
    """Return the JSON in a text, also as psql or a log prints it.

    Raises:
        PlanError: there is no JSON in it.
    """
    if len(text) > MAX_BYTES:
        raise PlanError(f"the plan is longer than {MAX_BYTES} characters")
    start = re.search(r"[\[{]", text)
    if start is None:
        raise PlanError("there is no JSON in it; EXPLAIN needs FORMAT JSON (MySQL: FORMAT=JSON)")
    body = re.sub(r"[ \t]*\+[ \t]*$", "", text[start.start() :], flags=re.M)
    try:
        return json.JSONDecoder().raw_decode(body)[0]
    except json.JSONDecodeError as error:
        raise PlanError(
            f"the JSON is broken at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise PlanError("the JSON is nested too deeply") from None


def examine(document: Any) -> tuple[str, Mapping[str, Any], tuple[Evidence, ...]]:
    """Return the engine, what the plan is, and the evidence of every rule that found something.

    Raises:
        PlanError: it is no plan of PostgreSQL, MySQL or MariaDB.
    """
    if iterators.is_plan(document):
        document = iterators.in_first_form(document)
    if mysql.is_plan(document):
        return "mysql", *_mysql(document)
    plan = parse(document)
    facts = {
        "analyzed": plan.analyzed,
        "nodes": sum(1 for _ in plan.nodes()),
        "execution_ms": plan.raw.get("Execution Time"),
        "planning_ms": plan.raw.get("Planning Time"),
    }
    if not plan.analyzed:
        reason = (
            "the plan was not run, so it holds only estimates. To find out: "
            "EXPLAIN (ANALYZE, BUFFERS, SETTINGS, FORMAT JSON) on a replica or staging"
        )
        return "postgres", facts, (Evidence("explain/plan", "unknown", reason),)
    return "postgres", facts, _postgres(plan, facts)


def _postgres(plan: Plan, facts: Mapping[str, Any]) -> tuple[Evidence, ...]:
    evidence, silent = [], 0
    for rule in RULES:
        if rule.needs and not getattr(plan, rule.needs):
            evidence.append(_unmeasured(rule))
            continue
        hits = list(rule.check(plan))
        if hits:
            told = (rule.because, rule.question, rule.threshold, rule.source)
            evidence.append(_evidence(rule.name, hits, *told))
        else:
            silent += 1
    if not any(one.verdict in ("fail", "judge") for one in evidence):
        evidence.append(_nothing(silent, facts))
    return tuple(evidence)


def _mysql(document: Any) -> tuple[Mapping[str, Any], tuple[Evidence, ...]]:
    accesses = list(mysql.tables(document))
    facts = {"analyzed": any(one.analyzed for one in accesses), "tables": len(accesses)}
    if not accesses:
        reason = "the plan reads no table that can be recognised in it"
        return facts, (Evidence("explain/plan", "unknown", reason),)
    evidence = []
    for name, because, question, threshold, check in mysql.RULES:
        hits = list(check(document))
        if hits:
            evidence.append(_evidence(name, hits, because, question, threshold, mysql.SOURCE))
    return facts, tuple(evidence) or (_nothing(len(mysql.RULES), facts),)


def _unmeasured(rule: PlanRule) -> Evidence:
    reason = (
        f"the plan did not measure {_MEASURED[rule.needs]}. "
        "To find out: EXPLAIN (ANALYZE, BUFFERS, TIMING, FORMAT JSON)"
    )
    return Evidence(f"explain/{rule.name}", "unknown", reason, items=(ITEMS[rule.name],))


def _nothing(silent: int, facts: Mapping[str, Any]) -> Evidence:
    return Evidence(
        "explain/plan", "pass", f"none of {silent} rules found anything", observed=dict(facts)
    )


def _evidence(
    name: str,
    hits: list[Hit],
    because: str,
    question: str,
    threshold: Mapping[str, list[str]],
    source: str,
) -> Evidence:
    verdict = worst([one.verdict for one in hits])
    ordered = sorted(hits, key=lambda one: one.verdict != "fail")
    return Evidence(
        probe=f"explain/{name}",
        items=(ITEMS[name],),
        verdict=verdict,
        reason=because,
        question=question if verdict == "judge" else "",
        observed={"places": len(hits)},
        threshold={verdict: threshold[verdict]},
        rows=tuple({"verdict": one.verdict} | dict(one.figures) for one in ordered[:MAX_ROWS]),
        truncated=len(hits) > MAX_ROWS,
        source=source,
    )
