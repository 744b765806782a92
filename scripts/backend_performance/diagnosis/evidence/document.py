"""Evidence as one document, short enough to be read whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ...verdict import VERDICTS
from .model import Evidence
from .redaction import NOTE
from .text import to_text

MAX_BYTES = 30_000
_ROW_LIMITS = (5, 3, 2, 1, 0)


def document(
    engine: str, server: Mapping[str, Any], evidence: Sequence[Evidence], rows: int | None = None
) -> dict[str, Any]:
    """Return the document ``evidence/1``.

    Args:
        rows: At most so many rows for each probe. Without it as many, up to 5, as keep the
            document below 24 kB.
    """
    limits = _ROW_LIMITS if rows is None else (rows,)
    for limit in limits:
        result = _document(engine, server, evidence, limit)
        if len(to_json(result).encode()) <= MAX_BYTES:
            break
    return result


def rendered(document: Mapping[str, Any], form: str, colour: bool = False) -> str:
    """Return the document in the form ``text`` or ``json``; ``colour`` is for a terminal."""
    return to_json(document) if form == "json" else to_text(document, colour)


def to_json(document: Mapping[str, Any]) -> str:
    """Return the document as JSON: one line for each piece of evidence."""
    head = {name: value for name, value in document.items() if name != "evidence"}
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in document["evidence"])
    return json.dumps(head, ensure_ascii=False)[:-1] + f',"evidence":[\n{lines}\n]}}'


def _document(
    engine: str, server: Mapping[str, Any], evidence: Sequence[Evidence], limit: int
) -> dict[str, Any]:
    counts = Counter(one.verdict for one in evidence)
    took = round(sum(one.took_ms for one in evidence), 1)
    return {
        "schema": "evidence/1",
        "engine": engine,
        "note": NOTE,
        "server": dict(server),
        "summary": {verdict.value: counts[verdict] for verdict in VERDICTS} | {"took_ms": took},
        "evidence": [_limited(one, limit) for one in evidence],
    }


def _limited(evidence: Evidence, limit: int) -> dict[str, Any]:
    values = evidence.to_json()
    values["truncated"] = evidence.truncated or len(values["rows"]) > limit
    values["rows"] = values["rows"][:limit]
    return values
