"""Looking several times: what sessions do at one moment is chance, what they keep doing is not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ..probes.probe import Probe
from ..probes.run import Rows

#: The column that counts matching sessions in each look.
_COUNTED = "sessions"


def taken(probe: Probe, look: Callable[[], Rows]) -> Rows:
    """Return the rows of one look, or those of several joined, as the probe's header says.

    Joined rows gain ``looks``, ``seen_in``, ``sessions_mean`` and ``sessions_most``.
    """
    if not probe.looks:
        return look()
    times, pause_s = int(probe.looks["times"]), probe.looks["pause_ms"] / 1000
    taken_looks = []
    for number in range(times):
        if number:
            time.sleep(pause_s)
        taken_looks.append(look())
    return _joined(taken_looks, tuple(probe.looks["by"]))


def _joined(looks: list[Rows], by: tuple[str, ...]) -> Rows:
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for rows in looks:
        for row in rows:
            found.setdefault(tuple(row.get(name) for name in by), []).append(row)
    joined = [
        {
            **rows[-1],
            "looks": len(looks),
            "seen_in": len(rows),
            "sessions_mean": round(sum(int(row[_COUNTED]) for row in rows) / len(looks), 1),
            "sessions_most": max(int(row[_COUNTED]) for row in rows),
            "examined": len(found),
        }
        for rows in found.values()
    ]
    return sorted(joined, key=lambda row: (-row["sessions_mean"], str(row)))
