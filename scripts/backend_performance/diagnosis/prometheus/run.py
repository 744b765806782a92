"""Asking one Prometheus server for the key metrics of a fleet.

First it is asked which metrics it holds; then every family among them that a probe knows is
judged, so that none hides another.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...verdict import VERDICTS
from ..probes import catalog
from ..probes.expression import columns
from ..probes.judging import decide
from ..probes.probe import Probe
from ..probes.run import Run, answers
from ..trouble import CannotRun, NoAnswer
from ..web import client as http_client
from ..web.target import Target
from . import families, readings, sources
from .client import Server

ENGINE = "prometheus"
TOTAL_SECONDS = 60.0
WINDOW_SECONDS = 3600
_READINGS = {
    "percentile": readings.percentile,
    "time-share": readings.time_share,
    "failures": readings.failures,
    "calls-per-request": readings.calls_per_request,
}
Row = dict[str, Any]


def run_prometheus(
    target: Target,
    *,
    metrics: Sequence[Mapping[str, Any]],
    credentials: Mapping[str, str] | None = None,
    window_s: int = WINDOW_SECONDS,
    only: Collection[str] | None = None,
    timeout: float = TOTAL_SECONDS,
) -> Run:
    """Answer the probes of the catalogue, or ``only`` those named, from ``window_s`` seconds.

    Args:
        metrics: Rows of the key-metrics table, as in ``checklists/1``.
        credentials: One request header; never shown, sent to the named host only.

    Raises:
        CannotRun: the server cannot be asked; the message is safe to show.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    chosen = catalog.choose(catalog.load(ENGINE), only)
    deadline = time.monotonic() + timeout
    with asyncio.Runner() as loop:
        client = loop.run(_client(credentials or {}))
        server = Server(client, target, deadline)
        try:
            names = loop.run(_greet(server, window_s))
            held = families.held(names)
            evidence = answers(
                chosen,
                lambda probe: loop.run(_measured(server, probe, names, held, window_s)),
                metrics=metrics,
                deadline=deadline,
            )
        finally:
            loop.run(client.close())
    known = {each.base for several in held.values() for each in several}
    for probe in chosen:
        known |= set(sources.held_names(probe, names))
    seen = {"metrics": len(names), "families_read": len(known)}
    return Run({"address": target.shown(), "window_s": window_s, **seen}, evidence)


async def _client(credentials: Mapping[str, str]) -> Any:
    return http_client.session(credentials, connections=2)


async def _greet(server: Server, window_s: int) -> frozenset[str]:
    try:
        await server.query("vector(1)")
        return await server.names(window_s)
    except NoAnswer as error:
        raise CannotRun(str(error)) from None


async def _measured(
    server: Server,
    probe: Probe,
    names: frozenset[str],
    held: readings.Families,
    window_s: int,
) -> list[Row]:
    try:
        rows = await _rows(server, probe, names, held, window_s)
    except CannotRun as error:
        raise NoAnswer(f"{error}. To find out: run the queries of {probe.file} by hand") from None
    if not rows:
        raise NoAnswer("the series had no samples in the window. To find out: raise --window")
    frequent = _frequent(probe, rows)
    common = {"window_s": window_s, "left_out": len(rows) - len(frequent)}
    return _worst_first(probe, _alike(probe, frequent, common))


async def _rows(
    server: Server,
    probe: Probe,
    names: frozenset[str],
    held: readings.Families,
    window_s: int,
) -> list[Row]:
    if probe.sources:
        return await sources.from_sources(server, probe, names, window_s)
    files = probe.settings["families"]
    if not any(held[file] for file in files):
        raise NoAnswer(
            f"none of the {len(names)} metrics that the server holds is known to be "
            f"{probe.settings['what']}. To find out: export them under a name of "
            f"{families.FOLDER}/{files[0]}.yaml"
        )
    return await _READINGS[probe.reading](server, probe, held, window_s)


def _frequent(probe: Probe, rows: list[Row]) -> list[Row]:
    """Leave out what is hardly ever asked for, unless there is nothing else.

    It says nothing about a percentile, and must not hide what the others say.
    """
    least = probe.settings.get("least_samples", 0)
    kept = [
        row
        for row in rows
        if row.get("unread") or (row.get("samples") or 0) >= least or _is_loud(probe, row)
    ]
    return kept or rows


def _is_loud(probe: Probe, row: Row) -> bool:
    """Whether few samples are enough, as where each of them is a failure."""
    loud = probe.settings.get("loud")
    return loud is not None and bool((row.get(loud["column"]) or 0) >= loud["from"])


def _alike(probe: Probe, rows: list[Row], common: Mapping[str, int]) -> list[Row]:
    """Give every row the columns that the rules read; what a family does not say is None."""
    read = {name for rule in probe.rules if rule.condition for name in columns(rule.condition)}
    lacking: Row = dict.fromkeys([*probe.observe, *sorted(read)])
    whole = [{**row, **{n: None for n in lacking if n not in row}} for row in rows]
    return [{**_rounded(row), **common, "examined": len(rows)} for row in whole]


def _rounded(row: Row) -> Row:
    """Figures to six digits: more of them are the interpolation's, not the measurement's."""
    return {
        name: float(f"{value:.6g}") if isinstance(value, float) else value
        for name, value in row.items()
    }


def _worst_first(probe: Probe, rows: list[Row]) -> list[Row]:
    """Put first what a reader must see; the first row also represents all of them."""
    return sorted(rows, key=lambda row: VERDICTS.index(decide(probe, row).verdict))
