"""A PostgreSQL session that can only read, ends soon and identifies itself.

Settings are given at start-up, because SET statements would be recorded among those we read. Time
limits are set in each transaction and end with it, because behind a pooler the connection belongs
to the application too.
"""

from __future__ import annotations

import logging
import math
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

from ..guards import cleartext, reading_only, sent
from ..guards.patience import Overdue, within
from ..probes.run import only_row
from ..trouble import CannotRun, NoAnswer, ServerGone
from . import address
from .address import APPLICATION_NAME, SWALLOWED
from .sqlstate import reason

_BEHIND = "behind a pooler, give the address of the database server itself"
#: The second, so that the text which the guard has read is what the server reads. The third,
#: because only our start-up options set it: a role may have the other values by itself.
_READ_ONLY = {
    "default_transaction_read_only": "on",
    "standard_conforming_strings": "on",
    "backend_performance.session": "ours",
}
_LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "200ms",
    "idle_in_transaction_session_timeout": "10s",
}
#: Used for our own statements only. A user's statement is explained with the user's own settings.
_OWN = {
    "search_path": "pg_catalog,pg_temp",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
#: A larger answer is rejected: no probe has so many rows.
MAX_ROWS = 10_000
_CONNECT_S = 15.0
_HANG_GRACE_S = 7.0  # longer than statement_timeout: a healthy server answers before
_LOST = "the connection to the server was lost during the run, or it did not answer in 7 s"


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
    # The driver logs a server's final messages unredacted, although nothing asked for them.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    return psycopg


class Session:
    """One read-only connection; every query runs in its own transaction."""

    def __init__(self, connection: Any, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._limits = ""

    def begin(self, *, own: bool) -> None:
        """Note the server's own limits, and make sure that this session is the one asked for.

        Raises:
            NoAnswer: the server does not answer.
            CannotRun: something in between keeps the start-up options from the server.
        """
        names = ("session", "path", "read_only", *_LIMITS)
        row = only_row(self._ask(GREETING), dict.fromkeys(names, str))
        if (row["session"], row["read_only"]) != ("ours", "on"):
            raise CannotRun(SWALLOWED)
        if own and row["path"] != _OWN["search_path"]:
            raise CannotRun(SWALLOWED)
        self.limits({name: str(row[name]) for name in _LIMITS})

    def limits(self, of_server: Mapping[str, str]) -> None:
        """Limit each transaction from now on, and tell its statements the server's own limits."""
        self._limits = limiting(of_server)

    def rows(self, sql: str, *, rollback: bool = False) -> list[dict[str, Any]]:
        """Return the rows of one reading statement.

        Raises:
            NoAnswer: the statement was refused, timed out or failed.
            ServerGone: the connection is lost.
        """
        if complaint := reading_only.objection(sql):
            raise NoAnswer(f"refused before it was sent, because {complaint}")
        return self._ask(sql, rollback)

    def plan(self, sql: str, *, analyze: bool, version: int) -> Any:
        """Return the JSON plan of one reading statement; ``analyze`` runs it.

        Names are found as the role finds them by default. Placeholders get a generic plan.

        Raises:
            NoAnswer: the statement was refused, timed out or failed.
        """
        complaint = reading_only.objection(sql)
        generic = re.search(r"\$\d", sql) is not None
        if generic and analyze:
            complaint = "a statement with placeholders cannot be run; put values in their place"
        elif generic and version < 16:
            complaint = "placeholders need PostgreSQL 16 or later; put values in their place"
        if complaint:
            raise NoAnswer(f"refused before it was sent, because {complaint}")
        options = "analyze, buffers, settings" if analyze else "generic_plan" if generic else ""
        options = f"{options}, format json".removeprefix(", ")
        rows = self._ask(f"explain ({options}) {sql}", rollback=True)
        return only_row(rows, {"QUERY PLAN": object})["QUERY PLAN"]

    def _ask(self, sql: str, rollback: bool = False) -> list[dict[str, Any]]:
        driver = psycopg()
        try:
            return within(
                _HANG_GRACE_S,
                lambda: self._transaction(sql, rollback),
                self._hang_up,
                deadline=self._deadline,
            )
        except Overdue as overdue:
            raise ServerGone(str(overdue)) from None
        except driver.Error as error:
            raise self._trouble(error) from None
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
            raise NoAnswer("the answer has values that cannot be read") from None

    def _transaction(self, sql: str, rollback: bool) -> list[dict[str, Any]]:
        """Ask within limits that end with the transaction, so that a pooler never keeps them.

        Rows are streamed: the extended protocol then sends an unnamed statement, which takes no
        second one in the same call and leaves nothing behind on the server's connection.
        """
        connection = self._connection
        with connection.transaction(force_rollback=rollback), connection.cursor() as cursor:
            if self._limits:
                sent.record("postgres", self._limits)
                list(cursor.stream(self._limits))
            sent.record("postgres", sql)
            return list(islice(cursor.stream(sql), MAX_ROWS))

    def _hang_up(self) -> None:
        """Cut the wire: only that ends the wait of a driver."""
        with (
            suppress(OSError),
            socket.socket(fileno=self._connection.fileno()) as wire,
        ):
            try:
                wire.shutdown(socket.SHUT_RDWR)
            finally:
                wire.detach()

    def _trouble(self, error: Any) -> NoAnswer:
        """Report only the SQLSTATE of an error: its text and detail may contain row values."""
        if self._connection.closed or self._connection.broken:
            return ServerGone(_LOST)
        return NoAnswer(reason(error.sqlstate))


#: The server's own limits, and whether this session is ours. Qualified: any schema may come first.
GREETING = (
    f"select /* {APPLICATION_NAME} */ pg_catalog.current_setting('search_path') as path,"
    " coalesce(pg_catalog.current_setting('backend_performance.session', true), '') as session,"
    " pg_catalog.current_setting('default_transaction_read_only') as read_only, "
    + ", ".join(f"pg_catalog.current_setting('{name}') as {name}" for name in _LIMITS)
)


def limiting(of_server: Mapping[str, str]) -> str:
    """Return the statement that limits one transaction and keeps the server's own limits."""
    settings = {f"backend_performance.server_{name}": text for name, text in of_server.items()}
    pairs = (f"'{name}', {_quoted(text)}" for name, text in (settings | _LIMITS).items())
    calls = ", ".join(f"pg_catalog.set_config({pair}, true)" for pair in pairs)
    return f"select /* {APPLICATION_NAME} */ {calls}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def connect(
    dsn: str,
    parameters: Mapping[str, int] | None = None,
    *,
    own: bool = True,
    allow_cleartext: bool = False,
    deadline: float = math.inf,
) -> Iterator[Session]:
    """Open a session; ``parameters`` reach the statements as ``backend_performance.NAME``.

    Without ``own`` names and plans are those of any session of the role. It ends at ``deadline``.

    Raises:
        CannotRun: the driver is missing, the DSN is not one, or the server refuses.
    """
    driver = psycopg()
    custom = {f"backend_performance.{name}": str(n) for name, n in (parameters or {}).items()}
    settings = _READ_ONLY | (_OWN if own else {}) | custom
    target = address.target(driver, dsn, settings, allow_cleartext=allow_cleartext)
    try:
        connection = within(
            _CONNECT_S,
            lambda: driver.connect(
                target.conninfo, row_factory=driver.rows.dict_row, prepare_threshold=None
            ),
            deadline=deadline,
            discard=lambda late: late.close(),
        )
    except Overdue as overdue:
        raise CannotRun(str(overdue)) from None
    except (driver.Error, UnicodeError, ValueError) as error:
        raise CannotRun(address.refusal(error, target)) from None
    try:
        info = connection.info
        if not (allow_cleartext or connection.pgconn.ssl_in_use or cleartext.is_local(info.host)):
            raise CannotRun(f"the connection is not encrypted, and {cleartext.WHY}")
        session = Session(connection, deadline)
        try:
            connection.read_only = True
            session.begin(own=own)
        except driver.Error:
            raise CannotRun("the address does not speak PostgreSQL's protocol") from None
        except NoAnswer as error:
            raise CannotRun(f"the session cannot be limited: {error}; {_BEHIND}") from None
        yield session
    finally:
        connection.close()
