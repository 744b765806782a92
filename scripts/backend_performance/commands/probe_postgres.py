"""``probe.py postgres``: the catalogue of questions to a PostgreSQL server."""

from __future__ import annotations

import argparse
from typing import Any

from . import console
from .refusal import Refused, address, address_options

_EXAMPLES = """\
  DATABASE_URL=postgresql://probe@db/shop probe.py postgres --dsn-env DATABASE_URL
  probe.py postgres --dsn-env DATABASE_URL --instances 6 --processes 4 --pool-size 10
  probe.py postgres --service shop --only unindexed-foreign-keys dead-rows --format text
  probe.py postgres --list

the role: CREATE ROLE probe LOGIN CONNECTION LIMIT 3; GRANT pg_monitor TO probe;
          pg_read_all_data besides it lets table-bloat and sequences-near-end answer
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    parser = systems.add_parser(
        "postgres",
        help="a PostgreSQL server, 14 or later",
        description="Ask a PostgreSQL server every question of the catalogue. It only reads.",
        epilog=f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=_run)
    address_options(parser)
    parser.add_argument("--list", action="store_true", help="list the probes and end")
    parser.add_argument("--only", nargs="+", metavar="ID", help="only these probes")
    budget = parser.add_argument_group("deployment (all pools together)")
    budget.add_argument("--instances", type=_count, metavar="N", help="hosts or containers")
    budget.add_argument("--processes", type=_count, metavar="N", help="processes of each instance")
    budget.add_argument("--pool-size", type=_count, metavar="N", help="connections of each process")
    parser.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="S", help="seconds in all (30)"
    )
    parser.add_argument("--allow-superuser", action="store_true", help="not recommended")
    parser.add_argument("--rows", type=_rows, metavar="N", help="rows of each probe, up to 20")
    parser.add_argument("--format", choices=("json", "text"), default="json")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("expected a number from 1 to 1000000")
    return number


def _rows(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 20:
        raise argparse.ArgumentTypeError("expected a number from 0 to 20")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number <= 600:
        raise argparse.ArgumentTypeError("expected seconds, more than 0 and up to 600")
    return number


def _run(options: argparse.Namespace) -> int:
    from ..diagnosis import CannotRun, answers, catalog, run_postgres
    from ..diagnosis.probe import ProbeError

    try:
        if options.list:
            probes = catalog.load("postgres")
            console.write("\n".join(f"{probe.id}\t{probe.question}" for probe in probes))
            return console.CLEAN
        run = run_postgres(
            address(options),
            parameters=_budget(options),
            only=options.only,
            allow_superuser=options.allow_superuser,
            timeout=options.timeout,
        )
    except (CannotRun, ProbeError, FileNotFoundError) as error:
        raise Refused(str(error)) from None
    except KeyError as error:
        raise Refused(_no_such_probe(str(error.args[0]))) from None
    document = answers.document("postgres", run.server, run.evidence, options.rows)
    console.write((answers.for_people if options.format == "text" else answers.to_text)(document))
    return console.FINDINGS if document["summary"]["fail"] else console.CLEAN


def _budget(options: argparse.Namespace) -> dict[str, int]:
    if options.pool_size is None:
        if options.instances or options.processes:
            raise Refused("--instances and --processes need --pool-size")
        return {}
    return {"pool_total": (options.instances or 1) * (options.processes or 1) * options.pool_size}


def _no_such_probe(name: str) -> str:
    import difflib

    from ..diagnosis import catalog

    known = [probe.id.partition("/")[2] for probe in catalog.load("postgres")]
    near = difflib.get_close_matches(name.rpartition("/")[2], known, 3, 0.4)
    hint = f"did you mean {', '.join(near)}?" if near else "--list shows all"
    return f"there is no probe {name!r}; {hint}"
