"""What is sent to a system: beforehand from the probes, afterwards from what was really sent.

Sessions report each thing they send to one logger of the standard library, which nobody hears
unless a caller adds a handler. Addresses and credentials are never part of it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from ..probes.probe import Probe

LOGGER = logging.getLogger("backend_performance.sent")
LOGGER.addHandler(logging.NullHandler())
LOGGER.propagate = False
LOGGER.setLevel(logging.INFO)


def record(system: str, text: str) -> None:
    """Report one statement, command or request, right before it is sent."""
    LOGGER.info("%s", text, extra={"system": system})


def planned(probes: Sequence[Probe]) -> list[tuple[str, list[str]]]:
    """Return what each probe would send, by its identifier: statements, commands or queries.

    Words of a statement differ for some versions of a server; `versions` and `flavours` in the
    header of the probe's file say how.
    """
    return [(probe.id, _of(probe)) for probe in probes]


def _of(probe: Probe) -> list[str]:
    found = [probe.sql] if probe.sql else list(probe.commands)
    for source in probe.sources:
        found += source["columns"].values()
    return found
