"""Asking web addresses: a few requests for their form, and a steady rate if one is wanted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ..probes import catalog
from ..probes.probe import Probe
from ..probes.run import Readings, Rows, Run, answers, from_readings
from ..trouble import CannotRun, NoAnswer
from ..web.target import Target
from . import idle, shape
from . import load as http_load

ENGINE = "http"
#: What holding a connection to each origin showed.
Held = Mapping[tuple[str, str, int], idle.Held | None]
MAX_REQUESTS = 20
MOST_REQUESTS = 200
TOTAL_SECONDS = 120.0
_NO_LOAD = (
    "no requests at a steady rate were asked for. To find out: add --rate 20 --duration 60, "
    "where the system may take that load"
)


def run_http(
    targets: Sequence[Target],
    *,
    metrics: Sequence[Mapping[str, Any]],
    credentials: Mapping[str, str] | None = None,
    rate: float | None = None,
    seconds: float = 0.0,
    max_requests: int = MAX_REQUESTS,
    hold_s: float = 0.0,
    tick: Callable[[str], None] = lambda _: None,
    only: Collection[str] | None = None,
    timeout: float = TOTAL_SECONDS,
) -> Run:
    """Ask the addresses and answer the probes of the catalogue, or ``only`` those named.

    Args:
        metrics: Rows of the key-metrics table, as in ``checklists/1``.
        credentials: One request header; never shown, sent to the named hosts only.
        rate: Requests a second in all; without it no latency is measured.
        hold_s: Seconds to hold one idle connection to each host open, 0 for none.
        tick: Called with what is going on.
        timeout: Seconds in all, those of the steady rate not counted.

    Raises:
        CannotRun: nothing can be asked; the message is safe to show.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    chosen = catalog.choose(catalog.load(ENGINE), only)
    needed = len(targets) * shape.REQUESTS_EACH
    if needed > max_requests:
        raise CannotRun(
            f"{len(targets)} addresses take up to {needed} requests, but only {max_requests} "
            "are allowed; name fewer addresses, or raise --max-requests"
        )
    started = time.monotonic()
    shapes, load, held = asyncio.run(
        _measure(targets, credentials or {}, rate, seconds, started + timeout, hold_s, tick)
    )
    took = (time.monotonic() - started) * 1000
    if all(answers.plain.trouble for answers in shapes):
        troubles = ", ".join(dict.fromkeys(answers.plain.trouble for answers in shapes))
        raise CannotRun(f"no address answers: {troubles}")
    form = [
        shape.row(answers, bool(credentials)) | _held(held.get(answers.target.origin))
        for answers in shapes
    ]
    pace = [http_load.row(target, load) for target in targets] if load else []
    readings: Readings = {"form": form, "pace": pace if load else NoAnswer(_NO_LOAD)}
    measured = from_readings(readings)
    # All probes share the requests, and so their time.
    evidence = answers(
        chosen, lambda probe: _shown(probe, measured(probe)), metrics=metrics, shared_ms=took
    )
    return Run(_server(targets, rate, seconds, load), evidence)


def allowed_requests(addresses: int) -> int:
    """Return the default limit of requests for this number of addresses."""
    return max(MAX_REQUESTS, min(shape.REQUESTS_EACH * addresses, MOST_REQUESTS))


async def _measure(
    targets: Sequence[Target],
    credentials: Mapping[str, str],
    rate: float | None,
    seconds: float,
    deadline: float,
    hold_s: float,
    tick: Callable[[str], None],
) -> tuple[tuple[shape.Answers, ...], http_load.Load | None, Held]:
    shapes = await shape.ask(targets, credentials, deadline)
    answering = [answers.target for answers in shapes if not answers.plain.trouble]
    load = None
    if rate is not None and answering:
        load = await http_load.run(targets, rate, seconds, credentials)
    hosts = {target.origin: target for target in reversed(answering)} if hold_s else {}
    holding = (idle.hold(target, credentials, hold_s, tick) for target in hosts.values())
    return shapes, load, dict(zip(hosts, await asyncio.gather(*holding), strict=True))


def _held(held: idle.Held | None) -> dict[str, Any]:
    return {
        "held_s": held.held_s if held else None,
        "closed_after_s": held.closed_after_s if held else None,
    }


def _shown(probe: Probe, rows: Rows) -> Rows:
    """The rows with the columns a probe asks for; the address always belongs to them."""
    names = ("address", "path_untrusted", *probe.shows)
    return [{name: row[name] for name in names} for row in rows]


def _server(
    targets: Sequence[Target], rate: float | None, seconds: float, load: http_load.Load | None
) -> dict[str, Any]:
    server: dict[str, Any] = {f"address_{t.number}": t.shown() for t in targets}
    if load is not None:
        server["load"] = {
            "rate_per_s": rate,
            "duration_s": seconds,
            "planned": load.planned,
            "sent": load.sent,
            "ended_early": load.ended_early or None,
        }
    return server
