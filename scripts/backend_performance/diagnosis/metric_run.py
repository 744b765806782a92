"""What runs of measured probes share: the files of an engine, and rows turned into evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..skill_root import default_root
from . import verdict
from .evidence import Evidence
from .metric_probe import MeasuredProbe, NoMetric, bound, parse_measured
from .probe import ProbeError


@dataclass(frozen=True)
class Run:
    """What was asked, described without credentials, and its answers by probe."""

    server: Mapping[str, Any]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Rows:
    """What was measured for one probe: rows, or the reason why there are none."""

    rows: tuple[Mapping[str, Any], ...] = ()
    lack: str = ""
    took_ms: float = 0.0


@cache
def probes(engine: str) -> tuple[MeasuredProbe, ...]:
    """Return the probes of an engine in the order of their identifiers.

    Raises:
        ProbeError: a file is not well formed, or there is none.
    """
    root = default_root()
    found = []
    for file in sorted((root / "scripts" / "probes" / engine).glob("*.yaml")):
        probe = parse_measured(file.read_text("utf-8"), file.relative_to(root).as_posix())
        expected = f"{engine}/{file.stem.replace('_', '-')}"
        if probe.id != expected:
            raise ProbeError(f"{probe.file}: id is {probe.id}, expected {expected}")
        found.append(probe)
    if not found:
        raise ProbeError(f"scripts/probes/{engine} has no probe")
    return tuple(found)


def choose(
    all_probes: Sequence[MeasuredProbe], only: Collection[str] | None
) -> tuple[MeasuredProbe, ...]:
    """Return the probes named, with or without their engine.

    Raises:
        KeyError: a name that no probe has.
    """
    if not only:
        return tuple(all_probes)
    engine = all_probes[0].engine
    wanted = {name if "/" in name else f"{engine}/{name}" for name in only}
    for name in sorted(wanted - {probe.id for probe in all_probes}):
        raise KeyError(name)
    return tuple(probe for probe in all_probes if probe.id in wanted)


def answer(
    probe: MeasuredProbe, measured: Rows, metrics: Sequence[Mapping[str, Any]] = ()
) -> Evidence:
    """Return the evidence in what was measured; the key-metrics table fills the rules."""
    try:
        filled = bound(probe, metrics)
    except NoMetric as error:
        reason = f"{error}. To find out: give the row a figure, or name a skill that has one"
        return verdict.missing(probe, reason, measured.took_ms)
    if measured.lack:
        return verdict.missing(filled, measured.lack, measured.took_ms)
    return verdict.judge(filled, measured.rows, measured.took_ms)
