"""What every plan rule is made of, and when a place is worth a finding."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..alike import Place
from ..tree import Plan

EXPLAIN_MANUAL = "https://www.postgresql.org/docs/current/using-explain.html"
MYSQL_MANUAL = "https://dev.mysql.com/doc/refman/8.4/en/explain-output.html"
#: Below this share and time nothing is a finding: a person could not feel the gain.
MIN_SHARE_PCT = 5.0
MIN_MS = 5.0


@dataclass(frozen=True)
class Hit:
    """A rule's finding at one place of a plan, with the figures that decided."""

    verdict: str
    says: str  #: the finding in one sentence, with its figures
    figures: Mapping[str, Any]
    saves_ms: float = 0.0  #: at most; 0 where no time was measured
    statement: str = ""  #: what to try
    explains: tuple[str, ...] = ()  #: the paths of the nodes whose time this accounts for


@dataclass(frozen=True)
class PlanRule:
    """A defect to look for in a plan, and what to say about it."""

    name: str
    because: str
    question: str
    threshold: Mapping[str, list[str]]
    check: Callable[[Plan], Iterator[Hit]]
    explains: bool = True  #: whether it explains the time its node takes
    needs: str = ""  #: "analyzed", "timed", "buffers" or "estimates" (judged where not run)
    engines: tuple[str, ...] = ("postgres", "mysql")
    source: str = EXPLAIN_MANUAL


def worth(plan: Plan, ms: float, share: float = MIN_SHARE_PCT, floor: float = MIN_MS) -> bool:
    """Whether so much time may be a finding; where no time was measured the rows decide."""
    return not plan.timed or (ms >= floor and plan.share(ms) >= share)


def hit(
    plan: Plan,
    verdict: str,
    place: Place,
    says: str,
    ms: float,
    statement: str = "",
    also: tuple[str, ...] = (),
    **figures: float | int | str,
) -> Hit:
    """Return a finding at a place, with its time and its share of the whole.

    Args:
        ms: What could be saved at most.
        also: Paths of further nodes whose time the finding accounts for.
    """
    said = place.label() | {name: rounded(value) for name, value in figures.items()}
    if plan.timed:
        said |= {"time_ms": rounded(ms), "time_pct": rounded(plan.share(ms))}
        says = f"{says}; {duration(ms)}, {plan.share(ms):.0f} % of the time"
    explains = (*(node.path for node in place.nodes), *also)
    return Hit(verdict, f"{place.words()} {says}", said, ms, statement, explains)


def rounded(value: float | int | str) -> float | int | str:
    """Return a figure for people: a whole number, or one decimal."""
    if isinstance(value, float):
        if not math.isfinite(value):  # a product of forged figures; JSON has no word for it
            return str(value)
        return int(value) if value == int(value) else round(value, 1)
    return value


def duration(ms: float) -> str:
    """Return ms or seconds in words."""
    return (
        f"{ms / 1000:,.1f} s" if ms >= 10_000 else f"{ms:,.0f} ms" if ms >= 10 else f"{ms:.1f} ms"
    )


def count(number: float, noun: str = "") -> str:
    """Return a number with its thousands apart, and what it counts."""
    said = f"{number:,.0f}"
    return f"{said} {noun if said == '1' else noun + 's'}" if noun else said


def work_mem(memory_kb: float) -> str:
    """A setting for one transaction, where it is known and not beyond reason."""
    megabytes = 8
    while megabytes * 1024 < memory_kb and megabytes <= 1024:
        megabytes *= 2
    return f"SET LOCAL work_mem = '{megabytes}MB';" if memory_kb > 0 and megabytes <= 1024 else ""
