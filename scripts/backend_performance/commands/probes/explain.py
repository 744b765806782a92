"""``probe.py explain``: what a plan says, read from a file, or got with a reading session."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from .. import console
from ..refusal import Refused, address, address_options

_EXAMPLES = """\
  probe.py explain plan.txt --format text
  probe.py explain postgresql.log
  psql -XqAt -f explain.sql | probe.py explain -
  probe.py explain --run --dsn-env REPLICA_URL statement.sql
  probe.py explain --run --analyze --dsn-env REPLICA_URL statement.sql
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    explain = systems.add_parser(
        "explain",
        help="a plan of PostgreSQL, MySQL or MariaDB, in any form",
        description="Read the plans that EXPLAIN, ANALYZE or auto_explain gave, in the form in "
        "which they were printed, pasted or logged: text, JSON, YAML, XML, a tree or a table, one "
        "or several. Say what in them is a defect, where, what it costs and what to try.",
        epilog=f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
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
    address_options(explain)
    explain.add_argument("--allow-superuser", action="store_true", help="not recommended")
    explain.add_argument(
        "--rows", type=int, choices=range(21), metavar="N", help="rows of each rule"
    )
    explain.add_argument("--format", choices=("json", "text"), default="json")


def _explain(options: argparse.Namespace) -> int:
    from ...diagnosis import evidence_document, plan

    if not options.ask_server and (options.analyze or options.dsn_env or options.service):
        raise Refused("--analyze, --dsn-env and --service only go with --run")
    raw = _bytes(options.file, plan.MAX_BYTES)
    try:
        found = _from_server(raw, options) if options.ask_server else plan.read(raw)
        engine, facts, evidence = plan.examine(found)
    except plan.PlanError as error:
        raise Refused(f"{options.file}: {error}") from None
    result = evidence_document.document(engine, facts, evidence, options.rows)
    console.write(
        (evidence_document.for_people if options.format == "text" else evidence_document.to_text)(
            result
        )
    )
    return console.FINDINGS if result["summary"]["fail"] else console.CLEAN


def _bytes(file: str, most: int) -> bytes:
    """One byte more than is allowed at most: enough to see that it is too long."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(most + 1)
        with Path(file).open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None


def _from_server(raw: bytes, options: argparse.Namespace) -> Any:
    sql = raw.decode("utf-8", errors="replace")
    from ...diagnosis import CannotRun, explain_postgres

    try:
        return explain_postgres(
            address(options), sql, analyze=options.analyze, allow_superuser=options.allow_superuser
        )
    except CannotRun as error:
        raise Refused(str(error)) from None
