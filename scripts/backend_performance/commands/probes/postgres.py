"""``probe.py postgres``: the catalogue of questions to a PostgreSQL server."""

from __future__ import annotations

import argparse
from typing import Any

from .. import console
from ..refusal import address, address_options
from . import catalogued

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
    catalogued.add_common(parser)
    catalogued.add_budget(parser)
    parser.add_argument("--allow-superuser", action="store_true", help="not recommended")


def _run(options: argparse.Namespace) -> int:
    def ask() -> Any:
        from ...diagnosis import run_postgres

        return run_postgres(
            address(options),
            parameters=catalogued.budget(options),
            only=options.only,
            allow_superuser=options.allow_superuser,
            timeout=options.timeout,
        )

    return catalogued.answer("postgres", options, ask)
