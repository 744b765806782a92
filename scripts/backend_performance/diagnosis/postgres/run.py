"""Asking one PostgreSQL server every question of the catalogue."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from contextlib import ExitStack, suppress
from decimal import Decimal
from functools import partial
from typing import Any

from ..guards import reading_only
from ..probes import catalog
from ..probes.probe import Probe
from ..probes.run import Rows, RowsOf, Run, only_row, side_by_side
from ..trouble import CannotRun, NoAnswer
from . import capabilities, functions, looks
from .session import Session, connect

ENGINE = "postgres"
#: Where so many connections are in use, the probes take no second one.
_CROWDED_PCT = 80
TOTAL_SECONDS = 30.0
_EXTENSION_VIEWS = re.compile(r"(?<![\w.'])(pg_stat_statements(?:_info)?)(?![\w.'])")


def run_postgres(
    dsn: str,
    *,
    parameters: Mapping[str, int] | None = None,
    only: Collection[str] | None = None,
    allow_superuser: bool = False,
    allow_cleartext: bool = False,
    timeout: float = TOTAL_SECONDS,
    probes: tuple[Probe, ...] | None = None,
) -> Run:
    """Run the probes of the catalogue, or ``only`` those named, within ``timeout`` seconds.

    They run side by side over two connections, and over a third for those that look several
    times; over one where there are few left.

    Args:
        dsn: URL or keywords; never shown.
        parameters: Facts about the deployment, read by probes as ``backend_performance.NAME``.
        probes: Instead of the catalogue.

    Raises:
        CannotRun: the server cannot be asked at all; the message is safe to show.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    deadline = time.monotonic() + timeout
    chosen = catalog.choose(probes or catalog.load(ENGINE), only)
    gate = catalog.capabilities(ENGINE)
    open_session = partial(
        connect, dsn, parameters, allow_cleartext=allow_cleartext, deadline=deadline
    )
    with ExitStack() as stack:
        first = stack.enter_context(open_session())
        row = _capabilities(first, gate, allow_superuser)
        sessions = [first]
        used = _number(row["connections_used_pct"])
        if len(chosen) > 1 and used is not None and used < _CROWDED_PCT:
            with suppress(CannotRun):  # the role's limit, perhaps: one is enough
                for _ in range(1 + any(probe.looks for probe in chosen)):
                    sessions.append(stack.enter_context(open_session()))
        lanes = [_rows_of(session, gate, row) for session in sessions]
        evidence = side_by_side(lanes, chosen, deadline=deadline)
    return Run(capabilities.server(row), evidence)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) else None


def _rows_of(session: Session, gate: Probe, row: Mapping[str, Any]) -> RowsOf:
    def rows_of(probe: Probe) -> Rows:
        if lack := capabilities.lack(probe, gate, row):
            raise NoAnswer(lack)
        sql = statement(probe, row)
        return looks.taken(probe, lambda: session.rows(sql))

    return rows_of


def explain_postgres(
    dsn: str,
    sql: str,
    *,
    analyze: bool = False,
    allow_superuser: bool = False,
    allow_functions: bool = False,
    allow_cleartext: bool = False,
) -> Any:
    """Return the JSON plan of one reading statement; ``analyze`` runs it, and rolls back.

    Functions of the application that the statement may call are refused on a primary, unless
    ``allow_functions``: planning runs those that are declared IMMUTABLE or STABLE.

    Raises:
        CannotRun: the server cannot be asked, or the statement is refused; safe to show.
    """
    refused = reading_only.objection(sql)
    if refused:
        raise CannotRun(f"no plan: refused before it was sent, because {refused}")
    with connect(dsn, allow_cleartext=allow_cleartext) as session:
        row = _capabilities(session, catalog.capabilities(ENGINE), allow_superuser)
        trusted = allow_functions or not row["primary"]
        try:
            called = session.rows(functions.query(sql))
            refused = functions.objection(called, analyze=analyze, trusted=trusted)
        except NoAnswer as error:
            raise CannotRun(f"no plan: {error}") from None
    if refused:
        raise CannotRun(f"no plan: refused before it was sent, because {refused}")
    # Only the statement finds names as the role does: that path may begin with anybody's schema.
    with connect(dsn, own=False, allow_cleartext=allow_cleartext) as session:
        try:
            return session.plan(sql, analyze=analyze, version=row["server_version_num"] // 10000)
        except NoAnswer as error:
            raise CannotRun(f"no plan: {error}") from None


def _capabilities(session: Session, gate: Probe, allow_superuser: bool) -> Mapping[str, Any]:
    try:
        row = only_row(session.rows(gate.sql), capabilities.FORM)
    except NoAnswer as error:
        raise CannotRun(f"the server's capabilities cannot be read: {error}") from None
    if row["superuser"] and not allow_superuser:
        raise CannotRun(
            "the role is a superuser, which no guard can restrict; use a role with pg_monitor "
            "(CREATE ROLE probe LOGIN; GRANT pg_monitor TO probe), or force it with "
            "--allow-superuser"
        )
    return row


def statement(probe: Probe, row: Mapping[str, Any]) -> str:
    """Return the statement for this server: its version, and where its extension lives."""
    sql = probe.sql_for(row["server_version_num"] // 10000)
    schema = row.get("pg_stat_statements_schema")
    if not isinstance(schema, str):
        return sql
    quoted = '"' + schema.replace('"', '""') + '"'
    return _EXTENSION_VIEWS.sub(lambda match: f"{quoted}.{match[1]}", sql)
