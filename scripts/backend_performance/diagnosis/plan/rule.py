"""What every plan rule is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .tree import Node, Plan

EXPLAIN_MANUAL = "https://www.postgresql.org/docs/current/using-explain.html"


@dataclass(frozen=True)
class Hit:
    """A rule's finding at one place of a plan, with the figures that decided."""

    verdict: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class PlanRule:
    """A defect to look for in a plan, and what to say about it."""

    name: str
    because: str
    question: str
    threshold: Mapping[str, list[str]]
    check: Callable[[Plan], Iterator[Hit]]
    needs: str = ""  #: "timed" or "buffers": what the plan must have measured
    source: str = EXPLAIN_MANUAL


def hit(verdict: str, node: Node, **figures: float | int | str) -> Hit:
    """Return a finding at a node, its figures rounded for people."""
    return Hit(verdict, node.label() | {name: rounded(value) for name, value in figures.items()})


def rounded(value: float | int | str) -> float | int | str:
    if isinstance(value, float):
        return int(value) if value == int(value) else round(value, 1)
    return value
