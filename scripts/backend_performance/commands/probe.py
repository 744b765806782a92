"""``probe.py``: ask a live system, print evidence."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from . import console
from .probes import explain, http, mysql, postgres, process, prometheus, redis, sqllog
from .refusal import Refused

_EXAMPLES = """\
  DATABASE_URL=postgresql://probe@db/shop probe.py postgres --dsn-env DATABASE_URL
  probe.py postgres --dsn-env DATABASE_URL --instances 6 --processes 4 --pool-size 10
  DATABASE_URL=mysql://probe@db/shop probe.py mysql --dsn-env DATABASE_URL
  probe.py http http://127.0.0.1:8000/orders
  probe.py sqllog /var/log/postgresql/postgresql.csv
  REDIS_URL=redis://localhost:6379/0 probe.py redis --url-env REDIS_URL --role cache
  PROMETHEUS_URL=http://prometheus:9090 probe.py prometheus --url-env PROMETHEUS_URL
  probe.py process --pid 4242 --window 1800 --interval 10
  probe.py postgres --list
  probe.py explain plan.json
"""
#: One module for each system; `add_to` adds its subcommand.
SYSTEMS = (
    postgres,
    mysql,
    redis,
    http,
    prometheus,
    sqllog,
    process,
    explain,
)


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
    except Refused as error:
        return console.fail(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="probe.py",
        description="Ask a live system for evidence on the items of the checklists. It only reads.",
        epilog=f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    systems = parser.add_subparsers(required=True, metavar="SYSTEM", parser_class=_Parser)
    for system in SYSTEMS:
        system.add_to(systems)
    return parser
