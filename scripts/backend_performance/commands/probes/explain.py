"""``probe.py explain``: what a plan says, read from a file, or got with a reading session."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ...diagnosis.engine import Call
from ...diagnosis.guards.cleartext import OPTION as ALLOW_CLEARTEXT
from ...diagnosis.postgres.engine import ADDRESS, ALLOW_SUPERUSER, ENGINE, address
from ...refusal import Refusal
from .. import audit, console, options

_EXAMPLES = """\
  probe.py explain plan.txt --format text
  probe.py explain postgresql.log
  psql -XqAt -f explain.sql | probe.py explain -
  probe.py explain --run --dsn-env REPLICA_URL statement.sql
  probe.py explain --run --analyze --dsn-env REPLICA_URL statement.sql
"""
_RUN = """\
what --run may execute:
  Planning runs functions declared IMMUTABLE or STABLE. The catalogue is asked which functions,
  casts, operators, views, policies, checks and index expressions the statement brings along, and
  on a primary those of the application and foreign tables are refused without --allow-functions.
  With --analyze, what is declared VOLATILE is refused everywhere. Still possible: a function that
  is called by a function of an extension or, once allowed, one that is declared STABLE and writes
  over a connection of its own; what C code or an operator class of a superuser does; memory and
  time up to the limit of 5 s. Prefer a replica and a role with few rights.
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    explain = systems.add_parser(
        "explain",
        help="a plan of PostgreSQL, MySQL or MariaDB, in any form",
        description="Read the plans that EXPLAIN, ANALYZE or auto_explain gave, in the form in "
        "which they were printed, pasted or logged: text, JSON, YAML, XML, a tree or a table, one "
        "or several. Say what in them is a defect, where, what it costs and what to try.",
        epilog=console.as_called(f"examples:\n{_EXAMPLES}\n{_RUN}\n{console.EXIT_CODES}"),
    )
    explain.set_defaults(run=_explain)
    explain.add_argument("file", metavar="FILE", help="the plan, or - for standard input")
    explain.add_argument(
        "--run",
        action="store_true",
        dest="ask_server",
        help="FILE holds one reading statement of PostgreSQL: ask the server for its plan",
    )
    explain.add_argument(
        "--analyze",
        action="store_true",
        help="with --run: run the statement in a read-only transaction (use a replica)",
    )
    options.add(explain, ADDRESS)
    options.add(explain, (ALLOW_SUPERUSER, ALLOW_CLEARTEXT))
    explain.add_argument(
        "--allow-functions",
        action="store_true",
        help="with --run, on a primary: the statement may call functions of the application, of "
        "which planning runs those that are declared IMMUTABLE or STABLE",
    )
    audit.add_to(explain)
    explain.add_argument(
        "--rows",
        type=options.number(0, 20, whole=True),
        metavar="N",
        help="rows of each rule, up to 20",
    )
    explain.add_argument("--format", choices=("text", "json"), default="text")


def _explain(arguments: argparse.Namespace) -> int:
    from ...diagnosis import plan
    from ...diagnosis.evidence import document

    asks = arguments.ask_server
    if not asks and (
        arguments.analyze or arguments.dsn_env or arguments.service or arguments.audit_log
    ):
        raise Refusal("--analyze, --dsn-env, --service and --audit-log need --run")
    raw = _bytes(arguments.file, plan.MAX_BYTES)
    try:
        found = _from_server(raw, arguments) if asks else plan.read(raw)
        engine, facts, evidence = plan.examine(found)
    except plan.PlanError as error:
        raise Refusal(f"{arguments.file}: {error}") from None
    result = document.document(engine, facts, evidence, arguments.rows)
    console.write(document.rendered(result, arguments.format))
    return console.FINDINGS if result["summary"]["fail"] else console.CLEAN


def _bytes(file: str, most: int) -> bytes:
    """Return at most one byte more than is allowed, which shows that a file is too long."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(most + 1)
        with Path(file).open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror}") from None


def _from_server(raw: bytes, arguments: argparse.Namespace) -> Any:
    from ...diagnosis.postgres.run import explain_postgres

    sql = raw.decode("utf-8", errors="replace")

    told, _ = options.told(ENGINE, arguments, in_walk=False)
    with audit.log(arguments.audit_log):
        return explain_postgres(
            address(Call(told=told)),
            sql,
            analyze=arguments.analyze,
            allow_superuser=arguments.allow_superuser,
            allow_functions=arguments.allow_functions,
            allow_cleartext=arguments.allow_cleartext,
        )
