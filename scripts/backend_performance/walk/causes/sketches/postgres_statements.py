"""How evidence about PostgreSQL's statements is worded."""

from __future__ import annotations

from ...statements.model import Row
from ..sketch import BYTES_PER_MB, CALLS, PER_CALL, TIME, Sketch, Sketches, has
from . import shared
from .shared import statement


def _is_large(row: Row) -> bool:
    """Return whether the problem is the number of rows without a LIMIT."""
    rows = row.get("rows_per_call")
    return isinstance(rows, (int, float)) and rows >= 1000 and not row.get("has_limit")


def _hidden(by: str, fix: str, risk: str) -> Sketch:
    return statement(
        f"`{{query_untrusted}}` cannot use `{{index_name}}`: a {by} hides the column, "
        "{blocks_per_call:,} blocks per call",
        f"a {by} hides the column of `{{index_name}}`",
        PER_CALL,
        item="database/query-performance/keep-functions-and-casts-off-indexed-columns",
        fix=fix,
        risk=risk,
        when=has("hidden_by", by),
    )


SKETCHES: Sketches = {
    "n-plus-one-suspects": shared.N_PLUS_ONE,
    "bypassed-indexes": (
        _hidden(
            "cast",
            "compare the bare column: give the parameter the column's type, in the code or as a "
            "cast of the parameter; no new index is needed",
            "a value that the column's type cannot hold becomes an error",
        ),
        _hidden(
            "function",
            "an index on the same expression, built `CONCURRENTLY` and followed by `ANALYZE`; or "
            "write the condition on the bare column, as a half-open range for dates",
            "one more index to write; a half-open range changes which rows match at the border",
        ),
        statement(
            "`{query_untrusted}` does not use `{index_name}`: {blocks_per_call:,} blocks per call",
            "does not use `{index_name}`",
            PER_CALL,
            item="database/indexing/order-index-columns-equality-then-sort-or-range",
        ),
    ),
    "index-walks": statement(
        "`{query_untrusted}` reads {blocks_per_row:,} blocks per row it returns",
        "{blocks_per_row:,} blocks per returned row",
        TIME,
        item="database/indexing/order-index-columns-equality-then-sort-or-range",
    ),
    "costly-writes": (
        statement(
            "`{query_untrusted}` reads {blocks_per_row:,} blocks for each row it writes, "
            "with the triggers `{triggers}`",
            "{blocks_per_row:,} blocks for each written row, with the triggers `{triggers}`",
            TIME,
            when=has("triggers"),
            item="database/query-performance/index-the-querys-shape",
            fix="`BEGIN; EXPLAIN (ANALYZE, BUFFERS) …; ROLLBACK;` with the write gives the time of "
            "each trigger; index what the trigger reads, or leave its work to a job",
            risk="the explained write takes its locks until the rollback",
        ),
        statement(
            "`{query_untrusted}` reads {blocks_per_row:,} blocks for each row it writes",
            "{blocks_per_row:,} blocks for each written row",
            TIME,
            item="database/query-performance/index-the-querys-shape",
        ),
    ),
    "statements-by-total-time": (
        statement(
            "`{query_untrusted}` waits, mostly for locks: {mean_ms:,} ms per call for "
            "{blocks_per_call:,} blocks, {share_pct} % of all statement time",
            "waits, mostly for locks ({mean_ms:,} ms for {blocks_per_call:,} blocks)",
            TIME,
            when=has("waits", True),
            item="database/postgresql-maintenance/find-the-head-of-lock-chains",
        ),
        shared.TOTAL_TIME,
    ),
    "spilling-statements": statement(
        "`{query_untrusted}` sorts or hashes on disk: {temp_mb_per_call} MB per call",
        "{temp_mb_per_call} MB of temporary files per call",
        {"bytes": ("temp_mb", BYTES_PER_MB), "ms_per_call": ("mean_ms", 1.0)},
    ),
    "statement-smells": (
        statement(
            "`{query_untrusted}` skips rows with OFFSET and reads what it skips",
            "skips rows with OFFSET",
            CALLS,
            when=has("uses_offset", True),
            item="database/query-performance/page-large-results-by-key",
        ),
        statement(
            "`{query_untrusted}` wraps a column in a function, so its index cannot be used",
            "a function wraps the column",
            CALLS,
            when=has("function_on_column", True),
            item="database/query-performance/keep-functions-and-casts-off-indexed-columns",
        ),
        statement(
            "`{query_untrusted}` counts a whole table: {blocks_per_call:,} blocks per call",
            "counts a whole table",
            CALLS,
            when=has("counts_all", True),
        ),
        statement(
            "`{query_untrusted}` sorts every candidate by a random number: {blocks_per_call:,} "
            "blocks per call to return {rows_per_call:,} rows",
            "sorts by a random number",
            CALLS,
            when=has("random_order", True),
        ),
        statement(
            "`{query_untrusted}` fetches every column of {rows_per_call:,} rows per call",
            "fetches every column",
            CALLS,
            when=lambda row: row.get("select_star") is True and not _is_large(row),
        ),
        shared.MANY_ROWS,
    ),
    "sequential-scans": Sketch(
        "scan",
        "table",
        ("table_name",),
        "`{table_name}` is read by full scans: {seq_scans:,} scans of {rows_per_seq_scan:,} rows",
        "`{table_name}` is read by full scans ({seq_scans:,} scans)",
        {"rows": ("seq_rows_read", 1.0)},
    ),
}
