"""Each probe of systems and runtimes: at fault and at rest."""

from __future__ import annotations

from functools import cache

import pytest
from backend_performance.diagnosis.probes import catalog

from tests.diagnosis.prometheus.databases import DATABASES
from tests.diagnosis.prometheus.runtimes import RUNTIMES
from tests.diagnosis.prometheus.systems import samples

pytestmark = pytest.mark.server
SYSTEMS = [*RUNTIMES, *DATABASES]
NAMES = tuple(dict.fromkeys(name for name, _, _ in SYSTEMS))


@cache
def fleet(at_fault: bool) -> str:
    return samples(SYSTEMS, at_fault)


@pytest.mark.parametrize(("name", "verdict", "metrics"), SYSTEMS, ids=lambda v: str(v)[:30])
def test_a_fault_is_found_in_each_system(ask_samples, name, verdict, metrics):
    found = ask_samples(fleet(True), only=[name])[name]
    names = {metric.name for metric in metrics}
    verdicts = {row["verdict"] for row in found.rows if row["family"] in names}
    assert verdict in verdicts, (found.reason, found.rows)


@pytest.mark.parametrize("name", NAMES)
def test_a_system_at_rest_passes(ask_samples, name):
    found = ask_samples(fleet(False), only=[name])[name]
    assert found.verdict == "pass", (found.reason, found.observed, found.rows)


@pytest.mark.parametrize("name", NAMES)
def test_without_its_exporter_nothing_passes(ask, name):
    if name != "scrape-targets":
        assert ask("empty", only=[name])[name].verdict == "unknown"


def test_each_probe_of_a_system_is_tried():
    named = {p.id.partition("/")[2] for p in catalog.load("prometheus") if p.sources}
    elsewhere = {"cache-hit-ratio", "cpu-throttling", "event-loop-delay", "memory-growth"}
    assert named - elsewhere - {"pool-waits"} == set(NAMES)
