"""How evidence about PostgreSQL's tables and indexes is worded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ...statements import postgres as run
from ...statements.model import Row, Statement
from ..sketch import BYTES_PER_KB, BYTES_PER_MB, Sketch, Sketches, always

_vacuum = partial(Sketch, "vacuum", "table", ("table_name",))


def _drop_when_sure(row: Row) -> tuple[Statement, ...]:
    """Return the drop, unless young statistics or a standby make it only a question."""
    return run.drop_index(row) if row.get("verdict") == "fail" else ()


def _unused(span: str, when: Callable[[Row], bool] = always) -> Sketch:
    return Sketch(
        "superfluous-index",
        "index",
        ("index_name",),
        f"`{{index_name}}` has served no scan in {span}",
        f"`{{index_name}}` (no scan in {span})",
        {"bytes": ("index_kb", BYTES_PER_KB)},
        _drop_when_sure,
        joins=True,
        when=when,
    )


SKETCHES: Sketches = {
    "autovacuum-disabled": (
        Sketch(
            "vacuum",
            "setting",
            (),
            "autovacuum is off for the whole server",
            statements=run.reset_autovacuum,
            is_urgent=True,
            when=lambda r: (
                r.get("server_autovacuum") is False or r.get("server_track_counts") is False
            ),
        ),
        _vacuum(
            "autovacuum is off for `{table_name}` ({row_count:,} rows)",
            "autovacuum is off for it",
            {"rows": ("row_count", 1.0)},
            run.reset_autovacuum,
        ),
    ),
    "table-options": _vacuum(
        "`{table_name}` has {option_name} = {number}, so it is hardly ever maintained",
        "its {option_name} is {number}",
        statements=run.reset_option,
    ),
    "dead-rows": _vacuum(
        "`{table_name}` holds {dead_rows:,} dead rows ({dead_pct} %) that are not vacuumed",
        "{dead_rows:,} dead rows ({dead_pct} %)",
        {"rows": ("dead_rows", 1.0)},
        run.vacuum,
    ),
    "stale-statistics": _vacuum(
        "the statistics of `{table_name}` are out of date: {changed:,} rows changed "
        "({changed_pct} %)",
        "statistics out of date ({changed_pct} % changed)",
        {"rows": ("changed", 1.0)},
        run.analyze,
    ),
    "table-bloat": _vacuum(
        "`{table_name}` wastes {wasted_mb:,} MB ({wasted_pct} % of its size)",
        "{wasted_mb:,} MB wasted",
        {"bytes": ("wasted_mb", BYTES_PER_MB)},
    ),
    "unindexed-foreign-keys": Sketch(
        "foreign-key",
        "table",
        ("constraint_name",),
        "`{table_name}` ({columns}) references `{parent_name}` without an index: each delete "
        "of a parent reads {child_rows:,} rows",
        "no index on its foreign key ({columns})",
        {"rows": ("child_rows", 1.0)},
        run.create_index,
    ),
    "invalid-indexes": Sketch(
        "invalid-index",
        "index",
        ("index_name",),
        "the index `{index_name}` of `{table_name}` is invalid: no query uses it",
        "its index `{index_name}` is invalid",
        {"bytes": ("index_kb", BYTES_PER_KB)},
        run.rebuild_index,
    ),
    "duplicate-indexes": Sketch(
        "superfluous-index",
        "index",
        ("index_name",),
        "`{index_name}` repeats `{covered_by}`",
        "`{index_name}` (covered by `{covered_by}`)",
        {"bytes": ("index_kb", BYTES_PER_KB)},
        run.drop_index,
        joins=True,
    ),
    "unused-indexes": (
        _unused("statistics of less than a day", lambda row: row.get("statistics_days") == 0),
        _unused("{statistics_days} days"),
    ),
    "hot-updates": Sketch(
        "hot-updates",
        "table",
        ("table_name",),
        "updates of `{table_name}` write every index: {hot_pct} % of {updates:,} stay on "
        "their page",
        "{hot_pct} % of its updates are HOT",
        {"rows": ("updates", 1.0)},
    ),
    "row-policies": Sketch(
        "row-policy",
        "table",
        ("table_name",),
        "the policy `{policy_name}` of `{table_name}` calls {function_names_untrusted} for "
        "each of up to {row_count:,} rows",
        cost={"rows": ("row_count", 1.0)},
    ),
    "sequences-near-end": Sketch(
        "sequence",
        "table",
        ("sequence_name",),
        "the sequence `{sequence_name}` has used {used_pct} % of its range",
        is_urgent=True,
        fix="add a `bigint` column, keep it in sync by a trigger, fill it in batches, then "
        "swap the columns in one short transaction; do the same for foreign keys to it",
        risk="code that reads the number as 32 bits has to follow, and so do views",
    ),
    "wraparound": Sketch(
        "wraparound",
        "server",
        ("database",),
        "the database `{database}` is {xid_age:,} transactions from its last freeze",
        is_urgent=True,
    ),
}
