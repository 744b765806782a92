"""Every figure in `examples/` is measured again and compared; the index says what the pages say."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

# Outside CI the suite also runs where the dependency group `measure` is not installed.
if not os.environ.get("CI"):
    for driver in ("psycopg", "psycopg_pool", "pymysql", "redis", "sqlalchemy", "django"):
        pytest.importorskip(driver, reason=f"{driver} is in the dependency group `measure`")

from harness.measure import check, main, measure  # noqa: E402
from harness.measuring import case_index  # noqa: E402
from harness.measuring.bench import Bench, Incomparable  # noqa: E402
from harness.measuring.figures import Table, compare, read_table  # noqa: E402
from harness.measuring.page import (  # noqa: E402
    ENVIRONMENT,
    FOLDER,
    INDEX,
    MEASURED,
    Case,
    PageError,
    block,
    read_case,
    read_cases,
    replace_block,
)
from harness.servers.engines import EngineMissing, missing  # noqa: E402

CASES = read_cases(FOLDER)
INDEX_TEXT = (FOLDER / INDEX).read_text(encoding="utf-8")
MEASURED_ON = block(INDEX_TEXT, ENVIRONMENT)
#: What one lookup costs at most, in characters: 1,000 tokens of four.
MAX_CHARACTERS = 4_000


@cache
def differences(slug: str, bench: Bench) -> tuple[str, ...]:
    """A case of the pages is measured once in a run, whoever needs it to hold."""
    return tuple(str(difference) for difference in check(CASES[slug], MEASURED_ON, bench))


def checked(case: Case, bench: Bench) -> tuple[str, ...]:
    try:
        found = differences(case.slug, bench)
    except (Incomparable, EngineMissing) as reason:
        missing(str(reason))
    if found and os.getloadavg()[0] > 2 * (os.cpu_count() or 1):
        pytest.skip(f"this machine is too busy to measure: {found[0]}")
    return found


@pytest.mark.parametrize("slug", list(CASES))
def test_the_figures_hold(slug: str, bench: Bench) -> None:
    assert checked(CASES[slug], bench) == ()


def test_a_changed_figure_is_named(bench: Bench, tmp_path: Path, capsys: Any) -> None:
    case = CASES["offset-or-keyset"]
    for name in (INDEX, "offset-or-keyset.md"):
        shutil.copy(FOLDER / name, tmp_path)
    falsified = case.text.replace("| 50,020 |", "| 50,021 |", 1)
    (tmp_path / "offset-or-keyset.md").write_text(falsified, encoding="utf-8")
    checked(case, bench)  # skips where figures do not apply
    assert main(["--check", "--folder", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "offset-or-keyset: PostgreSQL OFFSET / Rows read: the page says 50,021" in out


@pytest.mark.parametrize(
    ("measurements", "differ"), [("good", 0), ("bad good", 0), ("bad bad bad", 1)]
)
def test_what_differs_is_measured_again_and_then_named(
    measurements: str, differ: int, monkeypatch: Any
) -> None:
    table = "| Variant | Rows |\n| --- | --: |\n| All | 10 |"
    page = f"<!-- measured -->\n{table}\n<!-- /measured -->\n"
    rows = {"good": 10, "bad": 11}
    left = [Table.of(["Variant", "Rows"], [["All", rows[one]]]) for one in measurements.split()]
    monkeypatch.setattr("harness.measure.measure", lambda case, bench: left.pop(0))
    assert len(check(Case("one", page, ()), "", Bench())) == differ
    assert left == []


BROKEN_AFTERS = {
    "offset-or-keyset": (
        "CREATE INDEX event_created_id ON event (created_at, id);\nVACUUM",
        "VACUUM",
    ),
    "foreign-key-without-an-index": (
        "CREATE INDEX child_parent ON child (parent_id);",
        "SELECT 1;",
    ),
    "composite-index-order": ("CREATE INDEX job_status_created ON job (status, created_at);\n", ""),
}


@pytest.mark.parametrize("slug", list(BROKEN_AFTERS))
def test_an_after_without_its_index_fails(slug: str, bench: Bench) -> None:
    old, new = BROKEN_AFTERS[slug]
    case = CASES[slug]
    assert old in case.text
    assert checked(case, bench) == ()  # skips where figures do not apply
    broken = read_case(slug, case.text.replace(old, new))
    assert list(compare(slug, read_table(block(case.text, MEASURED)), measure(broken, bench)))


@pytest.mark.parametrize("slug", list(CASES))
def test_a_case_is_complete_and_costs_little_to_look_up(slug: str) -> None:
    case = CASES[slug]
    parts = ("Symptom", "Gain", "Why it works", "When it does not", "How to see it in production")
    assert all(case.sentence(part) for part in (*parts, "Items"))
    assert len(read_table(block(case.text, MEASURED)).rows) >= 2
    assert len(case.text) <= MAX_CHARACTERS


@pytest.mark.parametrize("slug", list(CASES))
def test_the_figures_of_a_gain_are_in_the_table(slug: str) -> None:
    """So a gain cannot survive a measurement that refutes it."""
    case = CASES[slug]
    stated = re.findall(r"\d(?:[\d,.]*\d)?", case.sentence("Gain"))
    table = re.findall(r"\d(?:[\d,.]*\d)?", block(case.text, MEASURED))
    assert [figure for figure in stated if figure not in table] == []


def test_the_index_says_what_the_pages_say() -> None:
    assert case_index.refresh(INDEX_TEXT, CASES) == INDEX_TEXT


def test_a_page_that_the_index_does_not_list_is_named() -> None:
    unlisted = CASES | {"new-case": next(iter(CASES.values()))}
    with pytest.raises(PageError, match="new-case"):
        case_index.refresh(INDEX_TEXT, unlisted)


def test_a_changed_gain_reaches_the_index() -> None:
    case = CASES["cache-stampede"]
    gain = case.sentence("Gain")
    changed = read_case(case.slug, case.text.replace(gain, "Nobody waits."))
    index = case_index.refresh(INDEX_TEXT, CASES | {case.slug: changed})
    assert index == INDEX_TEXT.replace(gain, "Nobody waits.")


def test_rewriting_a_page_changes_only_its_table() -> None:
    case = CASES["cache-stampede"]
    assert replace_block(case.text, MEASURED, block(case.text, MEASURED)) == case.text


def test_no_unknown_slug_is_measured_silently(capsys: Any) -> None:
    assert main(["--check", "--case", "no-such-case"]) == 2
    assert "offset-or-keyset" in capsys.readouterr().err


def test_there_are_at_least_twenty_cases() -> None:
    assert len(CASES) >= 20
