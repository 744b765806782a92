"""Rows out of the numbered databases that hold keys."""

from __future__ import annotations

from typing import Any

from .sample import Sample


def databases(sample: Sample) -> list[dict[str, Any]]:
    """One row for each numbered database with keys."""
    rows = []
    for number in range(1024):
        name = f"db{number}"
        if sample.after.get(name) is not None:
            keys = sample.after.number(name, "keys") or 0
            expires = sample.after.number(name, "expires") or 0
            share = round(100 * expires / keys, 1) if keys else None
            rows.append(
                {"database": name, "keys": keys, "with_expiry": expires, "with_expiry_pct": share}
            )
    return sorted(rows, key=lambda row: -row["keys"])
