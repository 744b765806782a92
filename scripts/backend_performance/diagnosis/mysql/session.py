"""A session with MySQL or MariaDB that can only read, briefly, and says who it is.

The driver sends one statement a call and refuses several. Limits are set for the session: the
server stops a statement after 5 s, and nothing waits longer than a second for a lock.
"""

from __future__ import annotations

import contextlib
import math
import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..evidence.redaction import Secrets, of_mysql
from ..guards import sent
from ..guards.patience import Overdue, within
from ..trouble import CannotRun, NoAnswer, ServerGone
from . import address as mysql_address
from . import guard, login

PROGRAM_NAME = "backend-performance-probe"
_LIMITS = (
    "SET SESSION TRANSACTION READ ONLY",
    "SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, group_concat_max_len = 16384",
)
_LIMIT_REACHED = "select @@session.lock_wait_timeout as lock_limit"
_STATEMENT_LIMIT = {
    "mariadb": "SET SESSION max_statement_time = 5",
    "mysql": "SET SESSION max_execution_time = 5000",
}
#: Above it an answer is no answer: no probe has so many rows.
MAX_ROWS = 10_000
_CONNECT_S = 15.0
_LOST = "the connection to the server was lost or did not answer in 7 s"
#: What a driver raises when a reply is not what the protocol says.
_MALFORMED = (ArithmeticError, LookupError, TypeError, ValueError, struct.error)
_UNREADABLE = (*_MALFORMED, AssertionError, AttributeError)
_HANG_GRACE_S = 7  # longer than the statement's limit: a healthy server answers before
_STOPPED = {
    1969: "the statement limit of 5 s",
    3024: "the statement limit of 5 s",
    1205: "the lock limit of 1 s: another session holds a lock the probe would wait for",
}
_REFUSED = {1044, 1142, 1143, 1144, 1227, 1370}
_GONE = {0, 1053, 1927, 2006, 2013, 2055}
#: With one of these for all schemas no guard can hold a session.
_POWERS = {
    "ALL PRIVILEGES",
    "SUPER",
    "FILE",
    "SHUTDOWN",
    "CREATE USER",
    "SYSTEM_VARIABLES_ADMIN",
    "ALTER",
    "CREATE",
    "DELETE",
    "DROP",
    "INSERT",
    "UPDATE",
}
_GRANT = re.compile(r"GRANT (?P<privileges>.+?) ON \*\.\* TO ", re.S)


def pymysql() -> Any:
    """Return the driver.

    Raises:
        CannotRun: it is not installed.
    """
    try:
        import pymysql
    except ImportError:
        raise CannotRun(
            "PyMySQL is not installed; run: pip install 'PyMySQL>=1.1,<2' "
            "(or `uv run scripts/probe.py …`, which brings it)"
        ) from None
    return pymysql


def opening() -> tuple[str, ...]:
    """Return what begins each session, on both flavours."""
    return (*_LIMITS, *_STATEMENT_LIMIT.values(), _LIMIT_REACHED, "SHOW GRANTS")


