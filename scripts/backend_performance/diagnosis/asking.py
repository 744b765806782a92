"""Putting a catalogue's questions to one server, within a budget of time."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from . import verdict
from .evidence import Evidence
from .probe import Probe
from .trouble import NoAnswer, ServerGone

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class ServerRun:
    """What the server is, and its answers in the order of the catalogue."""

    server: Mapping[str, Any]
    evidence: tuple[Evidence, ...]


def choose(probes: tuple[Probe, ...], only: Collection[str] | None) -> tuple[Probe, ...]:
    """Return the probes named, with or without their engine.

    Raises:
        KeyError: a name that no probe has.
    """
    if not only:
        return probes
    engine = probes[0].engine
    wanted = {name if "/" in name else f"{engine}/{name}" for name in only}
    for name in sorted(wanted - {probe.id for probe in probes}):
        raise KeyError(name)
    return tuple(probe for probe in probes if probe.id in wanted)


def answers(
    probes: tuple[Probe, ...],
    lack: Callable[[Probe], str | None],
    rows: Callable[[Probe], Rows],
    deadline: float,
) -> Iterator[Evidence]:
    """Yield the evidence of each probe: ``lack`` says what keeps it from an answer."""
    gone = ""
    for probe in probes:
        reason = gone or lack(probe)
        if not reason and time.monotonic() >= deadline:
            reason = "the time budget of the run was used up. To find out: raise --timeout"
        if reason:
            yield verdict.missing(probe, reason)
            continue
        started = time.monotonic()
        try:
            found = rows(probe)
            yield verdict.judge(probe, found, _since(started))
        except ServerGone as error:
            gone = f"{error}. To find out: run the probe again"
            yield verdict.missing(probe, gone, _since(started))
        except NoAnswer as error:
            yield verdict.missing(probe, str(error), _since(started))


def shared(
    sessions: Sequence[Any],
    probes: tuple[Probe, ...],
    lack: Callable[[Probe], str | None],
    rows: Callable[[Any, Probe], Rows],
    deadline: float,
) -> tuple[Evidence, ...]:
    """Return the evidence in the order of ``probes``, which the sessions answer side by side."""
    lanes = [probes[number :: len(sessions)] for number in range(len(sessions))]

    def answered(session: Any, lane: tuple[Probe, ...]) -> list[Evidence]:
        return list(answers(lane, lack, lambda probe: rows(session, probe), deadline))

    with ThreadPoolExecutor(len(sessions)) as pool:
        found = [one for lane in pool.map(answered, sessions, lanes) for one in lane]
    place = {probe.id: number for number, probe in enumerate(probes)}
    return tuple(sorted(found, key=lambda one: place[one.probe]))


def _since(started: float) -> float:
    return (time.monotonic() - started) * 1000
