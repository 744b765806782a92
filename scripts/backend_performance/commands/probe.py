"""``probe.py``: query a live system and print evidence."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..diagnosis import engines
from ..diagnosis.engine import Call, Engine
from . import audit, console, options
from .probes import explain, show

_EXAMPLES = """\
  DATABASE_URL=postgresql://probe@db/shop probe.py postgres --dsn-env DATABASE_URL
  probe.py postgres --dsn-env DATABASE_URL --instances 6 --processes 4 --pool-size 10
  DATABASE_URL=mysql://probe@db/shop probe.py mysql --dsn-env DATABASE_URL
  probe.py http http://127.0.0.1:8000/orders
  probe.py sqllog /var/log/postgresql/postgresql.csv
  REDIS_URL=redis://localhost:6379/0 probe.py redis --url-env REDIS_URL --role cache
  PROMETHEUS_URL=http://prometheus:9090 probe.py prometheus --url-env PROMETHEUS_URL
  probe.py process --pid 4242 --window 1800 --interval 10
  probe.py code .
  probe.py postgres --list
  probe.py explain plan.json
  probe.py show postgres/lock-waits --server-version 18
"""


@console.command
def main(argv: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    arguments = _parser().parse_args(argv)
    code: int = arguments.run(arguments)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = console.parser(
        "probe",
        "Collect evidence for checklist items from a live system, code or files. It only reads.",
        _EXAMPLES,
    )
    systems = parser.add_subparsers(required=True, metavar="SYSTEM", parser_class=console.Parser)
    for engine in engines.all_engines():
        _add(systems, engine)
    explain.add_to(systems)
    show.add_to(systems)
    return parser


def _add(systems: Any, engine: Engine) -> None:
    parser = systems.add_parser(
        engine.name,
        help=engine.help,
        description=engine.description,
        epilog=console.as_called(f"examples:\n{engine.examples}\n{console.EXIT_CODES}"),
    )
    parser.set_defaults(run=partial(_run, engine))
    options.add(parser, engine.options)
    parser.add_argument("--list", action="store_true", help="list the probes and exit")
    parser.add_argument(
        "--print-statements", action="store_true", help="print what would be sent and exit"
    )
    audit.add_to(parser)
    parser.add_argument("--only", nargs="+", default=(), metavar="ID", help="only these probes")
    if engine.timeout is not None:
        parser.add_argument(
            "--timeout",
            type=options.number(1, 3600),
            default=engine.timeout,
            metavar="S",
            help=f"seconds for the whole run (default {engine.timeout:g})",
        )
    if engine.judged_by_metrics:
        parser.add_argument(
            "--metrics-from",
            type=Path,
            metavar="SKILL_DIR",
            help="skill whose key-metrics table sets the limits (default: this one)",
        )
    if engine.deployment:
        options.add_deployment(parser)
    parser.add_argument(
        "--rows",
        type=options.number(0, 20, whole=True),
        metavar="N",
        help="rows shown per probe, up to 20",
    )
    parser.add_argument("--format", choices=engine.formats, default="text")


def _run(engine: Engine, arguments: argparse.Namespace) -> int:
    from ..diagnosis.evidence import document as evidence_document
    from ..diagnosis.probes import catalog

    if arguments.list:
        probes = catalog.load(engine.name)
        console.write("\n".join(f"{probe.id}\t{probe.question}" for probe in probes))
        return console.CLEAN
    if arguments.print_statements:
        console.write(audit.plan(engine, tuple(arguments.only)))
        return console.CLEAN
    progress = _Progress()
    with audit.log(arguments.audit_log):
        try:
            found = engine.ask(_call(engine, arguments, progress.tick))
        finally:
            progress.end()
    if set(engine.formats) - {"text", "json"}:
        from .probes import code

        finished = code.finish(found, arguments)
        if finished is not None:
            return finished
    document = evidence_document.document(engine.name, found.server, found.evidence, arguments.rows)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    console.write(evidence_document.rendered(document, arguments.format, colour))
    return console.FINDINGS if document["summary"]["fail"] else console.CLEAN


def _call(engine: Engine, arguments: argparse.Namespace, tick: Callable[[str], None]) -> Call:
    values, variables = options.told(engine, arguments, in_walk=False)
    facts = options.deployment(vars(arguments)) if engine.deployment else {}
    return Call(
        told=values,
        variables=variables,
        only=tuple(arguments.only),
        timeout=getattr(arguments, "timeout", None),
        parameters=options.pool_total(facts),
        metrics=options.key_metrics(arguments.metrics_from) if engine.judged_by_metrics else (),
        tick=tick,
    )


class _Progress:
    """A line of progress for a terminal, nothing for a pipe."""

    def __init__(self) -> None:
        self._shown = ""
        self._silent = not sys.stderr.isatty()

    def tick(self, text: str) -> None:
        """Replace the line, unless it is unchanged."""
        if not self._silent and text != self._shown:
            print(f"\r{text:<{len(self._shown)}}", end="", file=sys.stderr, flush=True)
            self._shown = text

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            print(file=sys.stderr)
