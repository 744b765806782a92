"""Sketches speak of columns that their rows have, and their advice is complete."""

from __future__ import annotations

import string

import pytest
from backend_performance.diagnosis.probes import catalog
from backend_performance.diagnosis.probes.expression import columns
from backend_performance.walk.causes.sketches import OF_SYSTEM

SKETCHES = OF_SYSTEM["prometheus"]
PROBES = {probe.id.partition("/")[2]: probe for probe in catalog.load("prometheus")}
#: What the readings of durations and failures add to every row.
ALWAYS = {"mean_ms", "errors", "per_second"}


def test_no_probe_is_without_words():
    assert set(SKETCHES) == set(PROBES)


@pytest.mark.parametrize("name", sorted(PROBES))
def test_the_words_of_a_probe_are_of_its_rows(name):
    probe = PROBES[name]
    read = {one for rule in probe.rules if rule.condition for one in columns(rule.condition)}
    known = {*probe.observe, *read, *ALWAYS}
    for sketch in SKETCHES[name]:
        said = {
            field
            for text in (sketch.title, sketch.also)
            for _, field, _, _ in string.Formatter().parse(text)
            if field
        }
        assert said <= known, said - known
        assert {column for column, _ in sketch.cost.values()} <= known


@pytest.mark.parametrize(
    ("row", "title"),
    [
        (
            {"route_untrusted": "/a", "p95_ms": 870.5},
            "`{route_untrusted}` answers in {p95_ms:,} ms",
        ),
        ({"job": "shop", "p95_ms": 870.5}, "`{job}` answers in {p95_ms:,} ms"),
        ({"route_untrusted": "/a", "above": 10_000}, "`{route_untrusted}` answers in more than"),
        ({"route_untrusted": "/a", "mean_ms": 31_000}, "`{route_untrusted}` answers in {mean_ms"),
    ],
)
def test_a_percentile_is_told_as_far_as_it_is_known(row, title):
    fitting = next(one for one in SKETCHES["latency-p95"] if one.when(row))
    assert fitting.title.startswith(title)


def test_advice_of_its_own_comes_with_its_own_risk():
    every = [s for probes in OF_SYSTEM.values() for known in probes.values() for s in known]
    assert {bool(sketch.fix) == bool(sketch.risk) for sketch in every} == {True}
