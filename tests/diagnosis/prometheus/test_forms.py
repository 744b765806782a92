"""Durations in each form and unit, under each instrumentation's name and labels."""

from __future__ import annotations

from functools import cache

import pytest
from backend_performance.diagnosis.prometheus.client import with_dotted

from tests.diagnosis.prometheus.fleets import FAST, SERVER, SLOW, summary
from tests.diagnosis.prometheus.past import counter, gauge, histogram, past, timer

pytestmark = pytest.mark.server
MILLISECONDS = [("50", 0.1), ("250", 0.2), ("500", 0.3), ("1000", 0.8), ("5000", 1), ("+Inf", 1)]
STATUS = "http_response_status_code"


INSTRUMENTATIONS = [
    (SERVER, {"http_route": "/a"}, SLOW, "/a"),
    ("http_server_request_duration", {"http_route": "/a"}, SLOW, "/a"),
    ("http_server_duration_milliseconds", {"http_route": "/a"}, MILLISECONDS, "/a"),
    ("http_server_duration", {"http_target": "/a"}, MILLISECONDS, "/a"),
    ("http_server_requests_seconds", {"uri": "/a"}, SLOW, "/a"),
    ("http_request_duration_seconds", {"path": "/a", "endpoint": "metrics"}, SLOW, "/a"),
    ("http_request_duration_ms", {"route": "/a"}, MILLISECONDS, "/a"),
    ("http_request_duration", {"route": "/a"}, SLOW, "/a"),
    ("http_request_duration", {"route": "/a"}, MILLISECONDS, "/a"),
    ("shop_http_request_duration_seconds", {"handler": "/a"}, SLOW, "/a"),
    ("shop_http_requests_latency_seconds_histogram", {"path": "/a"}, SLOW, "/a"),
    ("flask_http_request_duration_seconds", {"url_rule": "/a"}, SLOW, "/a"),
    ("starlette_request_duration_seconds", {"path": "/a"}, SLOW, "/a"),
    ("rails_request_duration_seconds", {"controller": "a", "action": "b"}, SLOW, "a/b"),
    (
        "grpc_server_handling_seconds",
        {"grpc_type": "unary", "grpc_service": "s.A", "grpc_method": "B"},
        SLOW,
        "s.A/B",
    ),
    ("rpc_server_duration_milliseconds", {"rpc_method": "B"}, MILLISECONDS, "B"),
    ("istio_request_duration_milliseconds", {"destination_service": "a"}, MILLISECONDS, "a"),
    ("envoy_cluster_upstream_rq_time", {"envoy_cluster_name": "a"}, MILLISECONDS, "a"),
    (
        "nginx_ingress_controller_request_duration_seconds",
        {"exported_namespace": "n", "namespace": "ingress", "ingress": "a"},
        SLOW,
        "n/a",
    ),
    (
        "traefik_service_request_duration_seconds",
        {"service": "traefik", "exported_service": "a@docker"},
        SLOW,
        "a@docker",
    ),
    ("kong_request_latency_ms", {"route": "a"}, MILLISECONDS, "a"),
]
#: Evidence shows no more rows than that, so that several servers are asked.
TOGETHER = 15


@cache
def instrumentations(first: int) -> str:
    together = enumerate(INSTRUMENTATIONS[first : first + TOGETHER], first)
    return past(*(histogram(n, {"job": f"j{i}", **own}, s) for i, (n, own, s, _) in together))


