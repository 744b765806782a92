"""A PostgreSQL session that can only read, briefly, and says who it is.

What can be said at start-up is: as SET statements it would be recorded among the statements we
come to read. The limits of time come right after, in one marked statement, which first keeps the
server's own values for the probe that judges them. The extended protocol refuses a second
statement in one call, which in the simple protocol escapes from a read-only transaction.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..redaction import Secrets
from ..trouble import CannotRun, NoAnswer, ServerGone
from . import guard

APPLICATION_NAME = "backend-performance-probe"
_READ_ONLY = {"default_transaction_read_only": "on"}
_LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "200ms",
    "idle_in_transaction_session_timeout": "10s",
}
#: For our own statements; a plan of somebody's statement is asked for as his sessions have it.
_OWN = {
    "search_path": "pg_catalog,pg_temp",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
_HANG_GRACE_S = 7.0  # longer than statement_timeout: a healthy server answers before
_CANCELLED = {
    "57014": "the statement timeout of 5 s",
    "55P03": "the lock timeout of 200 ms: another session holds a lock the probe would wait for",
}


def psycopg() -> Any:
    """Return the driver.

    Raises:
        CannotRun: it is not installed.
    """
    try:
        import psycopg
    except ImportError:
        raise CannotRun(
            "psycopg is not installed; run: pip install 'psycopg[binary]>=3.2,<4' "
            "(or `uv run scripts/probe.py …`, which brings it)"
        ) from None
    return psycopg


class Session:
    """One read-only connection; every question is a transaction of its own."""

    def __init__(self, connection: Any, secrets: Secrets) -> None:
        self._connection = connection
        self._secrets = secrets

    def rows(self, sql: str, *, rollback: bool = False) -> list[dict[str, Any]]:
        """Return the rows of one reading statement.

        Raises:
            NoAnswer: the statement was refused, timed out or failed.
            ServerGone: the connection is lost.
        """
        complaint = guard.objection(sql)
        if complaint:
            raise NoAnswer(f"refused before it was sent, because {complaint}")
        return self._ask(sql, rollback)

    def plan(self, sql: str, *, analyze: bool, version: int) -> Any:
        """Return the JSON plan of one reading statement; ``analyze`` runs it.

        Names are found as the role finds them by default. Placeholders get a generic plan.

        Raises:
            NoAnswer: the statement was refused, timed out or failed.
        """
        complaint = guard.objection(sql)
        generic = re.search(r"\$\d", sql) is not None
        if generic and analyze:
            complaint = "a statement with placeholders cannot be run; put values in their place"
        elif generic and version < 16:
            complaint = "placeholders need PostgreSQL 16 or later; put values in their place"
        if complaint:
            raise NoAnswer(f"refused before it was sent, because {complaint}")
        options = "analyze, buffers, settings" if analyze else "generic_plan" if generic else ""
        options = f"{options}, format json".removeprefix(", ")
        (row,) = self._ask(f"explain ({options}) {sql}", rollback=True)
        return next(iter(row.values()))

    def _ask(self, sql: str, rollback: bool) -> list[dict[str, Any]]:
        driver = psycopg()
        try:
            with _watchdog(self._connection), self._connection.transaction(force_rollback=rollback):
                cursor = self._connection.execute(sql, prepare=True)
                rows: list[dict[str, Any]] = cursor.fetchall()
                return rows
        except driver.Error as error:
            raise self._trouble(error) from None

    def _trouble(self, error: Any) -> NoAnswer:
        """Only the SQLSTATE of an error is told: its text and detail may carry row values."""
        if self._connection.closed or self._connection.broken:
            return ServerGone("the connection to the server was lost during the run")
        state = error.sqlstate or "unknown"
        if state in _CANCELLED:
            return NoAnswer(f"stopped by {_CANCELLED[state]}. To find out: try again later")
        if state == "42501":
            return NoAnswer(
                "the role lacks a privilege (SQLSTATE 42501). "
                "To find out: GRANT pg_monitor TO the probing role"
            )
        return NoAnswer(f"the server answered with SQLSTATE {state}")


@contextmanager
def _watchdog(connection: Any) -> Iterator[None]:
    """Give up on a server that neither answers nor closes the connection."""

    def hang_up() -> None:
        with contextlib.suppress(OSError), socket.socket(fileno=connection.fileno()) as wire:
            try:
                wire.shutdown(socket.SHUT_RDWR)
            finally:
                wire.detach()

    timer = threading.Timer(_HANG_GRACE_S, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def connect(
    dsn: str, parameters: Mapping[str, int] | None = None, *, own: bool = True
) -> Iterator[Session]:
    """Open a session; ``parameters`` reach the statements as ``backend_performance.NAME``.

    Without ``own`` names are looked up and plans made as in any session of the role.

    Raises:
        CannotRun: the driver is missing, the DSN is not one, or the server refuses.
    """
    driver = psycopg()
    custom = {f"backend_performance.{name}": str(n) for name, n in (parameters or {}).items()}
    wanted, secrets = _conninfo(driver, dsn, _READ_ONLY | (_OWN if own else {}) | custom)
    try:
        connection = driver.connect(wanted, row_factory=driver.rows.dict_row)
    except (driver.Error, UnicodeError, ValueError) as error:
        raise CannotRun(_refusal(secrets.redact(str(error)))) from None
    try:
        connection.read_only = True
        session = Session(connection, secrets)
        try:
            session._ask(_limits(), rollback=False)
        except NoAnswer as error:
            raise CannotRun(f"the session cannot be limited: {error}") from None
        yield session
    finally:
        connection.close()


def _limits() -> str:
    """One statement that notes the server's limits and then sets ours; evaluated in this order."""
    noted = [
        f"set_config('backend_performance.server_{name}', current_setting('{name}'), false)"
        for name in _LIMITS
    ]
    ours = [f"set_config('{name}', '{value}', false)" for name, value in _LIMITS.items()]
    return f"select /* {APPLICATION_NAME} */ {', '.join(noted + ours)}"


def _refusal(message: str) -> str:
    if "unsupported startup parameter" in message:
        return (
            "the server refuses start-up options, as PgBouncer does, so the session cannot be "
            "made safe: give the address of the database server itself"
        )
    return message or "the server cannot be reached"


def _conninfo(driver: Any, dsn: str, options: Mapping[str, str]) -> tuple[str, Secrets]:
    from psycopg import conninfo, rows  # noqa: F401 - rows is used as driver.rows

    # SQLAlchemy names its driver in the scheme
    dsn = re.sub(r"^(postgres(?:ql)?)\+\w+://", r"\1://", dsn)
    try:
        given = conninfo.conninfo_to_dict(dsn)
    except driver.Error:
        raise CannotRun(
            "the connection string is not one; expected postgresql://user@host/database "
            "or host=… dbname=… (its text is withheld)"
        ) from None
    settings = " ".join(f"-c {name}={value}" for name, value in options.items())
    own = {
        "application_name": APPLICATION_NAME,
        "options": f"{given.get('options', '')} {settings}".strip(),
        "connect_timeout": given.get("connect_timeout", "5"),
        "tcp_user_timeout": "10000",
    }
    return conninfo.make_conninfo("", **(given | own)), Secrets(dsn, given)
