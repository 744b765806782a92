"""Latency at a steady rate: stalls count, the page's table judges, limits are respected."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from backend_performance.commands.options import key_metrics
from backend_performance.diagnosis.http import load as http_load
from backend_performance.diagnosis.http import run as http_run
from backend_performance.diagnosis.web.target import targets
from backend_performance.skill_root import default_root

from tests.diagnosis.http.web_server import Reply, Stalling, as_json, healthy, website
from tests.diagnosis.this_skills_metrics import METRICS

pytest.importorskip("aiohttp")

pytestmark = pytest.mark.slow


def quick(_):
    return as_json({"ok": True})


def slow(seconds):
    def page(_):
        time.sleep(seconds)
        return as_json({"ok": True})

    return page


class Failing:
    def __init__(self, every: int, status: int = 500) -> None:
        self.every, self.status, self.count = every, status, 0

    def __call__(self, _):
        self.count += 1
        return Reply(b"{}", self.status) if self.count % self.every == 0 else as_json({})


def pace(site, *paths, rate=60.0, seconds=2.0, metrics=METRICS):
    """Return the evidence by name; a machine that is busy with something else gets three tries."""
    for _ in range(3):
        run = http_run.run_http(
            targets([site.url(path) for path in paths]), metrics=metrics, rate=rate, seconds=seconds
        )
        if not any("this machine sent" in evidence.reason for evidence in run.evidence):
            return {evidence.probe.partition("/")[2]: evidence for evidence in run.evidence}
    pytest.skip("this machine is too busy to send requests at a steady rate")


@pytest.fixture(scope="module")
def site() -> Iterator:
    pages = {
        "/quick": quick,
        "/slow": slow(0.6),
        "/middling": slow(0.3),
        "/failing": Failing(10),
        "/broken": lambda _: Reply(b"{}", 503),
        "/limited": Failing(8, 429),
        "/moved": lambda _: Reply(b"", 302, {"Location": "/quick"}),
    }
    with website(pages) as running:
        yield running


def test_a_quick_address_passes_and_few_samples_are_unknown(site):
    found = pace(site, "/quick")
    assert found["latency-p95"].verdict == "pass", found["latency-p95"]
    assert found["latency-p95"].threshold == {"fail": ["p95_ms > 500"], "judge": ["p95_ms >= 200"]}
    assert found["latency-p99"].verdict == "unknown"
    assert "1,000" in found["latency-p99"].reason
    assert found["error-rate"].verdict == "unknown"


def test_a_healthy_address_at_a_steady_rate_has_no_finding():
    with website({"/healthy": healthy}) as site:
        run = http_run.run_http(
            targets([site.url("/healthy")]), metrics=METRICS, rate=100, seconds=2
        )
    assert [e for e in run.evidence if e.verdict in ("fail", "judge")] == []
    unknown = {e.probe for e in run.evidence if e.verdict == "unknown"}
    # 200 requests are too few for these; on a busy machine a late generator knows less still.
    assert unknown >= {"http/latency-p99", "http/error-rate"}


def test_a_server_that_goes_away_is_no_quick_server():
    over = time.monotonic() + 2.5

    def dying(_):
        if time.monotonic() > over:
            raise ConnectionAbortedError
        return as_json({"ok": True})

    with website({"/dying": dying}) as site:
        run = http_run.run_http(targets([site.url("/dying")]), metrics=METRICS, rate=80, seconds=6)
    found = {e.probe.partition("/")[2]: e for e in run.evidence}
    assert run.server["load"]["ended_early"]
    assert found["error-rate"].verdict == "fail"
    assert found["latency-p95"].verdict == "unknown" and "error-rate" in found["latency-p95"].reason


def test_a_thousand_samples_answer_for_the_99th_percentile(site):
    found = pace(site, "/quick", rate=200, seconds=5.2)
    assert found["latency-p99"].verdict in ("pass", "judge"), found["latency-p99"]
    assert found["error-rate"].verdict == "pass"


def test_one_slow_answer_in_twenty_is_found_at_the_99th_percentile():
    count = itertools.count(1)

    def sometimes(_):
        if next(count) % 20 == 0:
            time.sleep(1.3)
        return as_json({"ok": True})

    with website({"/sometimes": sometimes}) as site:
        found = pace(site, "/sometimes", rate=200, seconds=5.2)["latency-p99"]
    assert found.verdict == "fail" and found.observed["p99_ms"] >= 1300, found


@pytest.mark.parametrize(("path", "verdict"), [("/slow", "fail"), ("/middling", "judge")])
def test_a_slow_address_is_found(site, path, verdict):
    assert pace(site, path)["latency-p95"].verdict == verdict


def test_errors_are_counted_whatever_their_number(site):
    found = pace(site, "/failing")["error-rate"]
    assert found.verdict == "fail"
    assert found.observed["error_pct"] == pytest.approx(10, abs=1)


def test_a_failing_server_is_left_alone_soon(site):
    site.seen.clear()
    found = pace(site, "/broken", rate=50, seconds=20)
    # the form is asked first, and already says that nothing can be learned
    assert found["error-rate"].verdict == "fail"
    assert len(site.seen) < 80


def test_a_rate_limit_ends_the_run_and_is_unknown(site):
    site.seen.clear()
    found = pace(site, "/limited", rate=50, seconds=20)
    assert {found[n].verdict for n in ("latency-p95", "error-rate")} == {"unknown"}
    assert len(site.seen) < 30


def test_redirects_are_no_answer(site):
    assert pace(site, "/moved")["latency-p95"].verdict == "unknown"


def test_a_stall_counts_for_every_request_it_delays():
    """One thread, standing still for a second: a client that waits would see one slow answer."""
    with website({"/a": Stalling(1.0, 1.0)}, threads=False, protocol="HTTP/1.0") as site:
        load = asyncio.run(http_load.run(targets([site.url("/a")]), 40, 4, {}))
    samples = load.samples[1]
    delayed = sum(ms > 200 for ms in samples.answered)
    assert load.sent == load.planned == 160
    assert delayed > 20, "a second at 40 a second delays some forty requests"
    assert http_load.percentile(samples.answered, 95) > 500


def test_requests_keep_their_schedule_while_answers_are_awaited(site):
    started = time.monotonic()
    load = asyncio.run(http_load.run(targets([site.url("/slow")]), 20, 2, {}))
    assert time.monotonic() - started < 12, "one after another they take 24 s"
    assert load.samples[1].requests == 40


@pytest.mark.parametrize(
    ("values", "q", "expected"),
    [([], 95, None), ([7.0], 99, 7.0), (list(range(1, 101)), 95, 95), ([1, 2, 3, 4], 50, 2)],
)
def test_percentiles_are_samples_that_occurred(values, q, expected):
    assert http_load.percentile(values, q) == expected


def test_whoever_changes_the_page_changes_the_verdict(site, tmp_path):
    """The same answers, judged by a copy of this skill with other figures in its table."""
    folder = tmp_path / default_root().name
    shutil.copytree(default_root() / "references", folder / "references")
    page = (default_root() / "SKILL.md").read_text("utf-8")
    assert "| P95 response time | < 200 ms | > 500 ms |" in page
    for old, new, verdict in [
        ("< 200 ms | > 500 ms", "< 200 ms | > 0.25 s", "fail"),
        ("< 200 ms | > 500 ms", "< 600 ms | > 5 s", "pass"),
        ("< 200 ms | > 500 ms", "fast | slow", "unknown"),
    ]:
        name = "P95 response time | "
        Path(folder, "SKILL.md").write_text(page.replace(name + old, name + new), "utf-8")
        found = pace(site, "/middling", metrics=key_metrics(folder))["latency-p95"]
        assert found.verdict == verdict, (new, found)


def test_without_the_row_there_is_no_verdict(site):
    found = pace(site, "/quick", metrics=[])
    assert found["latency-p95"].verdict == "unknown"
    assert "key-metrics table has no row" in found["latency-p95"].reason
