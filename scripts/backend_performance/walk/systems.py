"""Asking the systems a walk was given: what each of them is, and its evidence.

The diagnosis half keeps credentials out of what it says; here stands the second line, between its
words and the session file.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from . import join
from .refusal import Refusal
from .session import Reading, Target

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_PASSWORD = re.compile(r"(?i)\bpassword\s*=\s*('(?:[^'\\]|\\.)*'|\S+)|://[^:/@\s]*:([^@\s]+)@")
#: Shorter ones occur by chance in ordinary words and figures.
_MIN_SECRET = 4


@dataclass(frozen=True)
class Answers:
    """What the systems said: which they are, and their evidence."""

    targets: tuple[Target, ...] = ()
    readings: tuple[Reading, ...] = ()

    def __add__(self, other: Answers) -> Answers:
        readings = sorted((*self.readings, *other.readings), key=lambda reading: reading.probe)
        return Answers((*self.targets, *other.targets), tuple(readings))


def ask_postgres(
    variable: str, parameters: Mapping[str, int], *, allow_superuser: bool = False
) -> Answers:
    """Return the evidence of the server whose address is in the environment ``variable``.

    Raises:
        Refusal: the variable is not set, or the server cannot be asked.
    """
    dsn = variable_value("--postgres-env", variable)
    facts = _facts(parameters)
    return _ask(
        "postgres",
        f"PostgreSQL in ${variable}",
        variable,
        _secrets(dsn),
        lambda diagnosis: diagnosis.run_postgres(
            dsn, parameters=facts, allow_superuser=allow_superuser
        ),
    )


def ask_mysql(
    variable: str, parameters: Mapping[str, int], *, allow_superuser: bool = False
) -> Answers:
    """Return the evidence of the MySQL or MariaDB server, as ``ask_postgres`` does."""
    dsn = variable_value("--mysql-env", variable)
    facts = _facts(parameters)
    return _ask(
        "mysql",
        f"MySQL in ${variable}",
        variable,
        _secrets(dsn),
        lambda diagnosis: diagnosis.run_mysql(
            dsn, parameters=facts, allow_superuser=allow_superuser
        ),
    )


def ask_redis(variable: str, parameters: Mapping[str, int], *, role: str = "unknown") -> Answers:
    """Return the evidence of the Redis or Valkey server; ``role`` says what it is for."""
    url = variable_value("--redis-env", variable)
    facts = _facts(parameters)
    return _ask(
        "redis",
        f"Redis in ${variable}",
        variable,
        _secrets(url),
        lambda diagnosis: diagnosis.run_redis(url, role=role, parameters=facts),
    )


def ask_http(
    addresses: list[str],
    metrics: list[dict[str, Any]],
    *,
    header_variable: str | None = None,
    rate: float | None = None,
    seconds: float = 10.0,
) -> Answers:
    """Return the evidence of web addresses.

    Args:
        metrics: Rows of the key-metrics table, which judges.
        header_variable: Environment variable with a request header.
        rate: Requests a second in all; without it no latency is measured.

    Raises:
        Refusal: an address is none or carries credentials, or nothing answers.
    """
    from ..diagnosis.http import run as http_run
    from ..diagnosis.http import target as http_target

    header = variable_value("--header-env", header_variable) if header_variable else ""
    try:
        targets = http_target.targets(addresses)
        credentials = dict([http_target.header(header)]) if header else {}
    except http_target.BadAddress as exc:
        raise Refusal(str(exc)) from exc
    allowed = max(http_run.MAX_REQUESTS, min(5 * len(targets), http_run.MOST_REQUESTS))
    found = _ask(
        "http",
        "HTTP",
        "--http",
        tuple(s for s in (header, *credentials.values()) if s),
        lambda diagnosis: http_run.run_http(
            targets,
            metrics=metrics,
            credentials=credentials,
            rate=rate,
            seconds=seconds,
            max_requests=allowed,
        ),
    )
    (target,) = found.targets
    shown = {f"address_{number}": url for number, url in target.server["addresses"].items()}
    return Answers((Target("http", "--http", shown),), found.readings)


def ask_prometheus(
    variable: str, metrics: list[dict[str, Any]], *, header_variable: str | None = None
) -> Answers:
    """Return what the fleet's monitoring says of the last hour; ``metrics`` judge.

    Raises:
        Refusal: the variable is not set, or holds no address of a Prometheus server.
    """
    from ..diagnosis.http import target as http_target
    from ..diagnosis.prometheus import run as prometheus_run

    address = variable_value("--prometheus-env", variable)
    option = "--prometheus-header-env"
    header = variable_value(option, header_variable) if header_variable else ""
    try:
        (target,) = http_target.targets([address])
        credentials = dict([http_target.header(header)]) if header else {}
    except http_target.BadAddress as exc:
        message = str(exc).replace("address 1", f"the address in ${variable}")
        raise Refusal(f"Prometheus: {message}") from exc
    return _ask(
        "prometheus",
        f"Prometheus in ${variable}",
        variable,
        tuple(s for s in (header, *credentials.values()) if s),
        lambda diagnosis: prometheus_run.run_prometheus(
            target, metrics=metrics, credentials=credentials
        ),
    )


def ask_process(pid: int, seconds: float) -> Answers:
    """Return what watching a process for so many seconds shows.

    Raises:
        Refusal: there is no such process, or this user may not look at it.
    """
    from ..diagnosis.process import run as process_run

    interval = min(process_run.INTERVAL_SECONDS, max(seconds / 60, 0.05))
    return _ask(
        "process",
        f"process {pid}",
        "--process",
        (),
        lambda diagnosis: process_run.run_process(pid=pid, window_s=seconds, interval_s=interval),
    )


def ask_sqllog(file: Path) -> Answers:
    """Return the evidence in a log of statements.

    Raises:
        Refusal: there is no such log, or nobody knows its format.
    """
    from ..diagnosis.sqllog import run as sqllog_run

    return _ask(
        "sqllog", f"log {file.name}", file.name, (), lambda diagnosis: sqllog_run.run_sqllog(file)
    )


def _ask(
    engine: str, label: str, source: str, secrets: tuple[str, ...], run: Callable[[Any], Any]
) -> Answers:
    from .. import diagnosis

    try:
        found = run(diagnosis)
    except diagnosis.CannotRun as exc:
        raise Refusal(f"{label}: {_without(str(exc), secrets)}") from exc
    return Answers(
        (Target(engine, source, _without(dict(found.server), secrets)),),
        join.readings(_without(each.to_json(), secrets) for each in found.evidence),
    )


def variable_value(option: str, variable: str) -> str:
    """Return what the environment ``variable`` holds.

    Raises:
        Refusal: it is not set, or no name of a variable.
    """
    if not _VARIABLE.match(variable):
        # Not repeated in the message: what was given may be the address itself.
        raise Refusal(
            f"{option} takes the NAME of an environment variable that holds the value, "
            "so that no password stands on a command line"
        )
    value = os.environ.get(variable, "").strip()
    if not value:
        raise Refusal(f"the environment variable {variable} is not set (or empty)")
    return value


def _facts(parameters: Mapping[str, int]) -> dict[str, int]:
    return {"pool_total": math.prod(parameters.values())} if parameters else {}


def _secrets(dsn: str) -> tuple[str, ...]:
    """Return what of a DSN must never reach the session, longest first."""
    parts = {part.strip("'") for match in _PASSWORD.findall(dsn) for part in match if part}
    passwords = parts | {unquote(part) for part in parts}
    return (dsn, *sorted((p for p in passwords if len(p) >= _MIN_SECRET), key=len, reverse=True))


def _without(value: Any, secrets: tuple[str, ...]) -> Any:
    """Return ``value`` with every secret replaced."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "***")
        return value
    if isinstance(value, Mapping):
        return {_without(key, secrets): _without(each, secrets) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without(each, secrets) for each in value]
    return value
