"""How evidence about MySQL and MariaDB is worded."""

from __future__ import annotations

from functools import partial

from ...statements import mysql as run
from ..sketch import CALLS, PER_CALL, Sketch, Sketches, has, is_whole
from . import shared
from .shared import statement

_connections = partial(Sketch, "connections", "pool", (), is_urgent=True)
_index = partial(
    Sketch, "superfluous-index", "index", ("index_name",), statements=run.drop_index, joins=True
)
_key = partial(Sketch, "primary-key", "table", ("table_name",), cost={"rows": ("table_rows", 1.0)})

SKETCHES: Sketches = {
    "n-plus-one-suspects": shared.N_PLUS_ONE,
    "full-scan-statements": statement(
        "`{query_untrusted}` reads {examined_per_call:,} rows without an index to return "
        "{rows_per_call:,}",
        "reads {examined_per_call:,} rows per call without an index",
        PER_CALL,
    ),
    "statements-by-total-time": shared.TOTAL_TIME,
    "spilling-statements": statement(
        "`{query_untrusted}` builds temporary tables on disk",
        "temporary tables on disk",
        PER_CALL,
    ),
    "statement-smells": (
        statement(
            "`{query_untrusted}` skips rows with OFFSET and reads what it skips",
            "skips rows with OFFSET",
            CALLS,
            when=has("uses_offset", 1),
        ),
        statement(
            "`{query_untrusted}` wraps a column in a function, so its index cannot be used",
            "a function wraps the column",
            CALLS,
            when=has("function_on_column", 1),
        ),
        shared.MANY_ROWS,
    ),
    "redundant-indexes": _index(
        "the index `{index_name}` of `{table_name}` repeats `{covered_by}`",
        "`{table_name}`.`{index_name}` (covered by `{covered_by}`)",
    ),
    "unused-indexes": _index(
        "the index `{index_name}` of `{table_name}` has served no read in {uptime_days} days",
        "`{table_name}`.`{index_name}` (no read in {uptime_days} days)",
    ),
    "missing-primary-keys": _key(
        "`{table_name}` has no primary key ({table_rows:,} rows)",
    ),
    "long-primary-keys": _key(
        "every secondary index of `{table_name}` ({secondary_indexes}) repeats its primary key "
        "`{key_columns}` of {key_characters} characters ({table_rows:,} rows)",
        fix="a short key (`BIGINT AUTO_INCREMENT`, or the UUID as `BINARY(16)`) through an "
        "online copy, the long one in a unique index",
        risk="the table is rebuilt, replicas lag, and what references the key changes with it",
    ),
    "storage-engines": Sketch(
        "engine",
        "table",
        ("table_name",),
        "`{table_name}` uses {engine}: table locks, no crash recovery",
        cost={"rows": ("table_rows", 1.0)},
        statements=run.to_innodb,
    ),
    "auto-increment-near-end": Sketch(
        "sequence",
        "table",
        ("table_name",),
        "`{table_name}`.`{column_name}` has used {used_pct} % of its range",
        is_urgent=True,
        fix="widen it, and what references it, to `BIGINT` by an online copy (gh-ost)",
        risk="the copy takes disk and replicas lag; a plain ALTER TABLE would block writes",
    ),
    "connection-budget": (
        _connections(
            "the pools may open {pool_total:,} connections, the server allows {max_connections:,}",
            cost={"connections": ("pool_total", 1.0)},
            when=is_whole("pool_total"),
        ),
        _connections(
            "connections: {in_use_pct} % in use now, {peak_pct} % at the peak",
        ),
    ),
    "buffer-pool-hit-ratio": Sketch(
        "buffer-pool",
        "server",
        (),
        "{hit_pct} % of page requests hit the buffer pool of {buffer_pool_mb:,} MB, and the "
        "others read the disk",
        fix="raise `innodb_buffer_pool_size` online, up to three quarters of the memory of a "
        "dedicated server, and check whether the ratio rises",
        risk="the memory of each connection, times their number, comes on top",
    ),
    "lock-waits": (
        Sketch(
            "metadata-lock",
            "connection",
            ("session_id",),
            "`{waiting_query_untrusted}` of {waiting_user} waits {waited_s} s for a metadata lock, "
            "and later statements on that table queue behind it; the oldest transaction open "
            "before it is session {suspect_session_id}",
            cost={"seconds": ("waited_s", 1.0)},
            is_urgent=True,
            when=has("waits_for", "metadata"),
            fix="commit or end the older transaction, or cancel what waits (`KILL QUERY`); set "
            "`lock_wait_timeout` to 5 s in the session of a schema change, and retry it",
            risk="an ended session loses its transaction",
        ),
        Sketch(
            "open-transaction",
            "connection",
            ("blocking_session_id",),
            "sessions wait up to {waited_s} s for locks of session {blocking_session_id} of "
            "{blocking_user}: `{waiting_query_untrusted}`",
            "`{waiting_query_untrusted}` of {waiting_user} has waited {waited_s} s for its locks",
            {"seconds": ("waited_s", 1.0)},
            run.end_session,
            is_urgent=True,
        ),
    ),
    "idle-in-transaction": Sketch(
        "open-transaction",
        "connection",
        ("session_id",),
        "session {session_id} has been idle in a transaction for {idle_in_transaction_s} s",
        "idle in its transaction for {idle_in_transaction_s} s",
        {"seconds": ("idle_in_transaction_s", 1.0)},
        run.end_session,
    ),
    "long-transactions": (
        Sketch(
            "open-transaction",
            "connection",
            ("session_id",),
            "{history_length:,} undo logs of old row versions wait to be purged; the oldest "
            "transaction, of session {session_id}, has been open for {transaction_s} s",
            "the oldest one, with {history_length:,} undo logs waiting to be purged",
            {"seconds": ("transaction_s", 1.0)},
            run.end_session,
            when=lambda row: (
                bool(row.get("is_oldest"))
                and bool(row.get("transaction_s"))
                and isinstance(row.get("history_length"), (int, float))
                and row["history_length"] >= 100_000
            ),
        ),
        Sketch(
            "open-transaction",
            "connection",
            ("session_id",),
            "a transaction of session {session_id} has been open for {transaction_s} s",
            "open for {transaction_s} s",
            {"seconds": ("transaction_s", 1.0)},
            run.end_session,
        ),
    ),
    "settings": Sketch(
        "setting",
        "setting",
        (),
        "settings are unsafe or at the defaults of a small machine: `{name}` = {value}",
        "`{name}` = {value}",
    ),
    "read-write-ratio": shared.READ_WRITE_RATIO,
}
