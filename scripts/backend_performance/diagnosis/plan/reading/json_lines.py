"""Logs whose lines are JSON: PostgreSQL's jsonlog, containers, the exports of cloud providers."""

from __future__ import annotations

import json
import re
from typing import Any

#: Where loggers put the line or the message that they carry, outermost first.
_KEYS = (
    "log",
    "message",
    "MESSAGE",
    "msg",
    "textPayload",
    "line",
    "body",
    "record",
    "properties",
    "jsonPayload",
    "fields",
)
_MAX_DEPTH = 4
_PLAN = re.compile(r"\((?:cost|actual)[ =]|Node Type|query_block|query_plan")


def unwrapped(text: str) -> str:
    """Return the messages of such a log; return any other text unchanged."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or not all(
        line.lstrip()[:1] == "{" and line.rstrip()[-1] == "}" for line in lines
    ):
        return text
    messages = []
    for line in lines:
        try:
            message = _message(json.loads(line), 0)
        except (ValueError, RecursionError):
            return text
        if message is None:
            return text
        messages.append(message.removesuffix("\n"))
    found = "\n".join(messages)
    # A record may hold the plan in a field of its own.
    return text if _PLAN.search(text) and not _PLAN.search(found) else found


def _message(value: Any, depth: int) -> str | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        return None
    for key in _KEYS:
        if key in value and (found := _message(value[key], depth + 1)) is not None:
            return found
    return None
