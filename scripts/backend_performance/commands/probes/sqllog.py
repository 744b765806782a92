"""``probe.py sqllog``: repeated statements in a log of statements."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .. import console
from .measured import add_common, finish, listed, number

_FORMATS = ("auto", "csvlog", "jsonlog", "stderr", "slow", "general", "orm")
_EXAMPLES = """\
  probe.py sqllog /var/log/postgresql/postgresql.csv
  probe.py sqllog /var/log/mysql/slow.log --format slow
  probe.py sqllog log/development.log --format orm --dialect postgres
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    parser = systems.add_parser(
        "sqllog",
        help="a log of statements: N+1, repeated statements, writes in a loop",
        description="Read a log of PostgreSQL, MySQL, MariaDB or an ORM. Literals never leave it.",
        epilog=f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=_run)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--format", dest="kind", choices=_FORMATS, default="auto")
    parser.add_argument(
        "--dialect", choices=("postgres", "mysql"), help="how strings are quoted (from the format)"
    )
    parser.add_argument(
        "--timeout", type=number(1, 3600), default=120.0, metavar="S", help="seconds in all (120)"
    )
    add_common(parser, "--output")


def _run(options: argparse.Namespace) -> int:
    from ...diagnosis import CannotRun
    from ...diagnosis.sqllog.run import ENGINE, run_sqllog

    if options.list:
        return listed(ENGINE)
    if options.file is None:
        return console.fail("name a log file")
    try:
        run = run_sqllog(
            options.file,
            kind=options.kind,
            dialect=options.dialect,
            only=options.only,
            timeout=options.timeout,
        )
    except CannotRun as error:
        return console.fail(str(error))
    except KeyError as error:
        return console.fail(f"there is no probe {str(error.args[0])!r}; --list shows all")
    return finish(ENGINE, run, options)