@pytest.mark.parametrize("number", range(len(INSTRUMENTATIONS)))
def test_each_instrumentation_is_read_with_its_unit_and_route(ask_samples, number):
    found = ask_samples(instrumentations(number // TOGETHER * TOGETHER), only=["latency-p95"])[
        "latency-p95"
    ]
    assert found.verdict == "fail", (found.reason, found.observed)
    [row] = [row for row in found.rows if row["job"] == f"j{number}"]
    name, _, _, route = INSTRUMENTATIONS[number]
    assert (row["family"], row["route_untrusted"], row["above"]) == (name, route, 1000)


MANY = past(
    histogram(SERVER, {"job": "small", "http_route": "/a", STATUS: "200"}, FAST),
    histogram("http_server_requests_seconds", {"job": "b", "uri": "/b", "status": "500"}, SLOW),
    histogram("http_request_duration_seconds", {"job": "c", "path": "/c"}, FAST),
    histogram("http_request_duration_seconds", {"job": "d", "path": "/c", "code": "503"}, SLOW),
)


def test_no_family_and_no_job_hides_another(ask_samples):
    found = ask_samples(MANY, only=["latency-p95", "error-rate", "errors-by-route"])
    slow = {(row["family"], row["job"]) for row in found["latency-p95"].rows}
    assert slow == {("http_server_requests_seconds", "b"), ("http_request_duration_seconds", "d")}
    assert {row["job"] for row in found["error-rate"].rows} == {"b", "d"}
    assert {row["route_untrusted"] for row in found["errors-by-route"].rows} == {"/b", "/c"}


def test_a_rare_route_that_always_fails_is_found(ask_samples):
    often = counter("http_requests_total", {"route": "/often", "status": "200"}, 10_000)
    rare = counter("http_requests_total", {"route": "/rare", "status": "5xx"}, 0.2)
    found = ask_samples(past(often, rare), only=["error-rate", "errors-by-route"])
    assert found["error-rate"].verdict == "pass"
    assert found["errors-by-route"].verdict == "fail"


COUNTERS = [
    ("istio_requests_total", {"response_code": "200"}, {"response_code": "503"}),
    (
        "envoy_cluster_upstream_rq_xx",
        {"envoy_response_code_class": "2"},
        {"envoy_response_code_class": "5"},
    ),
    ("grpc_server_handled_total", {"grpc_code": "OK"}, {"grpc_code": "Unavailable"}),
    ("traefik_service_requests_total", {"code": "200"}, {"code": "502"}),
    ("haproxy_backend_http_responses_total", {"code": "2xx"}, {"code": "5xx"}),
    ("nginx_ingress_controller_requests", {"status": "200"}, {"status": "500"}),
    ("http_server_requests_total", {"code": "200"}, {"code": "500"}),
    ("shop_requests_total", {"status_code": "200"}, {"status_code": "500"}),
    ("django_http_responses_total_by_status_total", {"status": "200"}, {"status": "500"}),
]


@cache
def counters() -> str:
    good = (counter(n, {**ok, "job": f"j{i}"}, 90) for i, (n, ok, _) in enumerate(COUNTERS))
    bad = (counter(n, {**failed, "job": f"j{i}"}, 10) for i, (n, _, failed) in enumerate(COUNTERS))
    return past(*good, *bad)


@pytest.mark.parametrize("number", range(len(COUNTERS)))
def test_each_counter_of_failures_is_read(ask_samples, number):
    found = ask_samples(counters(), only=["error-rate"])["error-rate"]
    [row] = [row for row in found.rows if row["job"] == f"j{number}"]
    assert (row["verdict"], round(row["error_pct"])) == ("fail", 10), found.reason


def test_what_has_no_status_is_not_counted(ask_samples):
    samples = past(counter("shop_requests_total", {"type": "read"}, 90))
    found = ask_samples(samples, only=["error-rate"])["error-rate"]
    assert (found.verdict, "has a label with a status" in found.reason) == ("unknown", True)


@pytest.mark.parametrize(
    ("samples", "verdict", "says"),
    [
        (summary("http_request_duration_seconds", {"path": "/"}, 0.1), "unknown", "averaged"),
        (summary("http_request_duration_seconds", {"path": "/"}, 0.9), "judge", "averaged"),
        (timer("http_server_requests_seconds", {"uri": "/"}, 0.1), "unknown", "only a mean"),
        (timer("http_server_requests_seconds", {"uri": "/"}, 0.9), "judge", "the mean is beyond"),
        (histogram(SERVER, {}, MILLISECONDS), "unknown", "show the unit"),
        (
            histogram("http_request_duration_ms", {}, [("0.005", 0.5), ("10", 1), ("+Inf", 1)]),
            "unknown",
            "show the unit",
        ),
        (
            histogram(SERVER, {}, [("0.1", 0.5), ("0.2", 0.2), ("0.5", 1), ("+Inf", 1)]),
            "unknown",
            "different edges",
        ),
    ],
)
def test_what_cannot_tell_says_why(ask_samples, samples, verdict, says):
    found = ask_samples(past(samples), only=["latency-p95"])["latency-p95"]
    assert (found.verdict, says in found.reason) == (verdict, True), found.reason


def test_quantiles_beside_the_percentile_bound_it(ask_samples):
    """A page with 0.5, 0.9 and 0.99 says of the 95th percentile between which values it lies."""
    name = "http_request_duration_seconds"
    slow = {"0.5": 0.02, "0.9": 0.9, "0.99": 3.0}
    samples = past(
        timer(name, {"handler": "/slow"}, 0.1),
        *(gauge(name, {"handler": "/slow", "quantile": q}, level) for q, level in slow.items()),
        timer(name, {"handler": "/fast"}, 0.1),
        *(gauge(name, {"handler": "/fast", "quantile": q}, 0.01) for q in slow),
    )
    found = ask_samples(samples, only=["latency-p95", "latency-p99"])
    rows = {row["route_untrusted"]: row for row in found["latency-p95"].rows}
    assert (rows["/slow"]["verdict"], rows["/slow"]["above"]) == ("judge", 900)
    assert rows["/slow"]["at_most"] == 3000
    assert "/fast" not in rows
    [row] = [row for row in found["latency-p99"].rows if row["route_untrusted"] == "/slow"]
    assert (row["above"], row["at_most"]) == (3000, 3000)


def test_labels_with_dots_are_grouped_by_under_both_spellings():
    """Prometheus 3 keeps OpenTelemetry's names; older servers refuse a name in quotes."""
    asked = "sum by (le, job, http_route) (increase(x[1h]))"
    assert with_dotted(asked, {}) == asked
    said = with_dotted(asked, {"http_route": "http.route", "http_method": "http.method"})
    assert said == 'sum by (le, job, http_route, "http.route") (increase(x[1h]))'


def test_the_time_is_shared_out_by_route_within_a_service(ask_samples):
    samples = past(
        timer(SERVER, {"job": "shop", "http_route": "/often"}, 0.01, per_step=1000),
        timer(SERVER, {"job": "shop", "http_route": "/slow"}, 1.0, per_step=4),
        timer(SERVER, {"job": "shop", "http_route": "/neither"}, 0.01, per_step=10),
        timer(SERVER, {"job": "idle", "http_route": "/a"}, 0.01, per_step=9),
        timer(SERVER, {"job": "idle", "http_route": "/b"}, 0.01, per_step=9),
    )
    found = ask_samples(samples, only=["time-by-route"])["time-by-route"]
    shares = {row["route_untrusted"]: round(row["share_pct"]) for row in found.rows}
    assert (found.verdict, shares) == ("judge", {"/often": 71, "/slow": 28})


def test_what_stays_open_on_purpose_is_not_convicted(ask_samples):
    hours = [("1", 0.0), ("60", 0.0), ("+Inf", 1.0)]
    samples = past(histogram("traefik_service_request_duration_seconds", {}, hours, mean=300))
    found = ask_samples(samples, only=["latency-p95"])["latency-p95"]
    assert (found.verdict, "half a minute" in found.reason) == ("judge", True)


def test_calls_of_a_client_are_no_requests_of_a_server(ask_samples):
    own = counter("promhttp_metric_handler_requests_total", {"code": "500"}, 50)
    calls = counter("rest_client_requests_total", {"code": "500", "host": "api:443"}, 50)
    found = ask_samples(past(own, calls), only=["error-rate", "external-errors"])
    assert found["error-rate"].verdict == "unknown"
    assert found["external-errors"].verdict == "judge"


def test_routes_that_are_hardly_asked_for_are_counted_as_left_out(ask_samples):
    often = histogram(SERVER, {"http_route": "/often"}, FAST)
    rare = histogram(SERVER, {"http_route": "/rare"}, SLOW, per_step=0.01)
    found = ask_samples(past(often, rare), only=["latency-p95"])["latency-p95"]
    assert (found.verdict, found.observed["left_out"]) == ("pass", 1)
