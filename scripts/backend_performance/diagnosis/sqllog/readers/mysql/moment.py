"""Moments as MySQL's logs write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ...event import Clock

_SHORT = re.compile(r"(\d\d)(\d\d)(\d\d) +(\d{1,2}):(\d\d):(\d\d)(?:\.(\d+))?")


def moment(text: str, clock: Clock) -> float | None:
    """Return seconds since 1970 from ``090725 11:19:00`` or an ISO moment."""
    match = None if text[4:5] == "-" else _SHORT.match(text)
    if match is None:
        return clock.read(text)
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    try:
        whole = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return whole.timestamp() + float(f"0.{match[7] or 0}")
