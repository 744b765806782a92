"""What the safety tests of Redis share."""

from __future__ import annotations

WHOLE = {"role": "cache", "parameters": {"pool_total": 10}, "window_s": 0.05}
