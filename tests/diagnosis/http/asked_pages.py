"""Pages that the tests of HTTP ask."""

from __future__ import annotations

import json
import random

import pytest
from backend_performance.diagnosis.http import run as http_run
from backend_performance.diagnosis.web.target import targets

from tests.diagnosis.http.web_server import TOKEN, Reply, as_json, healthy, orders, website
from tests.diagnosis.this_skills_metrics import METRICS


def ask(site, *paths, **options):
    run = http_run.run_http(targets([site.url(path) for path in paths]), metrics=METRICS, **options)
    return {evidence.probe.partition("/")[2]: evidence for evidence in run.evidence}


def page(reply):
    return lambda _: reply


def deep(levels):
    return {"in": deep(levels - 1)} if levels else 1


def only_for_users(headers):
    if headers.get("authorization") != TOKEN:
        return Reply(b"{}", 401)
    return as_json({"me": "alice"}, Cache_Control="public, max-age=60", Vary="Accept-Encoding")


def differs(headers):
    who = "alice" if "authorization" in headers else "nobody"
    return as_json({"me": who}, Cache_Control="max-age=60", Vary="Accept-Encoding")


def stubborn(_):
    return as_json({"a": 1}, ETag='"1"', Cache_Control="private, max-age=5")


PAGES = {
    "/healthy": healthy,
    "/large": page(as_json({"data": random.Random(1).randbytes(1_100_000).hex()})),
    "/uncompressed": page(
        Reply(
            json.dumps(orders(60)).encode(),
            headers={"Content-Type": "application/json"},
            compress=False,
        )
    ),
    "/picture": page(Reply(b"\x89PNG" * 1000, headers={"Content-Type": "image/png"})),
    "/stubborn": stubborn,
    "/silent": page(as_json({"a": 1})),
    "/cookie": page(as_json({"a": 1}, Cache_Control="public, max-age=60", Set_Cookie="sid=1")),
    "/mine": only_for_users,
    "/differs": differs,
    "/everybody": page(
        as_json({"a": 1}, Cache_Control="public, max-age=60", Vary="Accept-Encoding")
    ),
    "/unvaried": page(as_json({"a": "b" * 3000}, Cache_Control="public, max-age=60")),
    "/closes": page(as_json({"a": 1}, Connection="close")),
    "/all": page(as_json(orders(1001))),
    "/some": page(as_json(orders(150))),
    "/nulls": page(as_json([{"a": None, "b": None, "c": n} for n in range(20)])),
    "/deep": page(as_json(deep(9))),
    "/bigint": page(as_json({"id": 2**53 + 1})),
    "/refused": page(Reply(b"{}", 403)),
    "/broken": page(Reply(b"oops", 500)),
}


@pytest.fixture(scope="module")
def site():
    with website(PAGES) as running:
        yield running
