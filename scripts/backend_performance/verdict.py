"""The five verdicts, and how they rank."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """From worst to best. What was not measured is ``unknown``, never as good as ``pass``."""

    FAIL = "fail"
    JUDGE = "judge"
    UNKNOWN = "unknown"
    PASS = "pass"
    NOT_APPLICABLE = "not_applicable"


VERDICTS = tuple(Verdict)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of some verdicts (at least one)."""
    return min(verdicts, key=VERDICTS.index)
