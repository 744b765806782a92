"""Asking one Redis or Valkey server every question of the catalogue."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from typing import Any

from ..evidence import redaction
from ..probes import catalog
from ..probes.expression import compares_samples, parse
from ..probes.probe import Probe
from ..probes.run import Run, answers
from ..trouble import CannotRun, NoAnswer, ServerGone
from . import sample as redis_sample
from .engine import ROLES
from .info import compute
from .readings import READINGS
from .sample import Sample
from .session import Session, connect

ENGINE = "redis"
TOTAL_SECONDS = 30.0
WINDOW_SECONDS = 2.0


def run_redis(
    url: str,
    *,
    role: str = "unknown",
    window_s: float = WINDOW_SECONDS,
    parameters: Mapping[str, int] | None = None,
    only: Collection[str] | None = None,
    allow_cleartext: bool = False,
    timeout: float = TOTAL_SECONDS,
    probes: tuple[Probe, ...] | None = None,
) -> Run:
    """Run the probes of the catalogue, or ``only`` those named, within ``timeout`` seconds.

    Args:
        url: never shown.
        role: What the instance is for, as one of ``ROLES``; many verdicts depend on it.
        window_s: Seconds between the two samples whose difference is the present.
        parameters: ``pool_total``, the connections of all pools of the deployment.
        probes: Instead of the catalogue.

    Raises:
        CannotRun: the server cannot be asked at all; the message is safe to show.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    if role not in ROLES:
        raise ValueError(f"role must be one of {ROLES}, not {role!r}")
    deadline = time.monotonic() + timeout
    chosen = catalog.choose(probes or catalog.load(ENGINE), only)
    with connect(url, allow_cleartext=allow_cleartext, deadline=deadline) as session:
        sample = _sample(session, chosen, window_s)
        facts = {"instance_role": role, "pool_total": None} | dict(parameters or {})
        evidence = answers(chosen, lambda probe: rows(probe, sample, facts), deadline=deadline)
    return Run(server(sample, role), evidence)


def _sample(session: Session, probes: tuple[Probe, ...], window_s: float) -> Sample:
    commands = {command for probe in probes for command in probe.commands}
    compares = any(
        compares_samples(parse(text)) for probe in probes for text in probe.columns.values()
    ) or any(probe.reading == "commands" for probe in probes)
    try:
        before = redis_sample.read_info(session, redis_sample.sections(commands))
        if before.get("redis_version") is None:
            raise CannotRun("the server does not answer INFO as Redis or Valkey does")
        return redis_sample.take(session, before, commands, window_s if compares else 0.0)
    except NoAnswer as error:
        raise CannotRun(f"the server does not identify itself: {error}") from None


def lack(probe: Probe, sample: Sample) -> str | None:
    """Return what keeps the probe from an answer and how to get it, or None."""
    version = re.match("[0-9]{1,6}", str(sample.after.get("redis_version")))
    major = int(version[0]) if version else 0
    if major < probe.min_version:
        return (
            f"the server is {_version(sample)}, the probe needs Redis {probe.min_version} or "
            "Valkey. To find out: check by hand, or upgrade"
        )
    return None


def rows(probe: Probe, sample: Sample, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that the probe's columns and its reading make of the sample.

    Raises:
        NoAnswer: the server is too old, or refused a command the probe needs.
        ServerGone: it went away while it was asked.
    """
    if sample.gone:
        raise ServerGone(sample.gone)
    if reason := lack(probe, sample):
        raise NoAnswer(reason)
    known = {"window_s": sample.window_s} | dict(facts)
    columns = {
        name: compute(text, sample.before, sample.after, known)
        for name, text in probe.columns.items()
    }
    if not probe.reading:
        return [columns]
    try:
        found = READINGS[probe.reading](sample)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise NoAnswer("the reply has another form than expected") from None
    return [row | columns for row in found]


def server(sample: Sample, role: str) -> dict[str, Any]:
    """Return what the report says about the server, without address and credentials."""
    info = sample.after
    return redaction.row(
        {
            "version": _version(sample),
            "mode": info.get("redis_mode") or info.get("server_mode"),
            "instance_role": role,
            "uptime_s": info.get("uptime_in_seconds"),
            "window_s": sample.window_s,
        }
    ) | {"version": _version(sample)}


def _version(sample: Sample) -> str:
    info = sample.after
    for name, field in (("Valkey", "valkey_version"), ("Redis", "redis_version")):
        found = info.get(field)
        if found is not None:
            return f"{name} {redaction.identifier(str(found))}"
    return "Redis"
