"""Tables of figures: rendered into the page, read back, compared with a new measurement.

A column's header, where the reader sees it, sets how strictly the column is compared:
`Buffers (±5 %)` within the margin, `Speed-up (varies)` only in its direction, all else exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

SPEED_UP = "Speed-up (varies)"
NONE = "–"


@dataclass(frozen=True)
class Table:
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @staticmethod
    def of(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
        return Table(tuple(headers), tuple(tuple(map(cell, row)) for row in rows))

    def render(self) -> str:
        numeric = [all(is_number(row[i]) for row in self.rows) for i in range(len(self.headers))]
        lines = [self.headers, tuple("--:" if right else "---" for right in numeric), *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


@dataclass(frozen=True)
class Difference:
    """One cell of the page that a new measurement does not confirm."""

    case: str
    row: str
    column: str
    page: str
    measured: str

    def __str__(self) -> str:
        return (
            f"{self.case}: {self.row} / {self.column}: "
            f"the page says {self.page}, measured {self.measured}"
        )


def cell(value: object) -> str:
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"
    return str(value)


def is_number(text: str) -> bool:
    return text == NONE or bool(re.fullmatch(r"([≤≥] )?[\d.,]+(×( \(.*\))?)?", text))


def read_table(text: str) -> Table:
    lines = [line.strip().strip("|") for line in text.splitlines() if line.strip()]
    rows = [tuple(part.strip() for part in line.split("|")) for line in lines]
    if len(rows) < 3:
        return Table((), ())
    return Table(rows[0], tuple(rows[2:]))


def compare(case: str, page: Table, measured: Table) -> Iterator[Difference]:
    if page.headers != measured.headers:
        yield Difference(case, "header", "all", " ".join(page.headers), " ".join(measured.headers))
        return
    if len(page.rows) != len(measured.rows):
        yield Difference(case, "all", "rows", str(len(page.rows)), str(len(measured.rows)))
        return
    for old, new in zip(page.rows, measured.rows, strict=True):
        for header, was, now in zip(page.headers, old, new, strict=True):
            if not agrees(header, was, now):
                yield Difference(case, old[0], header, was, now)


def settle(page: Table, measured: Table) -> Table:
    """The measured table, but a figure of the page stays while it holds within its margin.

    So measuring twice gives the same page, and a diff shows what really moved.
    """
    if page.headers != measured.headers or len(page.rows) != len(measured.rows):
        return measured
    return Table(
        measured.headers,
        tuple(
            tuple(
                was if "±" in header and agrees(header, was, now) else now
                for header, was, now in zip(page.headers, old, new, strict=True)
            )
            for old, new in zip(page.rows, measured.rows, strict=True)
        ),
    )


def agrees(header: str, page: str, measured: str) -> bool:
    if page == measured:
        return True
    if "varies" in header:
        return same_direction(number(page), middle_half(measured))
    margin = re.search(r"±(\d+) %", header)
    old, new = number(page), number(measured)
    if not margin or old is None or new is None:
        return False
    return abs(new - old) <= max(1.0, abs(old) * int(margin.group(1)) / 100)


def same_direction(page: float | None, measured: tuple[float, float] | None) -> bool:
    """A page that says clearly faster must not be measured slower, nor the reverse.

    A middle half on both sides of 1 says neither: the machine was busy with something else.
    """
    if page is None or measured is None:
        return False
    low, high = measured
    return not (page >= 2 and high <= 1) and not (page <= 0.5 and low >= 1)


def middle_half(text: str) -> tuple[float, float] | None:
    """The spread in `7.7× (6.6–9)`; a figure without one is its own."""
    ends = [number(end) for end in text.partition("(")[2].rstrip(")").split("–")]
    if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
        return ends[0], ends[1]
    alone = number(text)
    return None if alone is None else (alone, alone)


def number(text: str) -> float | None:
    found = re.match(r"-?[\d,]+(\.\d+)?", text.lstrip("×≤≥ "))
    return float(found.group().replace(",", "")) if found else None


def speed_up(first: Sequence[float], this: Sequence[float]) -> str:
    """How many times faster than the first variant, with the spread of the middle half."""
    low_first, high_first = spread(first)
    low, high = spread(this)
    middle = median(first) / median(this)
    return f"{short(middle)}× ({short(low_first / high)}–{short(high_first / low)})"


def spread(times: Sequence[float]) -> tuple[float, float]:
    if len(times) < 4:
        return min(times), max(times)
    quarters = quantiles(times, n=4)
    return quarters[0], quarters[2]


def short(value: float) -> str:
    """Two significant digits: more would be noise."""
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