class Session:
    """One read-only connection; every query runs in its own transaction."""

    def __init__(self, connection: Any, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        version = self.rows("select version() as version")
        text = str(version[0].get("version")) if version else ""
        self.flavour = "mariadb" if "mariadb" in text.lower() else "mysql"

    def limit(self, parameters: Mapping[str, int]) -> None:
        """Make the session read-only and brief, and hand the deployment's facts to it."""
        for statement in (*_LIMITS, _STATEMENT_LIMIT[self.flavour]):
            self._ask(statement)
        if [row.get("lock_limit") for row in self.rows(_LIMIT_REACHED)] != [1]:
            raise CannotRun(
                "the session's settings do not reach the server, so the session cannot be made "
                "safe: a proxy (ProxySQL, RDS Proxy, MaxScale) is in between; give the address "
                "of the database server itself"
            )
        for name, value in parameters.items():
            self._ask(f"SET @backend_performance_{name} = {int(value)}")

    def privileges(self) -> frozenset[str]:
        """Return what the role may do in all schemas."""
        granted: set[str] = set()
        for row in self._ask("SHOW GRANTS"):
            match = _GRANT.match(str(next(iter(row.values()))))
            granted |= set(re.split(r",\s*", match["privileges"])) if match else set()
        return frozenset(granted)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of one reading statement.

        Raises:
            NoAnswer: the statement was refused, stopped or failed.
            ServerGone: the connection is lost.
        """
        complaint = guard.objection(sql)
        if complaint:
            raise NoAnswer(f"refused before it was sent, because {complaint}")
        # MySQL 8 names the columns of its catalogue in capitals, whatever the statement says
        return [
            {name.lower(): _value(name.lower(), value) for name, value in row.items()}
            for row in self._ask(sql)
        ]

    def _ask(self, sql: str) -> list[dict[str, Any]]:
        driver = pymysql()
        try:
            return within(
                _HANG_GRACE_S,
                lambda: self._fetched(sql),
                lambda: _close(self._connection),
                deadline=self._deadline,
            )
        except Overdue as overdue:
            raise ServerGone(str(overdue)) from None
        except (driver.Error, OSError) as error:
            raise _trouble(error) from None
        except _UNREADABLE:
            raise NoAnswer("the answer has another form than expected") from None

    def _fetched(self, sql: str) -> list[dict[str, Any]]:
        with self._connection.cursor() as cursor:
            sent.record("mysql", sql)
            cursor.execute(sql)
            return [dict(row) for row in cursor.fetchmany(MAX_ROWS)]


def powers(privileges: frozenset[str]) -> frozenset[str]:
    """Return the privileges that no read-only session can hold back."""
    return privileges & _POWERS


def _value(name: str, value: Any) -> Any:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return of_mysql(text) if isinstance(text, str) and name.endswith("_untrusted") else text


def _trouble(error: Exception) -> NoAnswer:
    """Report only the number of an error: its text may contain names and values."""
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if code in _STOPPED:
        return NoAnswer(f"stopped by {_STOPPED[code]}. To find out: try again later")
    if code in _REFUSED:
        return NoAnswer(
            f"the role lacks a privilege (error {code}). "
            "To find out: GRANT SELECT ON performance_schema.* and PROCESS to the probing role"
        )
    if code in _GONE:
        return ServerGone(_LOST)
    return NoAnswer(f"the server answered with error {code}")


@contextmanager
def connect(
    dsn: str,
    parameters: Mapping[str, int] | None = None,
    *,
    allow_cleartext: bool = False,
    deadline: float = math.inf,
) -> Iterator[Session]:
    """Open a session; ``parameters`` reach the statements as ``@backend_performance_NAME``.

    It ends at ``deadline`` on the clock of ``time.monotonic``.

    Raises:
        CannotRun: the driver is missing, the DSN is not one, or the server refuses.
    """
    driver = pymysql()
    address = mysql_address.parameters(dsn, allow_cleartext=allow_cleartext)
    secrets = Secrets(dsn, address)
    if not Path(address.get("unix_socket", "/")).exists():
        raise CannotRun("the server cannot be reached: there is no socket at the path given")
    verified = address.pop("verified")
    refused = {} if verified else dict.fromkeys(login.CLEARTEXT, login.NoCleartext)
    try:
        connection = within(
            _CONNECT_S,
            lambda: driver.connect(
                **address,
                auth_plugin_map=refused,
                program_name=PROGRAM_NAME,
                charset="utf8mb4",
                autocommit=True,
                connect_timeout=5,
                read_timeout=_HANG_GRACE_S,
                write_timeout=_HANG_GRACE_S,
                cursorclass=driver.cursors.DictCursor,
            ),
            deadline=deadline,
            discard=_close,
        )
    except Overdue as overdue:
        raise CannotRun(str(overdue)) from None
    except (driver.Error, OSError, RuntimeError) as error:
        raise CannotRun(login.refusal(error, secrets)) from None
    except _UNREADABLE:
        raise CannotRun("the address has no host, or does not speak MySQL's protocol") from None
    try:
        yield _limited(connection, parameters or {}, deadline)
    finally:
        _close(connection)


def _close(connection: Any) -> None:
    """Take leave, but not for longer than a moment: the server may be the one that hangs."""
    with contextlib.suppress(Overdue, Exception):
        within(1.0, connection.close)


def _limited(connection: Any, parameters: Mapping[str, int], deadline: float) -> Session:
    try:
        session = Session(connection, deadline)
        session.limit(parameters)
    except NoAnswer as error:
        raise CannotRun(f"the session cannot be made safe: {error}") from None
    return session
