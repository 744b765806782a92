"""``probe.py mysql``: the catalogue of questions to a MySQL or MariaDB server."""

from __future__ import annotations

import argparse
from typing import Any

from .. import console
from ..refusal import environment_option, from_environment
from . import catalogued

_EXAMPLES = """\
  DATABASE_URL=mysql://probe@db/shop probe.py mysql --dsn-env DATABASE_URL
  probe.py mysql --dsn-env DATABASE_URL --instances 6 --processes 4 --pool-size 10
  probe.py mysql --dsn-env DATABASE_URL --only redundant-indexes lock-waits --format text
  probe.py mysql --list

with a database in the address only that schema is looked at

the role: CREATE USER probe IDENTIFIED BY '…'; GRANT PROCESS ON *.* TO probe;
          GRANT SELECT ON performance_schema.* TO probe; GRANT SELECT ON shop.* TO probe;
          (the catalogue shows only tables the role may read: there is no lesser privilege)
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    parser = systems.add_parser(
        "mysql",
        help="a server of MySQL 8 or MariaDB 10.11, or later",
        description="Ask a MySQL or MariaDB server every question of the catalogue. It only reads.",
        epilog=f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=_run)
    environment_option(parser, "--dsn-env")
    catalogued.add_common(parser)
    catalogued.add_budget(parser)
    parser.add_argument("--allow-superuser", action="store_true", help="not recommended")


def _run(options: argparse.Namespace) -> int:
    def ask() -> Any:
        from ...diagnosis import run_mysql

        return run_mysql(
            from_environment("--dsn-env", options.dsn_env),
            parameters=catalogued.budget(options),
            only=options.only,
            allow_superuser=options.allow_superuser,
            timeout=options.timeout,
        )

    return catalogued.answer("mysql", options, ask)
