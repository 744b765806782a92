"""The probe files of this skill. Adding a probe is adding a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..skill_root import default_root
from .probe import Probe, ProbeError, parse_probe

CAPABILITIES = "capabilities"


@cache
def load(engine: str) -> tuple[Probe, ...]:
    """Return the probes for an engine in the order of their identifiers.

    Raises:
        ProbeError: a file is not well formed, or there is none.
    """
    probes = tuple(p for p in _all(engine) if p.id != f"{engine}/{CAPABILITIES}")
    if not probes:
        raise ProbeError(f"scripts/probes/{engine} has no probe")
    return probes


@cache
def capabilities(engine: str) -> Probe:
    """Return the probe that runs first and says what the others can rely on."""
    for probe in _all(engine):
        if probe.id == f"{engine}/{CAPABILITIES}":
            return probe
    raise ProbeError(f"scripts/probes/{engine} has no {CAPABILITIES}.sql")


def identifier(file: Path) -> str:
    """Return the identifier the file's place gives to its probe."""
    return f"{file.parent.name}/{file.stem.replace('_', '-')}"


@cache
def _all(engine: str) -> tuple[Probe, ...]:
    root = default_root()
    probes = []
    folder = root / "scripts" / "probes" / engine
    for file in sorted((*folder.glob("*.sql"), *folder.glob("*.yaml"))):
        probe = parse_probe(file.read_text(encoding="utf-8"), file.relative_to(root).as_posix())
        if probe.id != identifier(file):
            raise ProbeError(f"{probe.file}: id is {probe.id}, expected {identifier(file)}")
        probes.append(probe)
    return tuple(sorted(probes, key=lambda probe: probe.id))
