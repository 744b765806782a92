"""``probe.py explain``: what a plan says, read from a file, or got with a reading session."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from .. import console
from ..refusal import Refused, address, address_options

_EXAMPLES = """\
  probe.py explain plan.json
  psql -XqAt -f explain.sql | probe.py explain -
  probe.py explain --run --dsn-env REPLICA_URL statement.sql
  probe.py explain --run --analyze --dsn-env REPLICA_URL statement.sql
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    explain = systems.add_parser(
        "explain",
        help="a JSON plan of PostgreSQL, MySQL or MariaDB",
        description="Read a plan that EXPLAIN gave and say what in it is a defect, and where.",
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
    text = _text(options.file)
    try:
        document = _from_server(text, options) if options.ask_server else plan.read(text)
        engine, facts, evidence = plan.examine(document)
    except plan.PlanError as error:
        raise Refused(f"{options.file}: {error}") from None
    result = evidence_document.document(engine, facts, evidence, options.rows)
    console.write(
        (evidence_document.for_people if options.format == "text" else evidence_document.to_text)(
            result
        )
    )
    return console.FINDINGS if result["summary"]["fail"] else console.CLEAN


def _text(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None
    return raw.decode("utf-8", errors="replace")


def _from_server(sql: str, options: argparse.Namespace) -> Any:
    from ...diagnosis import CannotRun, explain_postgres

    try:
        return explain_postgres(
            address(options), sql, analyze=options.analyze, allow_superuser=options.allow_superuser
        )
    except CannotRun as error:
        raise Refused(str(error)) from None
