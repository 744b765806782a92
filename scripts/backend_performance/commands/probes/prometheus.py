"""``probe.py prometheus``: the key metrics of a fleet from its monitoring."""

from __future__ import annotations

import argparse
from typing import Any

from .. import console
from ..refusal import environment_option, from_environment
from .measured import add_common, finish, key_metrics, listed, number

_EXAMPLES = """\
  PROMETHEUS_URL=http://prometheus:9090 probe.py prometheus --url-env PROMETHEUS_URL
  probe.py prometheus --url-env PROMETHEUS_URL --header-env PROMETHEUS_TOKEN --window 86400
  probe.py prometheus --url-env PROMETHEUS_URL --only latency-p95 error-rate --format text

each probe is a file with its PromQL, to be run by hand as well; sent are instant queries with GET,
nothing else. The targets and triggers are those of the key-metrics table.
"""


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    parser = systems.add_parser(
        "prometheus",
        help="key metrics of a fleet by PromQL: percentiles, errors, pools, hit ratio",
        description="Ask a Prometheus server for the key metrics of a fleet. It only reads.",
        epilog=f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=_run)
    environment_option(parser, "--url-env")
    parser.add_argument(
        "--header-env",
        metavar="NAME",
        help="environment variable with a header (`Name: value`, else the value of Authorization)",
    )
    parser.add_argument(
        "--window",
        type=number(10, 30 * 86400, whole=True),
        default=3600,
        metavar="S",
        help="seconds back from now that rates and percentiles cover (3600)",
    )
    parser.add_argument(
        "--timeout", type=number(1, 600), default=60.0, metavar="S", help="seconds in all (60)"
    )
    parser.add_argument(
        "--metrics-from", metavar="SKILL_DIR", help="skill whose key-metrics table judges (this)"
    )
    add_common(parser)


def _run(options: argparse.Namespace) -> int:
    from ...diagnosis import CannotRun
    from ...diagnosis.http.target import BadAddress, header, targets
    from ...diagnosis.prometheus.run import ENGINE, run_prometheus

    if options.list:
        return listed(ENGINE)
    try:
        (target,) = targets([from_environment("--url-env", options.url_env)])
        credentials = {}
        if options.header_env:
            credentials = dict([header(from_environment("--header-env", options.header_env))])
        run = run_prometheus(
            target,
            metrics=key_metrics(options.metrics_from),
            credentials=credentials,
            window_s=int(options.window),
            only=options.only,
            timeout=options.timeout,
        )
    except BadAddress as error:
        # There is one address, and it stands in the variable.
        message = str(error).replace("address 1", f"the address in ${options.url_env}")
        return console.fail(message)
    except CannotRun as error:
        return console.fail(str(error))
    except KeyError as error:
        return console.fail(f"there is no probe {str(error.args[0])!r}; --list shows all")
    return finish(ENGINE, run, options)
