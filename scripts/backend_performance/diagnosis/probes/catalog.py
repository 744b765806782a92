"""The probe files of this skill. Adding a probe is adding a file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from ...refusal import Refusal
from ...skill_root import default_root
from .probe import Probe, ProbeError, parse_probe

CAPABILITIES = "capabilities"
FOLDER = "scripts/probes"


class UnknownProbeError(Refusal):
    """A name that no probe of the system has; the message names the nearest."""

    def __init__(self, name: str, probes: Sequence[Probe]) -> None:
        known = [probe.id.partition("/")[2] for probe in probes]
        near = get_close_matches(name.rpartition("/")[2], known, 3, 0.4)
        hint = f"did you mean {', '.join(near)}?" if near else "--list shows all"
        super().__init__(f"there is no probe {name!r}; {hint}")


@cache
def load(system: str) -> tuple[Probe, ...]:
    """Return the probes for a system in the order of their identifiers.

    Raises:
        ProbeError: a file is not well formed, or there is none.
    """
    probes = tuple(p for p in _all(system) if p.id != f"{system}/{CAPABILITIES}")
    if not probes:
        raise ProbeError(f"{FOLDER}/{system} has no probe")
    return probes


@cache
def capabilities(system: str) -> Probe:
    """Return the probe that runs first and says what the others can rely on.

    Raises:
        ProbeError: a file is not well formed, or the system has no such probe.
    """
    for probe in _all(system):
        if probe.id == f"{system}/{CAPABILITIES}":
            return probe
    raise ProbeError(f"{FOLDER}/{system} has no {CAPABILITIES}.sql")


def choose(probes: tuple[Probe, ...], only: Collection[str] | None) -> tuple[Probe, ...]:
    """Return the probes named, with or without their system; all where none is named.

    Raises:
        UnknownProbeError: a name that no probe has.
    """
    if not only:
        return probes
    system = probes[0].system
    wanted = {name if "/" in name else f"{system}/{name}" for name in only}
    for name in sorted(wanted - {probe.id for probe in probes}):
        raise UnknownProbeError(name, probes)
    return tuple(probe for probe in probes if probe.id in wanted)


def identifier(file: Path) -> str:
    """Return the identifier the file's place gives to its probe."""
    return f"{file.parent.name}/{file.stem.replace('_', '-')}"


@cache
def _all(system: str) -> tuple[Probe, ...]:
    root = default_root()
    probes = []
    folder = root / FOLDER / system
    for file in sorted((*folder.glob("*.sql"), *folder.glob("*.yaml"))):
        probe = parse_probe(file.read_text(encoding="utf-8"), file.relative_to(root).as_posix())
        if probe.id != identifier(file):
            raise ProbeError(f"{probe.file}: id is {probe.id}, expected {identifier(file)}")
        probes.append(probe)
    return tuple(sorted(probes, key=lambda probe: probe.id))
