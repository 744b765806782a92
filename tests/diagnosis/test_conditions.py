"""The language of verdict rules: three-valued, small, without eval."""

import pytest
from backend_performance.diagnosis.condition import ConditionError, columns, evaluate, parse

ROW = {"n": 5, "half": 0.5, "name": "none", "flag": True, "gone": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n >= 5", True),
        ("n > 5", False),
        ("n <> 4", True),
        ("half < 1.5 and n != 5", False),
        ("name = 'none'", True),
        ("flag = true", True),
        ("flag = false or n = 5", True),
        ("gone is null", True),
        ("gone is not null", False),
        ("n is not null", True),
        ("gone > 1", None),
        ("gone > 1 and n = 5", None),
        ("gone > 1 and n = 4", False),
        ("gone > 1 or n = 5", True),
        ("gone > 1 or n = 4", None),
        ("n = 4 and n = 5 or n = 5", True),
        ("n = 4 and (n = 5 or n = 5)", False),
        ("n >= half", True),
        ("n > -1", True),
    ],
)
def test_a_condition_is_true_false_or_undecided(text, expected):
    assert evaluate(parse(text), ROW) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n",
        "n >",
        "n = 5 n = 5",
        "(n = 5",
        "n = 5)",
        "n is 5",
        "n like 'x'",
        "and n = 5",
        "n = __import__('os')",
        "n = 'open",
        "n ; 1",
        "not n = 5",
    ],
)
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ConditionError):
        parse(text)


@pytest.mark.parametrize("text", ["absent = 1", "name > 5", "n = 'five'"])
def test_a_condition_that_does_not_fit_the_row_is_an_error(text):
    with pytest.raises(ConditionError):
        evaluate(parse(text), ROW)


def test_columns_are_named():
    assert columns(parse("a > b and (c is null or d = 'e')")) == {"a", "b", "c", "d"}
