"""Figures read as a person writes them, and each is said once."""

from dataclasses import replace

import pytest
from backend_performance.walk import causes, figure
from backend_performance.walk.views import costs

from tests.walk.walk_examples import evidence, item, walk


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1023, "1,023 bytes"),
        (1536, "1.5 kB"),
        (1000 * 1024, "1,000 kB"),
        (1023.4 * 1024, "1,023 kB"),
        (2e15, "1,862,645 GB"),
    ],
)
def test_a_size_has_no_exponent(count, text):
    assert figure.size(count) == text


def a_cause(title, **cost):
    rows = [{"verdict": "fail", "pid": 7, "transaction_s": 60}]
    reading = evidence("fail", [], probe="postgres/long-transactions", rows=rows)
    (cause,) = causes.of(walk([item()], [reading]))
    return replace(cause, title=title, cost=cost)


def test_a_transaction_of_weeks_has_no_exponent():
    assert costs.cost(a_cause("It is open", seconds=1_234_567)) == "1,234,567 s"


@pytest.mark.parametrize(
    ("title", "unsaid"),
    [
        ("Of 12,345 rows it keeps none", "45 calls"),
        ("It is called in 45.5 %", "45 calls"),
        ("It runs on db45", "45 calls"),
        ("It is called 45 times", ""),
        ("It is called too often (45)", ""),
    ],
)
def test_a_cost_is_said_unless_the_title_has_its_figure(title, unsaid):
    assert costs.unsaid(a_cause(title, calls=45)) == unsaid
