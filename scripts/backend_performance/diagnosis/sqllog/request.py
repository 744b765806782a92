"""The request that a statement belongs to, where a comment or a log line names it."""

from __future__ import annotations

import re

_REQUEST = re.compile(
    r"traceparent\s*[=:]\s*'?00-(?P<trace>[0-9a-f]{32})"
    r"|\b(?:request|trace|correlation)[-_]?id\s*[=:]\s*['\"]?(?P<id>[\w.:-]{6,64})",
    re.I,
)


def request_in(text: str) -> str | None:
    """Return the identifier of the request that a comment or a log line names."""
    match = _REQUEST.search(text)
    return (match["trace"] or match["id"]) if match else None
