"""Native histograms, which Prometheus holds since 2.40 and by default since 3."""

from __future__ import annotations

import time

import pytest
from backend_performance.diagnosis.prometheus.run import run_prometheus
from backend_performance.diagnosis.web.target import targets

from harness.servers.engines import require_or_skip
from harness.servers.prometheus import prometheus_server
from tests.diagnosis.prometheus.fleets import SERVER
from tests.diagnosis.prometheus.native_page import native_page
from tests.diagnosis.this_skills_metrics import METRICS

pytestmark = [pytest.mark.server, pytest.mark.slow]
#: Bucket 8 ends at 2 s, bucket 0 at 1 s, bucket -24 at 1/8 s.
SLOW_FROM, FAST_FROM = 1, -28


@pytest.mark.parametrize(("first", "verdict"), [(SLOW_FROM, "fail"), (FAST_FROM, "pass")])
def test_a_native_histogram_gives_a_percentile_within_its_narrow_buckets(first, verdict):
    require_or_skip("prometheus")
    feature = ["--enable-feature=native-histograms"]
    with (
        native_page(SERVER, {"http_route": "/a"}, first, [90, 9, 1]) as page,
        prometheus_server(scrape={"shop": page}, options=feature) as address,
    ):
        found = _asked_until(address, samples=300)
    assert (found.verdict, found.observed["samples"] > 100) == (verdict, True), found.reason
    above, at_most = found.observed["above"], found.observed["at_most"]
    assert at_most / above == pytest.approx(2 ** (1 / 8), rel=1e-4)
    assert above == pytest.approx(1000 * 2 ** (first / 8), rel=1e-4)


def _asked_until(address, samples, patience_s=60):
    """A scrape a second is soon enough, except on a busy machine."""
    until = time.monotonic() + patience_s
    while True:
        run = run_prometheus(
            targets([address])[0], metrics=METRICS, window_s=30, only=["latency-p95"]
        )
        [found] = run.evidence
        if (found.observed.get("samples") or 0) > samples or time.monotonic() > until:
            return found
        time.sleep(1)
