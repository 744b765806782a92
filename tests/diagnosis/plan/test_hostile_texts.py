"""Texts made to cost much: a search that begins anew at every place takes for ever."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from backend_performance.diagnosis import plan

NODE = (
    " Seq Scan on t  (cost=0.00..1.00 rows=1 width=4) (actual time=0.010..0.020 rows=1 loops=1)\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("piece", [" \n", "<explain", "-> ", "+-", "Filter: a: "])
def test_a_megabyte_of_one_mark_takes_little_time(piece):
    text = NODE + piece * (1_000_000 // len(piece)) + "x\n" + NODE
    began = time.process_time()
    with suppress(plan.PlanError):
        plan.examine(plan.read(text.encode()))
    assert time.process_time() - began < 10


_HEAD = "| id | select_type | table | type | extra |\n| 1 | SIMPLE | t | ALL | "


@pytest.mark.parametrize(
    "text",
    [
        "-\n" * 20_000,
        "|\n" * 20_000,
        "Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)" + " " * 40_000 + "x",
        "Sort  (cost=" + "." * 40_000,
        _HEAD + "Using join buffer (" * 10_000 + "|\n",
    ],
)
def test_a_text_is_not_searched_anew_at_each_of_its_places(text):
    began = time.process_time()
    with suppress(plan.PlanError):
        plan.read(text.encode())
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize(
    "text",
    [
        '[{"Plan": {"Node Type": "Seq Scan", "Plan Rows": %s}}]' % ("9" * 10_000),
        '{"message": "plan: {}", "pid": %s}' % ("9" * 10_000),
    ],
)
def test_a_number_of_thousands_of_digits_is_refused(text):
    with pytest.raises(plan.PlanError):
        plan.read(text.encode())
