"""The systems that ``walk.py start`` is given: their options, and asking each of them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..walk.session import Session
from ..walk.sight import Seen
from .probes.measured import key_metrics, number

#: More is `probe.py http` with --allow-heavy, which somebody has to mean.
_MAX_RATE, _MAX_SECONDS = 50, 60


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options that name systems; those that are not named are not asked."""
    systems = parser.add_argument_group("systems (environment variables hold their addresses)")
    systems.add_argument("--postgres-env", metavar="NAME", help="variable with a PostgreSQL DSN")
    systems.add_argument("--mysql-env", metavar="NAME", help="variable with a MySQL or MariaDB URL")
    systems.add_argument("--redis-env", metavar="NAME", help="variable with a Redis or Valkey URL")
    systems.add_argument(
        "--redis-role",
        choices=("cache", "store", "unknown"),
        default="unknown",
        help="what the Redis instance is for: many verdicts depend on it",
    )
    systems.add_argument(
        "--http", nargs="+", default=[], metavar="URL", help="addresses asked with a few GETs"
    )
    systems.add_argument("--header-env", metavar="NAME", help="variable with a header for --http")
    systems.add_argument(
        "--http-rate",
        type=number(0.1, _MAX_RATE),
        metavar="R",
        help="requests a second in all, for latency",
    )
    systems.add_argument(
        "--http-seconds",
        type=number(1, _MAX_SECONDS),
        default=10.0,
        metavar="S",
        help="how long at that rate (10)",
    )
    systems.add_argument(
        "--prometheus-env", metavar="NAME", help="variable with the address of Prometheus"
    )
    systems.add_argument(
        "--prometheus-header-env", metavar="NAME", help="variable with a header for it"
    )
    systems.add_argument(
        "--process", type=number(1, 2**22, whole=True), metavar="PID", help="process to watch"
    )
    systems.add_argument(
        "--process-seconds",
        type=number(1, 3600),
        default=60.0,
        metavar="S",
        help="for how long (60)",
    )
    systems.add_argument("--sqllog", type=Path, metavar="FILE", help="log of statements")
    systems.add_argument("--allow-superuser", action="store_true", help="probe as a superuser too")


def ask(options: argparse.Namespace, parameters: Mapping[str, int]) -> Any:
    """Return what the systems that were named say.

    Raises:
        Refusal: one of them cannot be asked; which and why.
    """
    from ..walk import systems

    named = {
        "--postgres-env": options.postgres_env,
        "--mysql-env": options.mysql_env,
        "--redis-env": options.redis_env,
        "--header-env": options.header_env,
        "--prometheus-env": options.prometheus_env,
        "--prometheus-header-env": options.prometheus_header_env,
    }
    for option, variable in named.items():  # a typing error costs no probing
        if variable is not None:
            systems.variable_value(option, variable)
    forced = {"allow_superuser": options.allow_superuser}
    answers = systems.Answers()
    if options.postgres_env is not None:
        answers += systems.ask_postgres(options.postgres_env, parameters, **forced)
    if options.mysql_env is not None:
        answers += systems.ask_mysql(options.mysql_env, parameters, **forced)
    if options.redis_env is not None:
        answers += systems.ask_redis(options.redis_env, parameters, role=options.redis_role)
    if options.sqllog is not None:
        answers += systems.ask_sqllog(options.sqllog)
    if options.process is not None:
        answers += systems.ask_process(options.process, options.process_seconds)
    metrics = key_metrics(options.skill and str(options.skill)) if _is_judged(options) else []
    if options.prometheus_env is not None:
        answers += systems.ask_prometheus(
            options.prometheus_env, metrics, header_variable=options.prometheus_header_env
        )
    if options.http:
        answers += systems.ask_http(
            options.http,
            metrics,
            header_variable=options.header_env,
            rate=options.http_rate,
            seconds=options.http_seconds,
        )
    return answers


def _is_judged(options: argparse.Namespace) -> bool:
    """Whether a system is named that the key-metrics table judges."""
    return bool(options.http) or options.prometheus_env is not None


#: What can be asked → (its name, the option that names the variable of its address).
_OPTIONS = {
    "postgres": ("PostgreSQL", "--postgres-env"),
    "mysql": ("MySQL or MariaDB", "--mysql-env"),
    "redis": ("Redis or Valkey", "--redis-env"),
    "prometheus": ("Prometheus", "--prometheus-env"),
}


def not_asked(seen: Sequence[Seen], session: Session) -> list[str]:
    """Return a line for each system that is seen here and was not asked."""
    asked = {target.engine for target in session.targets}
    lines: dict[str, str] = {}
    for each in seen:
        if each.engine in _OPTIONS and each.engine not in asked:
            name, option = _OPTIONS[each.engine]
            line = f"{name} ({_place(each)}): {option} {each.variable or 'NAME'}"
            lines.setdefault(each.engine, line)
    return list(lines.values())


def seen_text(seen: Sequence[Seen], open_items: int) -> str:
    """Return what is seen here and the command that would ask it; nothing was connected to."""
    lines = ["No system was named, so nothing was asked. Here is:"]
    lines += [f"- {_OPTIONS.get(each.engine, (each.engine,))[0]}: {_place(each)}" for each in seen]
    if not seen:
        lines.append("- no code base, compose file or variable with an address")
    options, files = [], []
    for engine, (_, option) in _OPTIONS.items():
        named = [each for each in seen if each.engine == engine and each.variable]
        if named:
            options += [option, named[0].variable]
            files += [named[0].where] if named[0].where != "environment" else []
        elif any(each.engine == engine for each in seen):
            options += [option, "NAME"]
    lines.append("")
    if options:
        lines.append("To ask it (addresses are read from the environment and never printed):")
        lines += [f"  set -a; . ./{file}; set +a" for file in dict.fromkeys(files)]
        lines.append(f"  walk.py start {' '.join(options)}")
    else:
        lines.append("Name what there is: walk.py start --postgres-env NAME --redis-env NAME …")
    lines.append(f"Without access: walk.py next 5 ({open_items} checklist items)")
    return "\n".join(lines)


def _place(seen: Seen) -> str:
    return f"{seen.variable} in {seen.where}" if seen.variable else seen.where
