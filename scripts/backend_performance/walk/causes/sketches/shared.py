"""Words for what PostgreSQL and MySQL report alike."""

from __future__ import annotations

from functools import partial

from ..sketch import CALLS, TIME, Sketch

statement = partial(Sketch, "statement", "statement", ("query_untrusted", "queryid", "digest"))
N_PLUS_ONE = statement(
    "`{query_untrusted}` runs once per row of another statement: "
    "{calls_per_parent_call:,} times for each `{parent_query_untrusted}`",
    "once per row of another statement ({calls_per_parent_call:,} times each)",
    CALLS,
)
TOTAL_TIME = statement(
    "`{query_untrusted}` takes {share_pct} % of all statement time ({mean_ms:,} ms × {calls:,})",
    "{share_pct} % of all statement time ({mean_ms:,} ms × {calls:,})",
    TIME,
)
MANY_ROWS = statement(
    "`{query_untrusted}` returns {rows_per_call:,} rows per call",
    "{rows_per_call:,} rows per call",
    CALLS,
)
READ_WRITE_RATIO = Sketch(
    "cacheable",
    "table",
    (),
    "tables are read far more than written, so a cache may pay: `{table_name}` "
    "({reads_per_write:,} reads per write)",
    "`{table_name}` ({reads_per_write:,})",
)
