"""What a statement costs decides whether its pattern is worth a look."""

import pytest
from backend_performance.diagnosis.probes import catalog, judging

HIDDEN = {"hidden_by": "cast", "blocks_per_call": 4839, "calls": 60, "mean_ms": 58}
SMELLS = ("has_limit", "uses_offset", "random_order", "counts_all", "select_star")
LOWER = dict.fromkeys(SMELLS, False) | {
    "function_on_column": True,
    "calls": 60,
    "rows_per_call": 1,
    "window_calls": 900,
}


def verdict(name, row):
    (probe,) = catalog.choose(catalog.load("postgres"), [name])
    return judging.decide(probe, row).verdict.value


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "fail"),
        ({"calls": 200, "mean_ms": 1}, "fail"),
        ({"mean_ms": 1}, "pass"),
        ({"calls": 5}, "pass"),
        ({"blocks_per_call": 4}, "pass"),
    ],
)
def test_a_bypassed_index_matters_where_it_is_frequent_or_slow(changed, expected):
    assert verdict("bypassed-indexes", HIDDEN | changed) == expected


@pytest.mark.parametrize(("blocks", "expected"), [(4, "pass"), (400, "judge")])
def test_a_function_that_an_index_serves_is_no_smell(blocks, expected):
    """Four blocks are a look-up in an index on the same expression."""
    assert verdict("statement-smells", LOWER | {"blocks_per_call": blocks}) == expected
