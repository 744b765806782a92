"""How evidence about PostgreSQL's server and sessions is worded."""

from __future__ import annotations

from ...statements import postgres as run
from ...statements.model import Row, Statement
from ..sketch import BYTES_PER_MB, Sketch, Sketches, has, is_whole
from . import shared

_SAFETY = ("fsync", "full_page_writes", "synchronous_commit")


def _safe_again(row: Row) -> tuple[Statement, ...]:
    name = str(row.get("name"))
    risk = "commits wait for the disk again, which is what makes them durable"
    return (run.server_setting(name, "on", risk),) if name in _SAFETY else ()


def _logged(row: Row) -> tuple[Statement, ...]:
    made = {
        "log_lock_waits": ("on", "some lines in the log"),
        "log_min_duration_statement": ("'500ms'", "texts with their values in the log"),
        "track_io_timing": ("on", "a little per read; pg_test_timing shows how much"),
    }
    name = str(row.get("name"))
    return (run.server_setting(name, *made[name]),) if name in made else ()


SKETCHES: Sketches = {
    "connection-budget": (
        Sketch(
            "connections",
            "pool",
            (),
            "the pools may open {pool_total:,} connections, the server allows {usable:,}",
            cost={"connections": ("pool_total", 1.0)},
            is_urgent=True,
            when=is_whole("pool_total"),
        ),
        Sketch(
            "connections",
            "pool",
            (),
            "{in_use_pct} % of the server's connections are in use",
            cost={"connections": ("in_use", 1.0)},
            is_urgent=True,
        ),
    ),
    "lock-waits": Sketch(
        "open-transaction",
        "connection",
        ("head_of_queue", "pid"),
        "sessions wait up to {waited_s} s behind session {head_of_queue} of {head_role} "
        "(`{head_application_untrusted}`, {head_state}, last `{head_query_untrusted}`): "
        "`{waiting_query_untrusted}`",
        "`{waiting_query_untrusted}` of {waiting_role} waits {waited_s} s for its locks",
        {"seconds": ("waited_s", 1.0)},
        run.end_session,
        is_urgent=True,
    ),
    "idle-in-transaction": (
        Sketch(
            "open-transaction",
            "connection",
            ("pid",),
            "a session of `{role}` has been in a failed transaction for {idle_in_transaction_s} s: "
            "the server rejects its statements until it rolls back",
            "its transaction failed {idle_in_transaction_s} s ago",
            {"seconds": ("idle_in_transaction_s", 1.0)},
            run.end_session,
            when=has("aborted", True),
        ),
        Sketch(
            "open-transaction",
            "connection",
            ("pid",),
            "a session of `{role}` has been idle in a transaction for {idle_in_transaction_s} s",
            "idle in its transaction for {idle_in_transaction_s} s",
            {"seconds": ("idle_in_transaction_s", 1.0)},
            run.end_session,
        ),
    ),
    "long-transactions": (
        Sketch(
            "open-transaction",
            "connection",
            ("prepared_xid",),
            "a prepared transaction of `{role}` has waited {transaction_s} s to be finished: it "
            "keeps its locks and holds back vacuum",
            cost={"seconds": ("transaction_s", 1.0)},
            when=has("kind", "prepared"),
        ),
        Sketch(
            "open-transaction",
            "connection",
            ("pid", "prepared_xid"),
            "a transaction of `{role}` has been open for {transaction_s} s and holds back vacuum",
            "open for {transaction_s} s",
            {"seconds": ("transaction_s", 1.0)},
            run.end_session,
        ),
    ),
    "role-settings": (
        Sketch(
            "role-setting",
            "setting",
            ("role_name", "database_name"),
            "`{setting}` is {value} for the role {role_name} only",
            statements=run.reset_role_setting,
            item="database/postgresql-maintenance/check-the-settings-that-matter-and-only-those",
            when=has("role_name"),
        ),
        Sketch(
            "role-setting",
            "setting",
            ("database_name",),
            "`{setting}` is {value} for the database {database_name} only",
            statements=run.reset_role_setting,
            item="database/postgresql-maintenance/check-the-settings-that-matter-and-only-those",
        ),
    ),
    "replication-slots": Sketch(
        "replication",
        "server",
        ("slot_name",),
        "the replication slot `{slot_name}` retains {retained_mb:,} MB of WAL",
        cost={"bytes": ("retained_mb", BYTES_PER_MB)},
        statements=run.drop_slot,
        is_urgent=True,
    ),
    "replication-lag": Sketch(
        "replication",
        "server",
        ("application_untrusted",),
        "`{application_untrusted}` is {behind_mb:,} MB of WAL behind ({state}, {sync_state})",
        "{behind_mb:,} MB behind",
        {"bytes": ("behind_mb", BYTES_PER_MB)},
    ),
    "standby-lag": Sketch(
        "replication",
        "server",
        (),
        "this standby has {received_not_replayed_mb:,} MB of WAL to replay",
        cost={"bytes": ("received_not_replayed_mb", BYTES_PER_MB)},
    ),
    "connection-churn": Sketch(
        "churn",
        "pool",
        (),
        "connections are opened for {transactions_per_session} transactions each: {sessions:,} "
        "sessions of {seconds_per_session} s, {sessions_per_hour:,} an hour",
    ),
    "io-by-backend": Sketch(
        "io",
        "server",
        ("backend_type",),
        "sessions write {writes_pct} % of the blocks themselves and flushed {fsyncs:,} files",
    ),
    "waits-now": Sketch(
        "waits",
        "server",
        ("wait",),
        "sessions wait for {wait} ({kind}), {sessions_mean} on average, the longest for "
        "{longest_s} s: `{query_untrusted}` of {role} (`{application_untrusted}`)",
        "{wait} in `{query_untrusted}`",
        {"seconds": ("longest_s", 1.0)},
        item="database/postgresql-maintenance/find-the-head-of-lock-chains",
    ),
    "settings": (
        Sketch(
            "unsafe",
            "setting",
            ("name",),
            "`{name}` is {value}: a crash can lose data",
            statements=_safe_again,
            is_urgent=True,
            when=has("name", *_SAFETY),
        ),
        Sketch(
            "timeouts",
            "setting",
            (),
            "no timeout is set: `{name}`",
            "`{name}`",
            item="database/connection-pooling/set-all-four-database-timeouts",
            when=has("is_timeout", True),
        ),
        Sketch(
            "defaults",
            "setting",
            (),
            "settings are at the defaults of a small machine: `{name}`",
            "`{name}`",
            when=has("name", "effective_cache_size", "random_page_cost", "shared_buffers"),
        ),
        Sketch(
            "setting",
            "setting",
            ("name",),
            "`{name}` is {memory_mb:,} MB",
            when=is_whole("memory_mb"),
        ),
        Sketch("setting", "setting", ("name",), "`{name}` is {value} {unit}", when=has("unit")),
        Sketch("setting", "setting", ("name",), "`{name}` is {value}"),
    ),
    "statistics-tracking": Sketch(
        "tracking",
        "setting",
        (),
        "the server does not record what an investigation needs: `{name}`",
        "`{name}`",
        statements=_logged,
    ),
    "read-write-ratio": shared.READ_WRITE_RATIO,
}
