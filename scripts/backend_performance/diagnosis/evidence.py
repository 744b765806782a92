"""What a live system answered to one probe, and how far the answer carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: From worst to best. Nothing measured is ``unknown``, which is never as good as ``pass``.
VERDICTS = ("fail", "judge", "unknown", "pass", "not_applicable")
MAX_ROWS = 20


@dataclass(frozen=True)
class Evidence:
    """One probe's verdict with the data behind it.

    A verdict without its datum cannot be constructed: ``pass``, ``fail`` and ``judge`` need
    something observed, ``judge`` needs the question that is left to decide, ``unknown`` and
    ``not_applicable`` need a reason.
    """

    probe: str
    verdict: str
    reason: str
    items: tuple[str, ...] = ()
    observed: Mapping[str, Any] = field(default_factory=dict)
    threshold: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()
    truncated: bool = False
    took_ms: float = 0.0
    source: str = ""
    caveats: tuple[str, ...] = ()
    question: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict must be one of {VERDICTS}, not {self.verdict!r}")
        if not self.reason.strip():
            raise ValueError(f"{self.probe}: {self.verdict} needs a reason")
        if self.verdict in ("pass", "fail", "judge") and not self.observed:
            raise ValueError(f"{self.probe}: {self.verdict} needs what was observed")
        if self.verdict == "judge" and not self.question.strip():
            raise ValueError(f"{self.probe}: judge needs the question to decide")
        if len(self.rows) > MAX_ROWS:
            raise ValueError(f"{self.probe}: {len(self.rows)} rows, at most {MAX_ROWS} are kept")

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as in ``evidence.schema.json``."""
        return {
            "probe": self.probe,
            "items": list(self.items),
            "verdict": self.verdict,
            "reason": self.reason,
            "question": self.question or None,
            "observed": dict(self.observed),
            "threshold": dict(self.threshold),
            "rows": [dict(row) for row in self.rows],
            "truncated": self.truncated,
            "took_ms": round(self.took_ms, 1),
            "source": self.source,
            "caveats": list(self.caveats),
        }


def worst(verdicts: list[str]) -> str:
    """Return the worst of some verdicts (at least one)."""
    return min(verdicts, key=VERDICTS.index)
