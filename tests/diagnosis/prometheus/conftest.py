"""Servers of fleets, each started at its first use and kept for one module."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from harness.servers.engines import require_or_skip
from tests.diagnosis.prometheus.past import until_now
from tests.diagnosis.this_skills_metrics import METRICS


@pytest.fixture(scope="module")
def ask_samples():
    """Ask a server that holds these samples; the same samples give the same server."""
    pytest.importorskip("aiohttp")
    require_or_skip("prometheus")
    from backend_performance.diagnosis.prometheus.run import run_prometheus
    from backend_performance.diagnosis.web.target import targets

    from harness.servers.prometheus import prometheus_server

    addresses: dict[str, str] = {}
    with ExitStack() as stack:

        def asked(samples: str, metrics=None, **options):
            if samples not in addresses:
                server = prometheus_server(until_now(samples))
                addresses[samples] = stack.enter_context(server)
            [target] = targets([addresses[samples]])
            judge = METRICS if metrics is None else metrics
            run = run_prometheus(target, metrics=judge, **options)
            return {e.probe.partition("/")[2]: e for e in run.evidence}

        yield asked


@pytest.fixture(scope="module")
def ask(ask_samples):
    """Ask the server of a fleet by its name."""
    from tests.diagnosis.prometheus.fleets import FLEETS

    return lambda fleet, **options: ask_samples(FLEETS[fleet], **options)
