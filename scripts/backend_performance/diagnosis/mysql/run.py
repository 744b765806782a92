"""Asking one MySQL or MariaDB server every question of the catalogue."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from typing import Any

from ..evidence import redaction
from ..probes import catalog
from ..probes.probe import Probe
from ..probes.run import Rows, Run, answers, only_row
from ..trouble import CannotRun, NoAnswer
from .session import Session, connect, powers

ENGINE = "mysql"
TOTAL_SECONDS = 30.0
_NAMES = {"mysql": "MySQL", "mariadb": "MariaDB"}
#: Older ones lack columns and functions the statements use.
_OLDEST = {"mysql": (8, 0), "mariadb": (10, 11)}
#: What the first question asks, and what follows from the privileges of the role.
_ASKED = (
    "current_schema_name",
    "role_name",
    "performance_schema",
    "read_only_server",
    "uptime_s",
)
_FOLLOWS = ("process", "powerful")
#: What the answer to the first question must have, so that anything can be decided.
_FORM = {"version": str} | dict.fromkeys(_ASKED, object)


def run_mysql(
    dsn: str,
    *,
    parameters: Mapping[str, int] | None = None,
    only: Collection[str] | None = None,
    allow_superuser: bool = False,
    allow_cleartext: bool = False,
    timeout: float = TOTAL_SECONDS,
    probes: tuple[Probe, ...] | None = None,
) -> Run:
    """Run the probes of the catalogue, or ``only`` those named, within ``timeout`` seconds.

    Args:
        dsn: URL; never shown. With a database in it only that schema is looked at.
        parameters: Facts about the deployment, read by probes as ``@backend_performance_NAME``.
        probes: Instead of the catalogue.

    Raises:
        CannotRun: the server cannot be asked at all; the message is safe to show.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    deadline = time.monotonic() + timeout
    chosen = catalog.choose(probes or catalog.load(ENGINE), only)
    with connect(dsn, parameters, allow_cleartext=allow_cleartext, deadline=deadline) as session:
        facts = _facts(session)
        if facts["powerful"] and not allow_superuser:
            raise CannotRun(
                "the role may change or administer every schema, which no guard can restrict; use "
                "a role with PROCESS and SELECT (CREATE USER probe; GRANT PROCESS ON *.* TO probe; "
                "GRANT SELECT ON performance_schema.* TO probe; GRANT SELECT ON shop.* TO probe), "
                "or force it with --allow-superuser"
            )

        def rows_of(probe: Probe) -> Rows:
            if reason := lack(probe, catalog.capabilities(ENGINE), facts):
                raise NoAnswer(reason)
            return session.rows(probe.sql_for(facts["major"], facts["flavour"]))

        evidence = answers(chosen, rows_of, deadline=deadline)
    return Run(server(facts), evidence)


def _facts(session: Session) -> dict[str, Any]:
    gate = catalog.capabilities(ENGINE)
    try:
        row = only_row(session.rows(gate.sql_for(gate.min_version, session.flavour)), _FORM)
        granted = session.privileges()
    except NoAnswer as error:
        raise CannotRun(f"the server's capabilities cannot be read: {error}") from None
    numbers = [int(number) for number in re.findall(r"\d{1,6}", row["version"])[:3]]
    if len(numbers) < 2:
        raise CannotRun("the server does not report its version")
    return dict(row) | {
        "flavour": session.flavour,
        "numbers": tuple(numbers),
        "major": numbers[0],
        "process": bool(granted & {"PROCESS", "ALL PRIVILEGES"}),
        "powerful": bool(powers(granted)),
    }


def lack(probe: Probe, gate: Probe, facts: Mapping[str, Any]) -> str | None:
    """Return what keeps the probe from an answer and how to get it, or None."""
    oldest = _OLDEST[facts["flavour"]]
    if facts["flavour"] == "mysql":
        oldest = max(oldest, (probe.min_version, 0))
    if facts["numbers"][:2] < oldest:
        return (
            f"the server is {_version(facts)}, the probe needs "
            f"{_NAMES[facts['flavour']]} {'.'.join(map(str, oldest))} or later. "
            "To find out: check by hand, or upgrade"
        )
    for name in probe.requires:
        if not facts.get(name):
            text = gate.capabilities[name]
            return f"{text['missing']}. To find out: {text['remedy']}"
    return None


def server(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the report says about the server, without address and credentials."""
    known = redaction.row({name: facts[name] for name in (*_ASKED, *_FOLLOWS)})
    for name in ("performance_schema", "read_only_server"):
        known[name] = known[name] not in (0, "OFF", "0")
    return {"version": _version(facts)} | known


def _version(facts: Mapping[str, Any]) -> str:
    return f"{_NAMES[facts['flavour']]} {'.'.join(map(str, facts['numbers']))}"
