"""``probe.py``: ask a live system, print evidence."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

_EPILOG = """\
exit codes: 0 nothing wrong, 1 a probe or rule found a failure, 2 could not run

examples:
  DATABASE_URL=postgresql://probe@db/shop probe.py postgres --dsn-env DATABASE_URL
  probe.py postgres --dsn-env DATABASE_URL --instances 6 --processes 4 --pool-size 10
  probe.py postgres --dsn-env DATABASE_URL --only unindexed-foreign-keys --format text
  probe.py postgres --list
  probe.py explain plan.json
"""


class _Parser(argparse.ArgumentParser):
    """Errors repeat the arguments, among which somebody may have put a password."""

    def error(self, message: str) -> NoReturn:
        from ..diagnosis.redaction import without_credentials

        super().error(without_credentials(message))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(argv)
    try:
        return options.run(options)
    except _Refused as error:
        print(f"probe.py: {error}", file=sys.stderr)
        return 2


class _Refused(Exception):
    """A call that cannot be answered; the message says why."""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="probe.py",
        description="Ask a live system for evidence on the items of the checklists. It only reads.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    engines = parser.add_subparsers(required=True, metavar="SYSTEM", parser_class=_Parser)
    _add_postgres(engines)
    return parser


def _add_postgres(engines: argparse._SubParsersAction) -> None:
    postgres = engines.add_parser(
        "postgres",
        help="a PostgreSQL server, 14 or later",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    postgres.set_defaults(run=_postgres)
    address = postgres.add_mutually_exclusive_group()
    address.add_argument("--dsn-env", metavar="NAME", help="environment variable with the address")
    address.add_argument("--service", metavar="NAME", help="entry of the connection service file")
    postgres.add_argument("--list", action="store_true", help="list the probes and end")
    postgres.add_argument("--only", nargs="+", metavar="ID", help="only these probes")
    budget = postgres.add_argument_group("deployment (all pools together)")
    budget.add_argument("--instances", type=_count, metavar="N", help="hosts or containers")
    budget.add_argument("--processes", type=_count, metavar="N", help="processes of each instance")
    budget.add_argument("--pool-size", type=_count, metavar="N", help="connections of each process")
    postgres.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="S", help="seconds in all (30)"
    )
    postgres.add_argument("--allow-superuser", action="store_true", help="not recommended")
    postgres.add_argument("--rows", type=_rows, metavar="N", help="rows of each probe, up to 20")
    postgres.add_argument("--format", choices=("json", "text"), default="json")


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
        raise argparse.ArgumentTypeError("expected seconds from 0 to 600")
    return number


def _postgres(options: argparse.Namespace) -> int:
    from ..diagnosis import CannotRun, answers, catalog, run_postgres
    from ..diagnosis.probe import ProbeError

    try:
        if options.list:
            for probe in catalog.load("postgres"):
                print(f"{probe.id}\t{probe.question}")
            return 0
        run = run_postgres(
            _address(options),
            parameters=_budget(options),
            only=options.only,
            allow_superuser=options.allow_superuser,
            timeout=options.timeout,
        )
    except (CannotRun, ProbeError, FileNotFoundError) as error:
        raise _Refused(str(error)) from None
    except KeyError as error:
        raise _Refused(_no_such_probe(str(error.args[0]))) from None
    document = answers.document("postgres", run.server, run.evidence, options.rows)
    print((answers.for_people if options.format == "text" else answers.to_text)(document))
    return 1 if document["summary"]["fail"] else 0


def _address(options: argparse.Namespace) -> str:
    if options.service:
        return f"service={options.service}"
    if not options.dsn_env:
        raise _Refused(
            "name the server: --dsn-env NAME (an environment variable) or --service NAME"
        )
    if not options.dsn_env.isidentifier():
        raise _Refused(
            "--dsn-env takes the name of an environment variable, never the address itself: "
            "arguments are visible to every user of the machine"
        )
    address = os.environ.get(options.dsn_env, "").strip()
    if not address:
        raise _Refused(f"the environment variable {options.dsn_env} is not set")
    return address


def _budget(options: argparse.Namespace) -> dict[str, int]:
    if options.pool_size is None:
        if options.instances or options.processes:
            raise _Refused("--instances and --processes need --pool-size")
        return {}
    return {"pool_total": (options.instances or 1) * (options.processes or 1) * options.pool_size}


def _no_such_probe(name: str) -> str:
    import difflib

    from ..diagnosis import catalog

    known = [probe.id.partition("/")[2] for probe in catalog.load("postgres")]
    near = difflib.get_close_matches(name.rpartition("/")[2], known, 3, 0.4)
    hint = f"did you mean {', '.join(near)}?" if near else "--list shows all"
    return f"there is no probe {name!r}; {hint}"
