"""The data on instrumentations: well formed, and each name is what it is."""

from __future__ import annotations

import re

import pytest
import yaml
from backend_performance.diagnosis.prometheus import families
from backend_performance.diagnosis.prometheus.durations import queries
from backend_performance.skill_root import default_root

FOLDER = default_root() / families.FOLDER


@pytest.mark.parametrize("file", families.FILES)
def test_each_family_says_what_it_is_and_where_that_is_written(file):
    entries = yaml.safe_load((FOLDER / f"{file}.yaml").read_text(encoding="utf-8"))["families"]
    known = {"of", "names", "unit", "labels", "failed", "where", "source"}
    for entry in entries:
        assert set(entry) <= known and {"of", "names", "source"} <= set(entry), entry
        assert entry["source"].startswith("https://"), entry
        assert entry.get("unit", "unclear") in {*families.UNITS, "unclear"}, entry
        assert all(re.fullmatch(r"[A-Za-z0-9_*]+", name) for name in entry["names"]), entry


def test_every_file_of_families_is_read():
    assert {file.stem for file in FOLDER.glob("*.yaml")} == {*families.FILES, "queries"}


def test_every_query_sums_before_it_judges():
    assert all(query.startswith(("sum by", "min by", "max by")) for query in queries().values())


@pytest.mark.parametrize(
    ("names", "file", "base", "unit"),
    [
        ("http_server_request_duration_seconds_bucket", "server", None, "s"),
        ("http_server_request_duration_bucket", "server", None, "s"),
        ("http.server.request.duration_seconds_bucket", "server", None, "s"),
        ("http_server_duration_milliseconds_bucket", "server", None, "ms"),
        ("http_server_requests_milliseconds_bucket", "server", None, "ms"),
        ("shop_http_request_duration_seconds_bucket", "server", None, "s"),
        ("gin_request_duration_seconds_count", "server", None, "s"),
        ("envoy_cluster_upstream_rq_time_bucket", "server", None, "ms"),
        ("grpc_server_handling_seconds_bucket", "server", None, "s"),
        ("http_client_request_duration_seconds_bucket", "client", None, "s"),
        ("shop_http_client_request_duration_seconds_bucket", "client", None, "s"),
        ("rest_client_request_duration_seconds_bucket", "client", None, "s"),
        ("grpc_client_handling_seconds_bucket", "client", None, "s"),
        ("db_client_operation_duration_seconds_bucket", "database", None, "s"),
        ("django_db_query_duration_seconds_bucket", "database", None, "s"),
        ("shop_db_query_duration_seconds_bucket", "database", None, "s"),
        ("http_requests_total", "requests", "http_requests_total", "unclear"),
        ("haproxy_backend_http_responses_total", "requests", None, "unclear"),
        ("rest_client_requests_total", "calls", "rest_client_requests_total", "unclear"),
        ("loki_s3_request_duration_seconds_bucket", "client", None, "s"),
        ("coredns_forward_request_duration_seconds_bucket", "client", None, "s"),
        ("temporal_request_latency_bucket", "client", None, "unclear"),
        ("temporal_long_request_latency_bucket", "own", None, "unclear"),
        ("cortex_memcache_request_duration_seconds_bucket", "database", None, "s"),
        ("loki_request_duration_seconds_bucket", "server", None, "s"),
        ("traefik_backend_request_duration_seconds_bucket", "server", None, "s"),
        ("cassandra_clientrequest_latency_seconds", "server", None, "s"),
        ("coredns_forward_responses_total", "calls", None, "unclear"),
        ("promhttp_metric_handler_requests_total", "own", None, "unclear"),
    ],
)
def test_a_name_belongs_to_one_file(names, file, base, unit):
    found = families.held(names.split())
    assert [name for name, several in found.items() if several] == [file]
    [held] = found[file]
    assert held.unit == unit and base in (None, held.base)


@pytest.mark.parametrize(
    "name",
    [
        "job:http_request_duration_seconds:p95",
        "http_server_active_requests",
        "kube_pod_container_resource_requests",
        "http_request_size_bytes_bucket",
        "go_gc_duration_seconds",
        "process_cpu_seconds_total",
    ],
)
def test_what_is_no_request_is_no_family(name):
    assert not any(families.held([name]).values())
