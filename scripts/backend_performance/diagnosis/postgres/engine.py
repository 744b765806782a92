"""PostgreSQL, as the command lines know it."""

from __future__ import annotations

from ..engine import Call, Engine, Kind, Option
from ..guards.cleartext import OPTION as ALLOW_CLEARTEXT
from ..probes.run import Run
from ..trouble import CannotRun

ADDRESS = (
    Option(
        "dsn-env",
        "environment variable with the address",
        Kind.VARIABLE,
        group="address",
        walk="postgres-env",
    ),
    Option(
        "service",
        "entry of the connection service file",
        Kind.TEXT,
        metavar="NAME",
        group="address",
    ),
)
ALLOW_SUPERUSER = Option(
    "allow-superuser",
    "probe as a superuser too (not recommended)",
    Kind.FLAG,
    walk="allow-superuser",
)
_EXAMPLES = """\
  DATABASE_URL=postgresql://probe@db/shop probe.py postgres --dsn-env DATABASE_URL
  probe.py postgres --dsn-env DATABASE_URL --instances 6 --processes 4 --pool-size 10
  probe.py postgres --service shop --only unindexed-foreign-keys dead-rows
  probe.py postgres --list

the role: CREATE ROLE probe LOGIN CONNECTION LIMIT 3; GRANT pg_monitor TO probe;
          pg_read_all_data besides it lets table-bloat and sequences-near-end answer
"""


def address(call: Call) -> str:
    """Return the address of the server that was named.

    Raises:
        CannotRun: none was named.
    """
    if service := call.get("service"):
        return f"service={service}"
    if dsn := call.get("dsn-env"):
        return str(dsn)
    raise CannotRun("name the server: --dsn-env NAME (an environment variable) or --service NAME")


def ask(call: Call) -> Run:
    """Ask the server every question of the catalogue, or those chosen."""
    from .run import TOTAL_SECONDS, run_postgres

    return run_postgres(
        address(call),
        parameters=call.parameters,
        only=call.only,
        allow_superuser=call.get("allow-superuser", False),
        allow_cleartext=call.get("allow-cleartext", False),
        timeout=call.timeout or TOTAL_SECONDS,
    )


def opening() -> tuple[str, ...]:
    """Return what begins each connection and each transaction."""
    from ..probes import catalog
    from .session import GREETING, limiting

    return GREETING, "begin read only", limiting({}), catalog.capabilities("postgres").sql


ENGINE = Engine(
    name="postgres",
    title="PostgreSQL",
    help="a PostgreSQL server, 14 or later",
    description="Ask a PostgreSQL server every question of the catalogue. It only reads.",
    examples=_EXAMPLES,
    options=(*ADDRESS, ALLOW_SUPERUSER, ALLOW_CLEARTEXT),
    ask=ask,
    opening=opening,
    timeout=30.0,
    deployment=True,
)
