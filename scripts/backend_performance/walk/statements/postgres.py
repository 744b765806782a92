"""Statements for PostgreSQL."""

from __future__ import annotations

from .model import Row, Statement, column, columns, qualified

_CONCURRENT = "writes go on; waits for open transactions, runs outside of any"
_BRIEF = "lock: SHARE UPDATE EXCLUSIVE, for a moment; reads and writes go on"


def create_index(row: Row) -> tuple[Statement, ...]:
    """Return the index that a foreign key lacks."""
    table, names = qualified(row.get("table_name")), columns(row.get("columns"))
    note = f"lock: {_CONCURRENT}. Risk: writes keep one more index; a failed one stays invalid"
    text = f"CREATE INDEX CONCURRENTLY ON {table} ({names});"
    return (Statement(text, note),) if table and names else ()


def drop_index(row: Row) -> tuple[Statement, ...]:
    """Return the statement that drops an index."""
    index = qualified(row.get("index_name"))
    note = f"lock: {_CONCURRENT}. Risk: plans that used it change; keep pg_get_indexdef"
    return (Statement(f"DROP INDEX CONCURRENTLY {index};", note),) if index else ()


def rebuild_index(row: Row) -> tuple[Statement, ...]:
    """Return what gets rid of an index that failed half-way, and how to have it again."""
    index = qualified(row.get("index_name"))
    note = (
        "or this, once what made it fail (mostly duplicate values) is repaired. "
        f"Lock: {_CONCURRENT}"
    )
    rebuilt = Statement(f"REINDEX INDEX CONCURRENTLY {index};", note)
    return (*drop_index(row), rebuilt) if index else ()


def reset_autovacuum(row: Row) -> tuple[Statement, ...]:
    """Return what switches autovacuum on again, for the server or for a table."""
    if row.get("server_autovacuum") is False or row.get("server_track_counts") is False:
        name = "autovacuum" if row.get("server_autovacuum") is False else "track_counts"
        return (
            Statement(
                f"ALTER SYSTEM SET {name} = on;\nSELECT pg_reload_conf();",
                "lock: none. Risk: overdue vacuums all start; on a managed service use its "
                "parameter group",
            ),
        )
    table = qualified(row.get("table_name"))
    note = f"{_BRIEF}. Risk: a vacuum of the table starts soon"
    return (Statement(f"ALTER TABLE {table} RESET (autovacuum_enabled);", note),) if table else ()


def reset_option(row: Row) -> tuple[Statement, ...]:
    """Return what takes an option of a table back to the server's value."""
    table, option = qualified(row.get("table_name")), column(row.get("option_name"))
    text, note = f"ALTER TABLE {table} RESET ({option});", f"{_BRIEF}. Risk: none known"
    return (Statement(text, note),) if table and option else ()


def vacuum(row: Row) -> tuple[Statement, ...]:
    """Return what removes a table's dead rows and gathers its statistics."""
    table = qualified(row.get("table_name"))
    note = "lock: SHARE UPDATE EXCLUSIVE; reads and writes go on. Risk: reads and writes disk"
    return (Statement(f"VACUUM (ANALYZE) {table};", note),) if table else ()


def analyze(row: Row) -> tuple[Statement, ...]:
    """Return what gathers a table's statistics."""
    table = qualified(row.get("table_name"))
    note = "lock: SHARE UPDATE EXCLUSIVE; reads and writes go on. Risk: plans change at once"
    return (Statement(f"ANALYZE {table};", note),) if table else ()


def reset_role_setting(row: Row) -> tuple[Statement, ...]:
    """Return what takes a setting of a role, a database or both back to the server's value."""
    role, database = column(row.get("role_name")), column(row.get("database_name"))
    setting = qualified(row.get("setting"))
    if not setting or not (role or database):
        return ()
    if role:
        within = f" IN DATABASE {database}" if database else ""
        text = f"ALTER ROLE {role}{within} RESET {setting};"
    else:
        text = f"ALTER DATABASE {database} RESET {setting};"
    return (Statement(text, "lock: none; new sessions only. Risk: the plans of that role change"),)


def server_setting(name: str, value: str, risk: str, *, restart: bool = False) -> Statement:
    """Return what changes a setting of the whole server."""
    if restart:
        return Statement(f"ALTER SYSTEM SET {name} = {value};", f"needs a restart. Risk: {risk}")
    text = f"ALTER SYSTEM SET {name} = {value};\nSELECT pg_reload_conf();"
    return Statement(text, f"lock: none; a reload is enough. Risk: {risk}")


def end_session(row: Row) -> tuple[Statement, ...]:
    """Return what ends a session that holds others up, never one that waits itself."""
    pid = row.get("head_of_queue" if "waiting_role" in row else "pid")
    if not isinstance(pid, int) or isinstance(pid, bool) or not pid:
        return ()
    note = (
        "ends that session and rolls its transaction back. Risk: its work is lost; look at "
        "what it does first"
    )
    return (Statement(f"SELECT pg_terminate_backend({pid});", note),)


def drop_slot(row: Row) -> tuple[Statement, ...]:
    """Return the statement that drops an unread replication slot."""
    name = row.get("slot_name")
    if not isinstance(name, str) or not column(name) or row.get("active"):
        return ()
    quoted = name.replace("'", "''")
    note = "lock: none. Risk: its consumer must be rebuilt; drop it only if it will not return"
    return (Statement(f"SELECT pg_drop_replication_slot('{quoted}');", note),)
