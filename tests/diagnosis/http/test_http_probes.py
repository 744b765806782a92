"""Each HTTP probe against a real server: a planted fault, a clean address, an unknown answer."""

from __future__ import annotations

import time

import pytest
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.http import run as http_run
from backend_performance.diagnosis.web.target import targets

from tests.diagnosis.http.asked_pages import ask
from tests.diagnosis.http.web_server import TOKEN, as_json, website
from tests.diagnosis.this_skills_metrics import METRICS

pytest.importorskip("aiohttp")


@pytest.mark.parametrize(
    ("probe", "path", "verdict"),
    [
        ("response-size", "/large", "fail"),
        ("compression", "/uncompressed", "judge"),
        ("compression", "/picture", "not_applicable"),
        ("cache-headers", "/stubborn", "fail"),
        ("cache-headers", "/silent", "judge"),
        ("cache-leaks", "/cookie", "fail"),
        ("cache-leaks", "/unvaried", "fail"),
        ("cache-leaks", "/everybody", "judge"),
        ("keep-alive", "/closes", "fail"),
        ("pagination", "/all", "fail"),
        ("pagination", "/some", "judge"),
        ("null-share", "/nulls", "judge"),
        ("nesting", "/deep", "judge"),
        ("large-integers", "/bigint", "fail"),
    ],
)
def test_planted_faults_are_found(site, probe, path, verdict):
    found = ask(site, path)[probe]
    assert found.verdict == verdict, found
    if verdict == "not_applicable":
        assert "media type" in found.reason
    else:
        assert found.rows[0]["address"] == 1


@pytest.mark.parametrize(
    ("path", "verdict"),
    [("/mine", "fail"), ("/differs", "judge"), ("/everybody", "pass"), ("/healthy", "pass")],
)
def test_answers_with_and_without_credentials_are_compared(site, path, verdict):
    found = ask(site, path, credentials={"Authorization": TOKEN}, only=["cache-leaks"])
    assert found["cache-leaks"].verdict == verdict


def test_a_clean_address_passes_every_probe_of_form(site):
    found = ask(site, "/healthy")
    verdicts = {name: evidence.verdict for name, evidence in found.items()}
    paced = {"latency-p95", "latency-p99", "error-rate"}
    assert verdicts.pop("keep-alive") == "unknown", "this server does not say when it closes"
    assert {v for name, v in verdicts.items() if name not in paced} == {"pass"}, verdicts
    assert {verdicts[name] for name in paced} == {"unknown"}
    assert "--rate" in found["latency-p95"].reason


@pytest.mark.slow
def test_an_answer_that_always_takes_long_is_for_judgement():
    def report(_):
        time.sleep(1.05)
        return as_json({"a": 1})

    with website({"/report": report}) as site:
        found = ask(site, "/report")["long-operations"]
    assert found.verdict == "judge" and "202" in found.question


@pytest.mark.parametrize("path", ["/refused", "/broken", "/nowhere"])
def test_an_answer_without_success_is_unknown_and_says_how_to_find_out(site, path):
    for name, evidence in ask(site, path).items():
        assert evidence.verdict == "unknown", name
        assert "To find out" in evidence.reason


def test_a_server_that_is_not_there_cannot_be_asked():
    with website({}) as gone:
        url = gone.url("/a")
    with pytest.raises(CannotRun, match="refused"):
        http_run.run_http(targets([url]), metrics=METRICS)


def test_a_server_that_hangs_is_given_up(monkeypatch):
    import threading

    from backend_performance.diagnosis.web import client

    release = threading.Event()

    def hanging(_):
        release.wait(20)
        return as_json({})

    monkeypatch.setattr(client.session, "__defaults__", (4, 0.3))
    with website({"/hangs": hanging}) as site:
        with pytest.raises(CannotRun, match="no answer within"):
            ask(site, "/hangs")
        release.set()
