"""A log of statements, as the command lines know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine import Call, Engine, Kind, Option
from ..run import Run
from ..trouble import CannotRun

#: Whose statements a log holds, by its format.
_LOGGED_BY = {
    "csvlog": "postgres",
    "jsonlog": "postgres",
    "stderr": "postgres",
    "slow": "mysql",
    "general": "mysql",
}
_EXAMPLES = """\
  probe.py sqllog /var/log/postgresql/postgresql.csv
  probe.py sqllog /var/log/mysql/slow.log --log-format slow
  probe.py sqllog log/development.log --log-format orm --dialect postgres
"""


def ask(call: Call) -> Run:
    """Read the log to its end, or until time is up."""
    from .run import TOTAL_SECONDS, run_sqllog

    file = call.get("file")
    if file is None:
        raise CannotRun("name a log file")
    return run_sqllog(
        file,
        kind=call.get("log-format", "auto"),
        dialect=call.get("dialect"),
        only=call.only,
        timeout=call.timeout or TOTAL_SECONDS,
    )


def _logged(engine: Engine, server: Mapping[str, Any]) -> str | None:
    return _LOGGED_BY.get(str(server.get("format")))


ENGINE = Engine(
    name="sqllog",
    title="log",
    help="a log of statements: N+1, repeated statements, writes in a loop",
    description="Read a log of PostgreSQL, MySQL, MariaDB or an ORM. Literals never leave it.",
    examples=_EXAMPLES,
    options=(
        Option(
            "file", "log of statements", Kind.PATH, metavar="FILE", positional=True, walk="sqllog"
        ),
        Option(
            "log-format",
            "format of the log (recognised)",
            Kind.CHOICE,
            choices=("auto", "csvlog", "jsonlog", "stderr", "slow", "general", "orm"),
            default="auto",
        ),
        Option(
            "dialect",
            "how strings are quoted (from the format)",
            Kind.CHOICE,
            choices=("postgres", "mysql"),
        ),
    ),
    ask=ask,
    timeout=120.0,
    concerns=_logged,
)
