"""Statements for MySQL and MariaDB."""

from __future__ import annotations

from .model import Row, Statement, backticked

_ONLINE = "online in InnoDB, waits for a metadata lock: set lock_wait_timeout to a few seconds"


def _table(row: Row) -> str | None:
    schema, table = backticked(row.get("schema_name")), backticked(row.get("table_name"))
    if not table:
        return None
    return f"{schema}.{table}" if schema else table


def drop_index(row: Row) -> tuple[Statement, ...]:
    """Return the statement that drops an index."""
    table, index = _table(row), backticked(row.get("index_name"))
    if not table or not index:
        return ()
    text = f"ALTER TABLE {table} DROP INDEX {index}, ALGORITHM=INPLACE, LOCK=NONE;"
    note = f"{_ONLINE}. Rehearse: ALTER INDEX … INVISIBLE (MySQL) or IGNORED (MariaDB 10.6+)"
    return (Statement(text, note),)


def to_innodb(row: Row) -> tuple[Statement, ...]:
    """Return what gives a table row locks and crash recovery."""
    table = _table(row)
    note = "copies the table and blocks writes meanwhile. Risk: as long as a full read and write"
    return (Statement(f"ALTER TABLE {table} ENGINE=InnoDB;", note),) if table else ()


def end_session(row: Row) -> tuple[Statement, ...]:
    """Return what ends a session that holds others up, never one that waits itself."""
    waits = row.get("waits_for") not in (None, "none")
    pid = row.get("blocking_session_id" if waits else "session_id")
    if not isinstance(pid, int) or isinstance(pid, bool):
        return ()
    note = "ends that session and rolls its transaction back. Risk: its work is lost"
    return (Statement(f"KILL {pid};", note),)
