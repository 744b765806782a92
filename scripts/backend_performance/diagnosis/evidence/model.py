"""What a system answered to one probe, and how far the answer carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ...verdict import VERDICTS, Verdict

MAX_ROWS = 20
#: What the rule that decided a row says of it, and all that a row has beside its columns.
RULE_WORDS = ("because", "ask")
ROW_WORDS = ("verdict", *RULE_WORDS)
#: What a row can be about. Evidence about the same thing is joined by this kind and its name.
SUBJECT_KINDS = (
    "statement",
    "table",
    "index",
    "key_family",
    "command",
    "route",
    "function",
    "pool",
    "setting",
    "connection",
    "process",
    "server",
)


@dataclass(frozen=True)
class Subject:
    """What the rows of a probe are about.

    Args:
        kind: One of ``SUBJECT_KINDS``.
        column: The column that names the thing; empty where all rows are about one thing.
        within: The column that names what the thing is part of, as an index of its table.
        name: The name itself where it is always the same, as of a setting.
    """

    kind: str
    column: str = ""
    within: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if self.kind not in SUBJECT_KINDS:
            raise ValueError(f"a subject is one of {', '.join(SUBJECT_KINDS)}, not {self.kind!r}")


@dataclass(frozen=True)
class Evidence:
    """One probe's verdict with the data behind it.

    A verdict without its datum cannot be constructed: ``pass``, ``fail`` and ``judge`` need
    something observed, ``judge`` needs the question that is left to decide, ``unknown`` and
    ``not_applicable`` need a reason.

    Args:
        decides: Checklist items that get this verdict.
        related: Checklist items that only receive it as evidence.
    """

    probe: str
    verdict: Verdict
    reason: str
    decides: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    subject: Subject | None = None
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
            raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}, not {self.verdict!r}")
        object.__setattr__(self, "verdict", Verdict(self.verdict))
        if not self.reason.strip():
            raise ValueError(f"{self.probe}: {self.verdict} needs a reason")
        if self.verdict in (Verdict.PASS, Verdict.FAIL, Verdict.JUDGE) and not self.observed:
            raise ValueError(f"{self.probe}: {self.verdict} needs what was observed")
        if self.verdict is Verdict.JUDGE and not self.question.strip():
            raise ValueError(f"{self.probe}: judge needs the question to decide")
        if len(self.rows) > MAX_ROWS:
            raise ValueError(f"{self.probe}: {len(self.rows)} rows, at most {MAX_ROWS} are kept")

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as in ``evidence.schema.json``."""
        return {
            "probe": self.probe,
            "decides": list(self.decides),
            "related": list(self.related),
            "subject": asdict(self.subject) if self.subject else None,
            "verdict": self.verdict.value,
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
