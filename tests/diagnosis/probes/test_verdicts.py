"""From rows to a verdict: the worst row decides, and a NULL never reads as clean."""

import pytest
from backend_performance.diagnosis.evidence.model import MAX_ROWS, Evidence
from backend_performance.diagnosis.probes.judging import judge, missing
from backend_performance.diagnosis.probes.probe import ProbeError, parse_probe

HEADER = """\
-- id: postgres/example
-- question: Is it so?
-- objects: things
-- min_version: 14
-- privilege: any
-- cost: none
-- observe: [size]
-- rules:
--   - pass: exempt
--     because: it is exempt from the rule
--   - fail: size >= 100
--     because: it is far too large
--   - judge: size >= 10
--     because: it is rather large
--     ask: Is it meant to be large?
-- when_empty:
--   verdict: not_applicable
--   because: there is nothing to look at
-- source: our default
-- caveats: [an estimate]
select 1;
"""


@pytest.fixture
def probe():
    return parse_probe(HEADER, "example.sql")


def row(size, exempt=False, **more):
    return {"size": size, "exempt": exempt, "thing_name": "a"} | more


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([row(1), row(2)], "pass"),
        ([row(1), row(20)], "judge"),
        ([row(500), row(20), row(None)], "fail"),
        ([row(None), row(1)], "unknown"),
        ([row(20), row(None)], "judge"),
        ([row(None, exempt=True)], "pass"),
        ([row(None, exempt=None)], "unknown"),
        ([row(500, exempt=None)], "fail"),
        ([row(1, exempt=None)], "pass"),
        ([], "not_applicable"),
    ],
)
def test_the_worst_row_decides(probe, rows, verdict):
    assert judge(probe, rows).verdict == verdict


def test_a_lenient_rule_cannot_hide_an_undecided_strict_one():
    text = HEADER.replace(
        "-- when_empty",
        "--   - pass: size is None\n--     because: nothing is known\n-- when_empty",
    )
    assert judge(parse_probe(text, "x.sql"), [row(None)]).verdict == "unknown"


def test_evidence_carries_what_decided(probe):
    evidence = judge(probe, [row(500), row(20), row(1)])
    assert evidence.observed == {"examined": 3, "fail": 1, "judge": 1, "size": 500}
    assert evidence.threshold == {"fail": ["size >= 100"]}
    assert [shown["verdict"] for shown in evidence.rows] == ["fail", "judge"]
    assert evidence.reason == "1 of 3 things: it is far too large"
    assert evidence.caveats == ("an estimate",)


def test_judge_asks_and_unknown_says_what_is_missing(probe):
    assert judge(probe, [row(20)]).question == "Is it meant to be large?"
    assert "size" in judge(probe, [row(None)]).reason


def test_rows_are_bounded_and_say_so(probe):
    many = judge(probe, [row(500, examined=30)] * 30)
    assert len(many.rows) == MAX_ROWS and many.truncated
    # the statement's own limit cut off rows that would have fired too
    assert judge(probe, [row(500, examined=9)] * 3).truncated
    assert not judge(probe, [row(500, examined=9), row(1, examined=9)]).truncated


@pytest.mark.parametrize(
    "answer",
    [
        [{"other": 1}],
        [row("large")],
        [row(1, exempt="yes")],
        [row(1), row("large")],
        [row(1, examined="many")],
        [{"size": 1, "exempt": 7}],
    ],
)
def test_an_answer_of_another_form_decides_nothing(probe, answer):
    found = judge(probe, answer)
    assert found.verdict == "unknown" and "another form" in found.reason


@pytest.mark.parametrize(
    "values",
    [
        {"verdict": "pass", "reason": "fine"},
        {"verdict": "fail", "reason": "bad"},
        {"verdict": "unknown", "reason": " "},
        {"verdict": "judge", "reason": "hm", "observed": {"n": 1}},
        {"verdict": "clean", "reason": "x", "observed": {"n": 1}},
        {"verdict": "fail", "reason": "x", "observed": {"n": 1}, "rows": ({},) * 21},
    ],
)
def test_a_verdict_without_its_datum_cannot_be_constructed(values):
    with pytest.raises(ValueError):
        Evidence("postgres/example", **values)


def test_missing_evidence_is_unknown(probe):
    assert missing(probe, "no privilege").verdict == "unknown"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("size >= 100", "size >>= 100"),
        ("size >= 100", "1 >= 100"),
        ("--     ask: Is it meant to be large?\n", ""),
        ("-- cost: none\n", ""),
        ("-- source: our default", "-- surce: our default"),
        ("question: Is it so?", "question: It is so."),
        ("-- rules:", "-- rules: ["),
        ("select 1;", ""),
    ],
)
def test_a_malformed_header_is_refused_with_the_file(old, new):
    assert old in HEADER
    with pytest.raises(ProbeError, match="example.sql"):
        parse_probe(HEADER.replace(old, new), "example.sql")
