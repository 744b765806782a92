"""MySQL and MariaDB, as the command lines know them."""

from __future__ import annotations

from ..engine import Call, Engine, Kind, Option
from ..guards.cleartext import OPTION as ALLOW_CLEARTEXT
from ..probes.run import Run
from ..trouble import CannotRun

_EXAMPLES = """\
  DATABASE_URL=mysql://probe@db/shop probe.py mysql --dsn-env DATABASE_URL
  probe.py mysql --dsn-env DATABASE_URL --instances 6 --processes 4 --pool-size 10
  probe.py mysql --dsn-env DATABASE_URL --only redundant-indexes lock-waits
  probe.py mysql --list

with a database in the address only that schema is looked at

the role: CREATE USER probe IDENTIFIED BY '…'; GRANT PROCESS ON *.* TO probe;
          GRANT SELECT ON performance_schema.* TO probe; GRANT SELECT ON shop.* TO probe;
          (the catalogue shows only tables the role may read: there is no lesser privilege)
"""


def ask(call: Call) -> Run:
    """Ask the server every question of the catalogue, or those chosen."""
    from .run import TOTAL_SECONDS, run_mysql

    dsn = call.get("dsn-env")
    if not dsn:
        raise CannotRun("name the server: --dsn-env NAME (an environment variable)")
    return run_mysql(
        dsn,
        parameters=call.parameters,
        only=call.only,
        allow_superuser=call.get("allow-superuser", False),
        allow_cleartext=call.get("allow-cleartext", False),
        timeout=call.timeout or TOTAL_SECONDS,
    )


def opening() -> tuple[str, ...]:
    """Return what begins each session."""
    from ..probes import catalog
    from .session import opening as of_session

    return (*of_session(), catalog.capabilities("mysql").sql)


ENGINE = Engine(
    name="mysql",
    title="MySQL",
    help="a server of MySQL 8 or MariaDB 10.11, or later",
    description="Ask a MySQL or MariaDB server every question of the catalogue. It only reads.",
    examples=_EXAMPLES,
    options=(
        Option("dsn-env", "environment variable with the address", Kind.VARIABLE, walk="mysql-env"),
        Option(
            "allow-superuser",
            "probe as a superuser too (not recommended)",
            Kind.FLAG,
            walk="allow-superuser",
        ),
        ALLOW_CLEARTEXT,
    ),
    ask=ask,
    opening=opening,
    timeout=30.0,
    deployment=True,
)
