"""Evidence on a terminal: the summary first, one table per finding, what is not shown counted."""

import pytest
from backend_performance.diagnosis.evidence import (
    document as evidence_document,
)
from backend_performance.diagnosis.evidence import (
    text as evidence_text,
)
from backend_performance.diagnosis.evidence.model import Evidence, Subject


def found(verdict="fail", rows=(), **fields):
    made = {
        "probe": f"postgres/{verdict}-probe",
        "verdict": verdict,
        "reason": f"it is {verdict}",
        "observed": {"examined": 9, "fail": len(rows)},
        "rows": tuple(rows),
        "question": "Is it?" if verdict == "judge" else "",
        "subject": Subject("table", "table_name"),
    }
    return Evidence(**(made | fields))


def text(*evidence, rows=None, colour=False):
    document = evidence_document.document("postgres", {"version": "17.2"}, evidence, rows)
    return evidence_text.to_text(document, colour)


ROWS = [
    {"verdict": "fail", "table_name": "public.a", "row_count": 5, "on": False, "gone": None},
    {"verdict": "fail", "table_name": "public.longer", "row_count": 1200, "on": True, "gone": None},
]


def test_the_worst_comes_first_and_what_passes_is_one_line():
    lines = text(found("pass"), found("judge", ROWS), found("fail", ROWS)).splitlines()
    assert lines[0].startswith("postgres 17.2: 1 fail, 1 judge")
    order = [line for line in lines if line.startswith(("✗", "?", "✓"))]
    assert [line[:6] for line in order] == ["✗ fail", "? judg", "✓ pass"]


def test_columns_are_aligned_and_empty_ones_are_left_out():
    names, first, second = evidence_text.table(ROWS)
    assert "gone" not in names and "verdict" not in names
    assert first.index("5") + 1 == second.index("1200") + 4, "numbers end in the same column"
    assert names.index("on") == first.index("no") == second.index("yes")


def test_a_long_text_stands_below_its_row():
    lines = evidence_text.table([{"calls": 5, "query_untrusted": "select " + "x" * 90}])
    assert lines[2].startswith("  query_untrusted: select xxx")


@pytest.mark.parametrize(("shown", "says"), [(1, "1 more: --only"), (None, "public.longer")])
def test_rows_that_are_not_shown_are_counted(shown, says):
    assert says in text(found("fail", ROWS), rows=shown)


def test_a_question_and_the_item_with_the_fix_are_named():
    told = text(found("judge", ROWS, decides=("database/indexing/x",)))
    assert (
        "decide: Is it?" in told and "fix: scripts/checklists.py --id database/indexing/x" in told
    )


def test_colour_is_only_for_a_terminal():
    assert "\x1b[" in text(found("fail", ROWS), colour=True)
    assert "\x1b[" not in text(found("fail", ROWS))


def test_what_is_unknown_for_the_same_reason_is_one_block():
    names = [f"postgres/p{n}" for n in range(3)]
    unknown = [found("unknown", probe=name, reason="no role", observed={}) for name in names]
    other = found("unknown", probe="postgres/other", reason="no time", observed={})
    shown = text(unknown[0], other, *unknown[1:])
    assert shown.count("no role") == 1
    assert "– unknown postgres/p0, postgres/p1, postgres/p2\n  no role" in shown
    assert "– unknown postgres/other\n  no time" in shown
