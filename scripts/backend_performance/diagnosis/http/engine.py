"""Web addresses, as the command lines know them."""

from __future__ import annotations

from ..engine import Call, Engine, Kind, Option
from ..guards.cleartext import OPTION as ALLOW_CLEARTEXT
from ..probes.run import Run
from ..trouble import CannotRun
from ..web.target import HEADER_HELP

#: Beyond these a caller has to mean it: requests a second and seconds.
USUAL_RATE, USUAL_SECONDS = 50.0, 60.0
MOST_RATE, MOST_SECONDS = 200.0, 600.0
#: A connection that is held idle is let go after so many seconds.
MOST_IDLE = 90.0
_LOAD = "steady load (only when asked for)"
_EXAMPLES = """\
  probe.py http http://127.0.0.1:8000/orders http://127.0.0.1:8000/orders/1
  probe.py http https://shop.example/api/orders --header-env SHOP_TOKEN
  probe.py http http://127.0.0.1:8000/orders --rate 20 --duration 60
"""


def ask(call: Call) -> Run:
    """Ask the addresses a few times, and at a steady rate if one was given."""
    from ..web.target import header, refuse_cleartext, targets
    from .run import TOTAL_SECONDS, allowed_requests, run_http

    addresses = call.get("addresses", [])
    if not addresses:
        raise CannotRun("name at least one address, such as http://127.0.0.1:8000/orders")
    rate, seconds = call.get("rate"), call.get("duration")
    if rate is None and seconds is not None:
        raise CannotRun("--duration needs --rate")
    seconds = seconds or 10.0
    heavy = (rate or 0) > USUAL_RATE or seconds > USUAL_SECONDS
    if heavy and not call.get("allow-heavy"):
        raise CannotRun(
            f"more than {USUAL_RATE:g} requests a second or {USUAL_SECONDS:g} seconds need "
            "--allow-heavy: first make sure that the system may take that load"
        )
    credentials = call.get("header-env")
    asked = targets(addresses)
    if credentials and not call.get("allow-cleartext"):
        refuse_cleartext(asked)
    return run_http(
        asked,
        metrics=call.metrics,
        credentials=dict([header(credentials)]) if credentials else {},
        rate=rate,
        seconds=seconds,
        max_requests=call.get("max-requests", allowed_requests(len(addresses))),
        hold_s=call.get("hold-idle", 0.0),
        tick=call.tick,
        only=call.only,
        timeout=call.timeout or TOTAL_SECONDS,
    )


ENGINE = Engine(
    name="http",
    title="HTTP",
    help="web addresses: shape of the responses, latency at a steady rate",
    description="Ask web addresses with a few GETs, and at a steady rate if one is given.",
    examples=_EXAMPLES,
    options=(
        Option(
            "addresses",
            "addresses asked with a few GETs, nothing else",
            Kind.TEXTS,
            metavar="URL",
            positional=True,
            walk="http",
        ),
        Option("header-env", HEADER_HELP, Kind.VARIABLE, walk="header-env"),
        Option(
            "rate",
            "total requests per second, to measure latency",
            Kind.NUMBER,
            metavar="R",
            low=0.1,
            high=MOST_RATE,
            group=_LOAD,
            walk="http-rate",
        ),
        Option(
            "duration",
            "seconds at that rate (default 10)",
            Kind.NUMBER,
            metavar="S",
            low=1,
            high=MOST_SECONDS,
            group=_LOAD,
            walk="http-seconds",
        ),
        Option(
            "allow-heavy",
            f"up to {MOST_RATE:g} requests a second and {MOST_SECONDS:g} seconds; without it "
            f"{USUAL_RATE:g} and {USUAL_SECONDS:g}",
            Kind.FLAG,
            group=_LOAD,
        ),
        Option(
            "hold-idle",
            "hold one idle connection to each host open for so long, until the server closes it "
            f"(at most {MOST_IDLE:g})",
            Kind.NUMBER,
            metavar="S",
            low=1,
            high=MOST_IDLE,
            walk="http-hold-idle",
        ),
        Option(
            "max-requests",
            "requests to examine responses, five per address (default 20, at most 200)",
            Kind.WHOLE,
            metavar="N",
            default=20,
            low=1,
            high=200,
        ),
        ALLOW_CLEARTEXT,
    ),
    ask=ask,
    opening=lambda: (
        "GET each address up to five times: plain, compressed, conditional, without credentials",
        "GET one address of each host and hold its connection silent for up to 90 s, where "
        "--hold-idle is given",
        "GET each address in turn at --rate for --duration, where a rate is given",
    ),
    timeout=120.0,
    judged_by_metrics=True,
)
