"""Every figure in `examples/common-bottlenecks.md` is measured again and compared."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

# Outside CI the suite also runs where the dependency group `measure` is not installed.
if not os.environ.get("CI"):
    for driver in ("psycopg", "psycopg_pool", "pymysql", "redis", "sqlalchemy", "django"):
        pytest.importorskip(driver, reason=f"{driver} is in the dependency group `measure`")

from harness.bench import Bench, Incomparable  # noqa: E402
from harness.engines import EngineMissing  # noqa: E402
from harness.figures import Table, compare, read_table  # noqa: E402
from harness.measure import check, main, measure  # noqa: E402
from harness.page import PAGE, Case, block, read_cases  # noqa: E402

TEXT = PAGE.read_text(encoding="utf-8")
CASES = {case.slug: case for case in read_cases(TEXT)}


def checked(case: Case, text: str, bench: Bench) -> list[str]:
    try:
        return [str(difference) for difference in check(case, text, bench)]
    except (Incomparable, EngineMissing) as reason:
        if os.environ.get("CI"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.mark.parametrize("slug", list(CASES))
def test_the_figures_hold(slug: str, bench: Bench) -> None:
    assert checked(CASES[slug], TEXT, bench) == []


def test_a_changed_figure_is_named(bench: Bench, tmp_path: Path, capsys: Any) -> None:
    table = block(TEXT, "measured:offset-or-keyset")
    falsified = TEXT.replace(table, table.replace("| 50,020 |", "| 50,021 |", 1))
    copy = tmp_path / "page.md"
    copy.write_text(falsified, encoding="utf-8")
    checked(CASES["offset-or-keyset"], falsified, bench)  # skips where figures do not apply
    assert main(["--check", "--case", "offset-or-keyset", "--page", str(copy)]) == 1
    out = capsys.readouterr().out
    assert "offset-or-keyset: PostgreSQL OFFSET / Rows read: the page says 50,021" in out


@pytest.mark.parametrize(
    ("measurements", "parted"), [("good", 0), ("bad good", 0), ("bad bad bad", 1)]
)
def test_what_parts_is_measured_again_and_then_named(
    measurements: str, parted: int, monkeypatch: Any
) -> None:
    page = (
        "<!-- measured:environment -->\n<!-- /measured:environment -->\n"
        "<!-- measured:one -->\n| Variant | Rows |\n| --- | --: |\n| All | 10 |\n"
        "<!-- /measured:one -->\n"
    )
    rows = {"good": 10, "bad": 11}
    left = [Table.of(["Variant", "Rows"], [["All", rows[one]]]) for one in measurements.split()]
    monkeypatch.setattr("harness.measure.measure", lambda case, bench: left.pop(0))
    assert len(check(Case("one", "One", 1, ()), page, Bench())) == parted
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
    assert old in TEXT
    broken = {case.slug: case for case in read_cases(TEXT.replace(old, new))}[slug]
    assert checked(CASES[slug], TEXT, bench) == []  # skips where figures do not apply
    page = read_table(block(TEXT, f"measured:{slug}"))
    assert list(compare(slug, page, measure(broken, bench)))


def test_every_case_is_complete() -> None:
    parts = (
        "Symptom.",
        "Why it works.",
        "When it does not.",
        "How to see it in production.",
        "Items.",
    )
    for slug, case in CASES.items():
        section = TEXT.split(f"\n## {case.title}\n")[1].split("\n## ")[0]
        missing = [part for part in parts if f"**{part}**" not in section]
        assert not missing, f"{slug}: {missing}"
        assert len(read_table(block(TEXT, f"measured:{slug}")).rows) >= 2, slug


def test_no_unknown_slug_is_measured_silently(capsys: Any) -> None:
    assert main(["--check", "--case", "no-such-case"]) == 2
    assert "offset-or-keyset" in capsys.readouterr().err


def test_there_are_at_least_twenty_cases() -> None:
    assert len(CASES) >= 20
    assert len(set(re.findall(r"<!-- measured:([\w-]+) -->", TEXT)) - {"environment"}) == len(CASES)
