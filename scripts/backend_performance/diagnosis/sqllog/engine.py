"""Statement logs, as the command lines know them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine import Call, Engine, Kind, Option
from ..probes.run import Run
from ..trouble import CannotRun

_EXAMPLES = """\
  probe.py sqllog /var/log/postgresql/postgresql.csv
  probe.py sqllog /var/log/mysql/slow.log.gz
  probe.py sqllog /var/log/postgresql/ --timeout 600
  kubectl logs database-0 | probe.py sqllog -
  probe.py sqllog postgresql.log --prefix '%t %u@%d %p '
  probe.py sqllog log/development.log --log-format rails --dialect postgres
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
        prefix=call.get("prefix"),
        only=call.only,
        timeout=call.timeout or TOTAL_SECONDS,
        progress=lambda read, size: call.tick(_read_so_far(read, size)),
    )


def _read_so_far(read: int, size: int) -> str:
    of = f" of {size / 1e6:,.0f}" if size else ""
    return f"reading: {read / 1e6:,.0f}{of} MB"


def _logged(engine: Engine, server: Mapping[str, Any]) -> str | None:
    """Return whose statements a log holds; an application's may leave it unclear."""
    dialect = str(server.get("dialect"))
    return dialect if dialect in ("postgres", "mysql") else None


ENGINE = Engine(
    name="sqllog",
    title="statement log",
    help="a statement log: N+1 queries, waits, time by statement, temporary files",
    description="Read a log of PostgreSQL, MySQL, MariaDB, an ORM, or spans of OpenTelemetry. "
    "Literals never leave it.",
    examples=_EXAMPLES,
    options=(
        Option(
            "file",
            "log of statements: a file (also .gz, .bz2, .xz, .zst), a directory, or - for "
            "standard input",
            Kind.PATH,
            metavar="FILE",
            positional=True,
            walk="sqllog",
        ),
        Option(
            "log-format",
            "format of the log (default: recognised)",
            Kind.TEXT,
            metavar="NAME",
            default="auto",
        ),
        Option(
            "prefix",
            "PostgreSQL's log_line_prefix (default: recognised)",
            Kind.TEXT,
            metavar="TEXT",
        ),
        Option(
            "dialect",
            "how strings are quoted (default: from the log)",
            Kind.CHOICE,
            choices=("postgres", "mysql"),
        ),
    ),
    ask=ask,
    timeout=120.0,
    concerns=_logged,
)
