"""``probe.py http``: ask web addresses that the caller names, gently."""

from __future__ import annotations

import argparse
import os
from typing import Any

from .. import console
from .measured import add_common, finish, key_metrics, listed, number

_EXAMPLES = """\
  probe.py http http://127.0.0.1:8000/orders http://127.0.0.1:8000/orders/1
  probe.py http https://shop.example/api/orders --header-env SHOP_TOKEN
  probe.py http http://127.0.0.1:8000/orders --rate 20 --duration 60
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    http = systems.add_parser(
        "http",
        help="web addresses: form of the answers, latency at a steady rate",
        description="Ask web addresses with a few GETs, and at a steady rate if one is given.",
        epilog=f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    http.set_defaults(run=_run)
    http.add_argument("addresses", nargs="*", metavar="URL", help="asked with GET, nothing else")
    http.add_argument(
        "--header-env",
        metavar="NAME",
        help="environment variable with a header (`Name: value`, else the value of Authorization)",
    )
    load = http.add_argument_group("steady load (only when asked for)")
    load.add_argument("--rate", type=number(0.1, 200), metavar="R", help="requests a second in all")
    load.add_argument("--duration", type=number(1, 600), metavar="S", help="seconds (10)")
    load.add_argument(
        "--allow-heavy",
        action="store_true",
        help="up to 200 a second and 600 seconds; without it 50 and 60",
    )
    http.add_argument(
        "--max-requests",
        type=number(1, 200, whole=True),
        default=20,
        metavar="N",
        help="requests for the form of the answers, five an address (20; at most 200)",
    )
    http.add_argument(
        "--metrics-from", metavar="SKILL_DIR", help="skill whose key-metrics table judges (this)"
    )
    add_common(http)


def _run(options: argparse.Namespace) -> int:
    from ...diagnosis import CannotRun
    from ...diagnosis.http import load as http_load
    from ...diagnosis.http.run import ENGINE, run_http
    from ...diagnosis.http.target import BadAddress, header, targets

    if options.list:
        return listed(ENGINE)
    if not options.addresses:
        return console.fail("name at least one address, such as http://127.0.0.1:8000/orders")
    if options.rate is None and options.duration is not None:
        return console.fail("--duration needs --rate")
    seconds = options.duration or 10.0
    heavy = (options.rate or 0) > http_load.MAX_RATE or seconds > http_load.MAX_SECONDS
    if heavy and not options.allow_heavy:
        return console.fail(
            "more than 50 requests a second or 60 seconds need --allow-heavy: "
            "make sure that the system may take that load"
        )
    try:
        credentials = dict([header(_variable(options.header_env))]) if options.header_env else {}
        run = run_http(
            targets(options.addresses),
            metrics=key_metrics(options.metrics_from),
            credentials=credentials,
            rate=options.rate,
            seconds=seconds,
            max_requests=int(options.max_requests),
            only=options.only,
        )
    except (BadAddress, CannotRun) as error:
        return console.fail(str(error))
    except KeyError as error:
        return console.fail(f"there is no probe {str(error.args[0])!r}; --list shows all")
    return finish(ENGINE, run, options)


def _variable(name: str) -> str:
    from ...diagnosis.http.target import BadAddress

    if not name.isidentifier():
        raise BadAddress(
            "--header-env takes the name of an environment variable, never the header itself: "
            "arguments are visible to every user of the machine"
        )
    value = os.environ.get(name, "").strip()
    if not value:
        raise BadAddress(f"the environment variable {name} is not set")
    return value
