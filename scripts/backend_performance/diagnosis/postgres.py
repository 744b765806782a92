"""Asking one PostgreSQL server every question of the catalogue."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import capabilities, catalog, verdict
from .evidence import Evidence
from .postgres_session import CannotRun, NoAnswer, ServerGone, Session, connect
from .probe import Probe

ENGINE = "postgres"
TOTAL_SECONDS = 30.0
_EXTENSION_VIEWS = re.compile(r"(?<![\w.'])(pg_stat_statements(?:_info)?)(?![\w.'])")


@dataclass(frozen=True)
class PostgresRun:
    """What the server is, and its answers in the order of the catalogue."""

    server: Mapping[str, Any]
    evidence: tuple[Evidence, ...]


def run_postgres(
    dsn: str,
    *,
    parameters: Mapping[str, int] | None = None,
    only: Collection[str] | None = None,
    allow_superuser: bool = False,
    timeout: float = TOTAL_SECONDS,
    probes: tuple[Probe, ...] | None = None,
) -> PostgresRun:
    """Run the probes of the catalogue, or ``only`` those named, within ``timeout`` seconds.

    Args:
        dsn: URL or keywords; never shown.
        parameters: Facts about the deployment, read by probes as ``backend_performance.NAME``.
        probes: Instead of the catalogue.

    Raises:
        CannotRun: the server cannot be asked at all; the message is safe to show.
        KeyError: ``only`` names a probe that does not exist.
    """
    deadline = time.monotonic() + timeout
    chosen = choose(probes or catalog.load(ENGINE), only)
    gate = catalog.capabilities(ENGINE)
    with connect(dsn, parameters) as session:
        row = _capabilities(session, gate, allow_superuser)
        evidence = tuple(_answers(session, chosen, gate, row, deadline))
    return PostgresRun(capabilities.server(row), evidence)


def explain_postgres(
    dsn: str, sql: str, *, analyze: bool = False, allow_superuser: bool = False
) -> Any:
    """Return the JSON plan of one reading statement; ``analyze`` runs it, and rolls back.

    Raises:
        CannotRun: the server cannot be asked, or the statement is refused; safe to show.
    """
    with connect(dsn, own=False) as session:
        row = _capabilities(session, catalog.capabilities(ENGINE), allow_superuser)
        try:
            return session.plan(sql, analyze=analyze, version=row["server_version_num"] // 10000)
        except NoAnswer as error:
            raise CannotRun(f"no plan: {error}") from None


def _capabilities(session: Session, gate: Probe, allow_superuser: bool) -> Mapping[str, Any]:
    try:
        (row,) = session.rows(gate.sql)
    except NoAnswer as error:
        raise CannotRun(f"the server does not say what it can do: {error}") from None
    if row["superuser"] and not allow_superuser:
        raise CannotRun(
            "the role is a superuser, which no guard can hold; use a role with pg_monitor "
            "(CREATE ROLE probe LOGIN; GRANT pg_monitor TO probe), or force it with "
            "--allow-superuser"
        )
    return row


def choose(probes: tuple[Probe, ...], only: Collection[str] | None) -> tuple[Probe, ...]:
    """Return the probes named, with or without their engine.

    Raises:
        KeyError: a name that no probe has.
    """
    if not only:
        return probes
    wanted = {name if "/" in name else f"{ENGINE}/{name}" for name in only}
    for name in sorted(wanted - {probe.id for probe in probes}):
        raise KeyError(name)
    return tuple(probe for probe in probes if probe.id in wanted)


def _answers(
    session: Session,
    probes: tuple[Probe, ...],
    gate: Probe,
    row: Mapping[str, Any],
    deadline: float,
) -> Iterator[Evidence]:
    gone = ""
    for probe in probes:
        reason = gone or capabilities.lack(probe, gate, row)
        remaining = deadline - time.monotonic()
        if not reason and remaining <= 0:
            reason = "the time budget of the run was used up. To find out: raise --timeout"
        if reason:
            yield verdict.missing(probe, reason)
            continue
        started = time.monotonic()
        try:
            rows = session.rows(statement(probe, row))
            yield verdict.judge(probe, rows, _since(started))
        except ServerGone as error:
            gone = f"{error}. To find out: run the probe again"
            yield verdict.missing(probe, gone, _since(started))
        except NoAnswer as error:
            yield verdict.missing(probe, str(error), _since(started))


def statement(probe: Probe, row: Mapping[str, Any]) -> str:
    """Return the statement for this server: its version, and where its extension lives."""
    sql = probe.sql_for(row["server_version_num"] // 10000)
    schema = row.get("pg_stat_statements_schema")
    if schema is None:
        return sql
    quoted = '"' + schema.replace('"', '""') + '"'
    return _EXTENSION_VIEWS.sub(lambda match: f"{quoted}.{match[1]}", sql)


def _since(started: float) -> float:
    return (time.monotonic() - started) * 1000
