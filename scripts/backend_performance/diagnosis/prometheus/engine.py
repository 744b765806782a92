"""Prometheus, as the command lines know it."""

from __future__ import annotations

from ..engine import Call, Engine, Kind, Option
from ..guards.cleartext import OPTION as ALLOW_CLEARTEXT
from ..probes.run import Run
from ..trouble import CannotRun
from ..web.target import HEADER_HELP

_EXAMPLES = """\
  PROMETHEUS_URL=http://prometheus:9090 probe.py prometheus --url-env PROMETHEUS_URL
  probe.py prometheus --url-env PROMETHEUS_URL --header-env PROMETHEUS_TOKEN --window 86400
  probe.py prometheus --url-env PROMETHEUS_URL --only latency-p95 error-rate

first the server is asked which metrics it holds; then each family among them that a probe knows is
judged. Sent are instant queries with GET, nothing else. The targets and triggers are those of the
key-metrics table.
"""


def ask(call: Call) -> Run:
    """Ask for the key metrics of the window."""
    from ..web.target import header, refuse_cleartext, target
    from .run import TOTAL_SECONDS, WINDOW_SECONDS, run_prometheus

    address = call.get("url-env")
    if not address:
        raise CannotRun("name the server: --url-env NAME (an environment variable)")
    credentials = call.get("header-env")
    asked = target(address, f"the address in ${call.variables.get('url-env', 'NAME')}")
    if credentials and not call.get("allow-cleartext"):
        refuse_cleartext([asked])
    return run_prometheus(
        asked,
        metrics=call.metrics,
        credentials=dict([header(credentials)]) if credentials else {},
        window_s=call.get("window", WINDOW_SECONDS),
        only=call.only,
        timeout=call.timeout or TOTAL_SECONDS,
    )


def _opening() -> tuple[str, ...]:
    from .client import NAMES_PATH
    from .durations import queries

    return ("GET /api/v1/query?query=vector(1)", f"GET {NAMES_PATH}", *queries().values())


ENGINE = Engine(
    name="prometheus",
    title="Prometheus",
    help="key metrics of a fleet by PromQL: percentiles, errors, pools, hit ratio",
    description="Ask a Prometheus server for the key metrics of a fleet. It only reads.",
    examples=_EXAMPLES,
    options=(
        Option(
            "url-env",
            "environment variable with the address of Prometheus",
            Kind.VARIABLE,
            walk="prometheus-env",
        ),
        Option("header-env", HEADER_HELP, Kind.VARIABLE, walk="prometheus-header-env"),
        Option(
            "window",
            "seconds before now that rates and percentiles cover (default 3600)",
            Kind.WHOLE,
            metavar="S",
            default=3600,
            low=10,
            high=30 * 86400,
        ),
        ALLOW_CLEARTEXT,
    ),
    ask=ask,
    opening=_opening,
    timeout=60.0,
    judged_by_metrics=True,
)
