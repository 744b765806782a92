"""Many decisions in one call, read from JSON: all of them are recorded or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..refusal import Refusal
from ..verdict import VERDICTS
from .session import Decision, Session, record

MAX_CHARACTERS = 2_000_000
_FIELDS = ("item", "verdict", "note", "before", "after")
_SHAPE = '[{"item": ID, "verdict": "pass", "note": "what you saw"}, …]'


def decisions(text: str, at: str) -> list[Decision]:
    """Return the decisions in a JSON list, or in lines of one JSON object each.

    Raises:
        Refusal: the text is not that; the entry is named.
    """
    if len(text) > MAX_CHARACTERS:
        raise Refusal(f"more than {MAX_CHARACTERS} characters on standard input")
    return [_decision(number, entry, at) for number, entry in enumerate(_entries(text), 1)]


def recorded(session: Session, wanted: Sequence[Decision]) -> Session:
    """Return the session with every decision added.

    Raises:
        Refusal: one of them cannot be recorded, which is named.
    """
    for number, decision in enumerate(wanted, 1):
        try:
            session = record(session, decision.item, decision)
        except Refusal as exc:
            raise Refusal(f"entry {number}: {exc}; nothing was recorded") from exc
    return session


def _entries(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as exc:
            raise Refusal(f"standard input is not JSON ({exc}); expected {_SHAPE}") from exc
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or not found:
        raise Refusal(f"standard input holds no decisions; expected {_SHAPE}")
    return found


def _decision(number: int, entry: Any, at: str) -> Decision:
    if not isinstance(entry, dict):
        raise Refusal(f"entry {number} is not an object; expected {_SHAPE}")
    strange = sorted(set(entry) - {*_FIELDS})
    if strange:
        raise Refusal(f"entry {number} has a field {strange[0]!r}; known are {', '.join(_FIELDS)}")
    values = {name: entry.get(name) for name in _FIELDS}
    for name, value in values.items():
        is_needed = name in ("item", "verdict")
        if not isinstance(value, str) and (is_needed or value is not None):
            raise Refusal(f"entry {number}: {name!r} must be text")
        if is_needed and not value:
            raise Refusal(f"entry {number}: {name!r} is empty")
    if values["verdict"] not in VERDICTS:
        raise Refusal(
            f"entry {number}: the verdict {values['verdict']!r} is not one of {', '.join(VERDICTS)}"
        )
    return Decision(at=at, **{name: value for name, value in values.items() if value})
