"""What is too much, what ended early, and what the server does not answer."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis.prometheus import client

from tests.diagnosis.prometheus.fleets import FAST, SERVER, SLOW
from tests.diagnosis.prometheus.past import counter, gauge, histogram, past

pytestmark = pytest.mark.server


def test_a_target_that_is_scraped_no_more_is_said(ask_samples):
    gone = gauge("up", {"job": "shop", "instance": "a"}, 1)[:60]
    samples = past(gone, gauge("up", {"job": "shop", "instance": "b"}, 1))
    found = ask_samples(samples, only=["scrape-targets"])["scrape-targets"]
    assert found.verdict == "judge"
    assert [row["instance"] for row in found.rows] == ["a"]


def test_too_many_routes_are_judged_together(ask_samples, monkeypatch):
    routes = [histogram(SERVER, {"job": "j", "http_route": f"/r{n}"}, SLOW) for n in range(12)]
    monkeypatch.setattr(client, "MAX_SERIES", 10)
    found = ask_samples(past(*routes), only=["latency-p95"])["latency-p95"]
    assert (found.verdict, found.observed["examined"]) == ("fail", 1)
    assert found.rows[0]["route_untrusted"] == "too many to tell apart"


def test_a_family_that_cannot_be_asked_hides_no_other_and_is_no_pass(ask_samples, monkeypatch):
    fine = histogram("http_server_requests_seconds", {"uri": "/a"}, [("0.1", 1), ("+Inf", 1)])
    samples = past(fine, histogram(SERVER, {"http_route": "/a"}, FAST))
    monkeypatch.setattr(client, "MAX_SERIES", 3)
    found = ask_samples(samples, only=["latency-p95"])["latency-p95"]
    assert (found.verdict, found.observed["examined"]) == ("unknown", 2)
    assert "did not answer" in found.reason


def test_a_counter_that_starts_again_is_counted_on(ask_samples):
    labels = {"job": "j", "status": "500"}
    lines = counter("http_requests_total", labels, 10)
    restarted = lines[:65] + [
        line.replace(f" {(65 + n) * 10} ", f" {n * 10} ") for n, line in enumerate(lines[65:])
    ]
    assert restarted[65].split()[-2] == "0"
    found = ask_samples(past(restarted), only=["error-rate"])["error-rate"]
    assert found.verdict == "fail"
    assert found.observed["samples"] == pytest.approx(1200, rel=0.05)
