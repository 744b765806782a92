"""Each key-metrics probe against a real server: a planted fault, a clean fleet, no answer."""

from __future__ import annotations

import json

import pytest
from backend_performance.diagnosis.probes import catalog

from tests.diagnosis.this_skills_metrics import METRICS


@pytest.mark.parametrize(
    ("fleet", "name", "verdict", "says"),
    [
        ("planted", "latency-p95", "fail", "whole bucket"),
        ("clean", "latency-p95", "pass", "no finding"),
        ("doubtful", "latency-p95", "judge", "it is unknown whether"),
        ("endless", "latency-p95", "judge", "beyond the last bucket edge"),
        ("summaries", "latency-p95", "unknown", "cannot be averaged"),
        ("rare", "latency-p95", "unknown", "fewer than 100 requests"),
        ("empty", "latency-p95", "unknown", "none of the 1 metrics"),
        ("other names", "latency-p95", "pass", "no finding"),
        ("planted", "latency-p99", "fail", "whole bucket"),
        ("clean", "latency-p99", "pass", "no finding"),
        ("rare", "latency-p99", "unknown", "fewer than 1,000 requests"),
        ("planted", "errors-by-route", "fail", "of this route"),
        ("clean", "errors-by-route", "pass", "no finding"),
        ("rare", "errors-by-route", "unknown", "fewer than 1,000 requests"),
        ("planted", "time-by-route", "judge", "a fifth or more"),
        ("endless", "time-by-route", "not_applicable", "does not distinguish routes"),
        ("rare", "time-by-route", "not_applicable", "does not distinguish routes"),
        ("planted", "error-rate", "fail", "beyond the action trigger"),
        ("other names", "error-rate", "fail", "beyond the action trigger"),
        ("clean", "error-rate", "pass", "no finding"),
        ("doubtful", "error-rate", "judge", "misses the target"),
        ("rare", "error-rate", "unknown", "fewer than 1,000 requests"),
        ("empty", "error-rate", "unknown", "none of the 1 metrics"),
        ("planted", "database-query-time", "fail", "whole bucket"),
        ("clean", "database-query-time", "pass", "no finding"),
        ("doubtful", "database-query-time", "judge", "reaches beyond the target"),
        ("rare", "database-query-time", "unknown", "fewer than 100 calls"),
        ("planted", "cache-hit-ratio", "judge", "beyond the action trigger"),
        ("doubtful", "cache-hit-ratio", "judge", "misses the target"),
        ("clean", "cache-hit-ratio", "pass", "no finding"),
        ("other names", "cache-hit-ratio", "pass", "no finding"),
        ("empty", "cache-hit-ratio", "unknown", "no series"),
        ("planted", "statements-per-request", "fail", "over 30"),
        ("doubtful", "statements-per-request", "judge", "over ten"),
        ("clean", "statements-per-request", "pass", "no finding"),
        ("rare", "statements-per-request", "unknown", "fewer than 100 requests"),
        ("planted", "pool-waits", "fail", "a request waits"),
        ("other names", "pool-waits", "fail", "a request waits"),
        ("doubtful", "pool-waits", "judge", "at times"),
        ("clean", "pool-waits", "pass", "no finding"),
        ("empty", "pool-waits", "unknown", "no series"),
        ("planted", "event-loop-delay", "fail", "over 200 ms"),
        ("other names", "event-loop-delay", "fail", "over 200 ms"),
        ("doubtful", "event-loop-delay", "judge", "over 50 ms"),
        ("clean", "event-loop-delay", "pass", "no finding"),
        ("empty", "event-loop-delay", "unknown", "no series"),
        ("planted", "external-latency", "judge", "over 300 ms"),
        ("doubtful", "external-latency", "judge", "beyond the last bucket edge"),
        ("clean", "external-latency", "pass", "no finding"),
        ("rare", "external-latency", "unknown", "fewer than 100 calls"),
        ("planted", "cpu-throttling", "fail", "one period in twenty"),
        ("doubtful", "cpu-throttling", "judge", "one period in a hundred"),
        ("clean", "cpu-throttling", "pass", "no finding"),
        ("rare", "cpu-throttling", "unknown", "fewer than 100 periods"),
        ("planted", "memory-growth", "judge", "troughs of resident memory rise"),
        ("clean", "memory-growth", "pass", "no finding"),
        ("rare", "memory-growth", "unknown", "warming up"),
        ("empty", "memory-growth", "unknown", "no series"),
    ],
)
def test_a_probe_finds_passes_and_admits(ask, fleet, name, verdict, says):
    found = ask(fleet, only=[name])[name]
    assert (found.verdict, says in found.reason) == (verdict, True), (found.reason, found.observed)


def test_a_clean_fleet_has_no_finding(ask):
    found = {name: e.verdict for name, e in ask("clean").items()}
    assert set(found.values()) <= {"pass", "unknown", "not_applicable"}, found
    assert sum(verdict == "pass" for verdict in found.values()) >= 11, found


def test_an_empty_server_answers_nothing_and_passes_nothing(ask):
    verdicts = {name: e.verdict for name, e in ask("empty").items()}
    assert set(verdicts.values()) == {"unknown"}, verdicts


def test_a_histogram_without_edges_leaves_the_other_probes_their_answers(ask):
    found = ask("no edges", only=["latency-p95", "cache-hit-ratio"])
    assert found["latency-p95"].verdict == "unknown"
    assert "only a mean" in found["latency-p95"].reason
    assert found["cache-hit-ratio"].verdict == "pass"


def test_the_evidence_names_the_worst(ask):
    found = ask("planted", only=["latency-p95", "pool-waits"])
    assert found["latency-p95"].observed["route_untrusted"] == "/orders/{id}"
    assert found["latency-p95"].observed["above"] == 1000
    assert found["pool-waits"].observed["pool"] == "main"


def test_the_key_metrics_table_judges(ask):
    strict = [
        row
        | {
            "target": {"op": "<", "value": 10.0, "unit": "ms"},
            "action": {"op": ">", "value": 20.0, "unit": "ms"},
        }
        for row in METRICS
    ]
    assert ask("clean", metrics=strict, only=["latency-p95"])["latency-p95"].verdict == "fail"


def test_labels_are_data(ask):
    found = ask("hostile", only=["latency-p95"])["latency-p95"]
    text = json.dumps(found.to_json(), ensure_ascii=False)
    assert found.verdict == "fail"
    assert "\x1b" not in text and "\\n```" not in text and len(text) < 4_000
    assert all(key.endswith("_untrusted") for row in found.rows for key in row if "route" in key)
    [row] = ask("hostile", only=["scrape-targets"])["scrape-targets"].rows
    assert (row["instance"], row["job"]) == ("(name withheld)", "10.0.0.7:80")


def test_every_source_says_how_many_samples_it_has():
    for each in catalog.load("prometheus"):
        for source in each.sources:
            assert "samples" in source["columns"], each.id
