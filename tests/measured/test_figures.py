"""Tables of figures survive the page, and a column is compared as strictly as its header says."""

from __future__ import annotations

import pytest

from harness.measuring.figures import SPEED_UP, Table, agrees, compare, read_table, settle, speed_up


def test_a_rendered_table_reads_back_as_it_was() -> None:
    table = Table.of(["Variant", "Rows"], [["Before", 12345], ["After", None]])
    assert read_table(table.render()) == table
    assert table.rows == (("Before", "12,345"), ("After", "–"))


@pytest.mark.parametrize(
    ("header", "page", "measured", "expected"),
    [
        ("Rows", "1,000", "1,000", True),
        ("Rows", "1,000", "1,001", False),
        ("Buffers (±5 %)", "1,000", "1,049", True),
        ("Buffers (±5 %)", "1,000", "1,051", False),
        ("Buffers (±5 %)", "4", "5", True),  # one page either way is an index level, not a plan
        ("Buffers (±5 %)", "4", "6", False),
        ("Buffers (±5 %)", "–", "6", False),
        ("Plan", "Index Scan", "Seq Scan", False),
        ("Round trips", "≤ 10", "≤ 10", True),
        ("Round trips", "≤ 10", "12", False),
        ("Speed-up (varies)", "57× (50–60)", "3× (2–4)", True),
        ("Speed-up (varies)", "57× (50–60)", "0.9× (0.8–1)", False),
        ("Speed-up (varies)", "57× (50–60)", "1× (0.84–1.9)", True),
        ("Speed-up (varies)", "57× (50–60)", "0.9×", False),
        ("Speed-up (varies)", "0.1× (0.1–0.2)", "1,200× (1,100–1,300)", False),
        ("Speed-up (varies)", "0.1× (0.1–0.2)", "1.1× (0.9–1.3)", True),
        ("Speed-up (varies)", "1.1× (0.9–1.2)", "0.9× (0.8–1)", True),
        ("Speed-up (varies)", "57×", "fast", False),
    ],
)
def test_a_column_is_compared_as_its_header_says(
    header: str, page: str, measured: str, expected: bool
) -> None:
    assert agrees(header, page, measured) is expected


def test_a_difference_names_case_row_and_column() -> None:
    page = Table.of(["Variant", "Rows"], [["Before", 10], ["After", 1]])
    measured = Table.of(["Variant", "Rows"], [["Before", 10], ["After", 2]])
    (found,) = compare("some-case", page, measured)
    assert str(found) == "some-case: After / Rows: the page says 1, measured 2"


def test_a_figure_that_holds_stays_and_one_that_does_not_is_replaced() -> None:
    headers = ["Variant", "Bytes (±5 %)", "Rows", SPEED_UP]
    page = Table.of(headers, [["Before", 100, 10, "9×"], ["After", 50, 2, "4×"]])
    measured = Table.of(headers, [["Before", 103, 11, "8×"], ["After", 60, 2, "3×"]])
    assert settle(page, measured).rows == (
        ("Before", "100", "11", "8×"),
        ("After", "60", "2", "3×"),
    )


def test_an_empty_table_in_the_page_is_a_difference() -> None:
    measured = Table.of(["Variant", "Rows"], [["Before", 10]])
    assert list(compare("some-case", read_table(""), measured))


@pytest.mark.parametrize(
    ("first", "this", "expected"),
    [
        ([1.0], [0.01003], "100× (100–100)"),
        ([4.0, 5.0, 6.0], [1.0, 1.0, 1.0], "5× (4–6)"),
        ([1.0], [2.0], "0.5× (0.5–0.5)"),
        ([1.0], [0.00081], "1,200× (1,200–1,200)"),
    ],
)
def test_a_speed_up_has_two_significant_digits(
    first: list[float], this: list[float], expected: str
) -> None:
    assert speed_up(first, this) == expected
