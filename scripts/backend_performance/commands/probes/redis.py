"""``probe.py redis``: the catalogue of questions to a Redis or Valkey server."""

from __future__ import annotations

import argparse
from typing import Any

from .. import console
from ..refusal import environment_option, from_environment
from . import catalogued

_EXAMPLES = """\
  REDIS_URL=redis://localhost:6379/0 probe.py redis --url-env REDIS_URL --role cache
  probe.py redis --url-env REDIS_URL --role store --window 60
  probe.py redis --url-env REDIS_URL --only hit-ratio big-keys --format text
  probe.py redis --list

sent are INFO, SCAN, MEMORY USAGE, SLOWLOG GET, LATENCY LATEST and CLIENT SETNAME, nothing else;
the role: ACL SETUSER probe on >… resetkeys %R~* -@all +info +scan +memory|usage +slowlog|get
          +latency|latest +client|setname
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    parser = systems.add_parser(
        "redis",
        help="a server of Redis 7 or Valkey 8, or later",
        description="Ask a Redis or Valkey server every question of the catalogue. It only reads.",
        epilog=f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=_run)
    environment_option(parser, "--url-env")
    parser.add_argument(
        "--role",
        choices=("cache", "store", "unknown"),
        default="unknown",
        help="what the instance is for: many verdicts depend on it",
    )
    parser.add_argument(
        "--window",
        type=_window,
        default=5.0,
        metavar="S",
        help="seconds between two samples, whose difference is the present (5)",
    )
    catalogued.add_common(parser)
    catalogued.add_budget(parser)


def _window(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 300:
        raise argparse.ArgumentTypeError("expected seconds from 0 to 300")
    return number


def _run(options: argparse.Namespace) -> int:
    def ask() -> Any:
        from ...diagnosis import run_redis

        return run_redis(
            from_environment("--url-env", options.url_env),
            role=options.role,
            window_s=options.window,
            parameters=catalogued.budget(options),
            only=options.only,
            timeout=options.timeout + options.window,
        )

    return catalogued.answer("redis", options, ask)
