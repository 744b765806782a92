"""One idle connection is held open: when the server closes it is measured, not believed."""

import logging

import pytest
from backend_performance.diagnosis.guards import sent
from backend_performance.diagnosis.http.engine import MOST_IDLE
from backend_performance.diagnosis.http.idle import MOST_SECONDS
from backend_performance.diagnosis.http.run import run_http
from backend_performance.diagnosis.web.target import targets

from tests.diagnosis.http.web_server import healthy, website

pytest.importorskip("aiohttp")
pytestmark = pytest.mark.slow


def asked(site, hold_s, tick=lambda _: None):
    addresses = targets([site.url("/healthy"), site.url("/healthy?page=2")])
    run = run_http(addresses, metrics=(), hold_s=hold_s, tick=tick, only=["keep-alive"])
    return run.evidence[0]


def test_a_server_that_closes_early_is_a_question_with_the_seconds():
    with website({"/healthy": healthy}, idle_s=1) as site:
        found = asked(site, 20)
    assert found.verdict == "judge" and "closed an idle connection" in found.reason
    assert 0.5 <= found.rows[0]["closed_after_s"] < 10


def test_a_connection_that_outlives_a_short_look_stays_unknown():
    ticks: list[str] = []
    with website({"/healthy": healthy}) as site:
        found = asked(site, 1, ticks.append)
    assert found.verdict == "unknown"
    assert 0.5 <= found.observed["held_s"] <= 1.5 and ticks


def test_each_host_is_held_once_and_the_record_says_so(caplog):
    caplog.set_level(logging.INFO, logger=sent.LOGGER.name)
    sent.LOGGER.addHandler(caplog.handler)
    try:
        with website({"/healthy": healthy}) as site:
            asked(site, 1)
    finally:
        sent.LOGGER.removeHandler(caplog.handler)
    assert sum("held idle" in record.getMessage() for record in caplog.records) == 1


def test_no_caller_may_hold_longer_than_was_said():
    assert MOST_SECONDS == MOST_IDLE == 90
