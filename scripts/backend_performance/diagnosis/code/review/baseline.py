"""Leads that were there before: a file of fingerprints, with how often each occurs."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from ....files import read_beginning
from ...trouble import CannotRun
from .leads import Lead

SCHEMA = "leads-baseline/1"
_MAX_BYTES = 20_000_000


def dump(leads: tuple[Lead, ...]) -> str:
    """Return the text of a baseline that knows these leads."""
    counts = Counter(lead.fingerprint for lead in leads)
    return json.dumps({"schema": SCHEMA, "leads": dict(sorted(counts.items()))}, indent=1) + "\n"


def apply(file: Path, leads: tuple[Lead, ...]) -> tuple[Lead, ...]:
    """Return the leads that a baseline does not know.

    Raises:
        CannotRun: the file cannot be read, or is no baseline.
    """
    try:
        known = json.loads(read_beginning(file, _MAX_BYTES))
        if known["schema"] != SCHEMA:
            raise ValueError
        left = Counter({str(name): int(count) for name, count in known["leads"].items()})
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        raise CannotRun(
            f"{file.name} is not a baseline of leads; create one with --write-baseline"
        ) from None
    fresh = []
    for lead in leads:
        if left[lead.fingerprint] > 0:
            left[lead.fingerprint] -= 1
        else:
            fresh.append(lead)
    return tuple(fresh)
