"""Asking one Prometheus server for the key metrics of a fleet.

A probe lists sources: each is a family of metric names with PromQL for every column. The first
source whose ``needs`` has series answers. Percentiles come from summed buckets, never from
averaged percentiles: where only those exist, the answer is unknown and says why.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..probes import catalog
from ..probes.probe import Probe
from ..probes.run import Rows, Run, answers
from ..trouble import CannotRun, NoAnswer
from ..web import client as http_client
from ..web.target import Target
from .buckets import around
from .client import Point, Server

ENGINE = "prometheus"
TOTAL_SECONDS = 60.0
WINDOW_SECONDS = 3600
_TOP = 50


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
            loop.run(_greet(server))
            evidence = answers(
                chosen,
                lambda probe: loop.run(_measured(server, probe, window_s)),
                metrics=metrics,
                deadline=deadline,
            )
        finally:
            loop.run(client.close())
    return Run({"address": target.shown(), "window_s": window_s}, evidence)


async def _client(credentials: Mapping[str, str]) -> Any:
    return http_client.session(credentials, connections=2)


async def _greet(server: Server) -> None:
    try:
        await server.query("vector(1)")
    except NoAnswer as error:
        raise CannotRun(str(error)) from None


async def _measured(server: Server, probe: Probe, window_s: int) -> Rows:
    try:
        found = await _found(server, probe, window_s)
    except (CannotRun, NoAnswer) as error:
        remedy = f"To find out: run the query of {probe.file} by hand"
        raise NoAnswer(f"{error}. {remedy}") from None
    if isinstance(found, NoAnswer):
        raise found
    return found


async def _found(server: Server, probe: Probe, window_s: int) -> Rows | NoAnswer:
    for source in probe.sources:
        if await server.query(f"count({source['needs']})"):
            if "refuse" in source:
                return NoAnswer(source["refuse"])
            return await _rows(server, source, window_s)
    names = ", ".join(s["needs"] for s in probe.sources if "refuse" not in s)
    return NoAnswer(f"no series of {names}. To find out: export one of them")


async def _rows(
    server: Server, source: Mapping[str, Any], window_s: int
) -> list[dict[str, Any]] | NoAnswer:
    """One row for each value of the label ``by``, with the columns of the source."""
    by = source.get("by")
    table: dict[str | None, dict[str, Any]] = {}
    for column, expression in source["columns"].items():
        for point in await server.query(_over(expression, window_s)):
            row = table.setdefault(_name(point, by), {})
            row[column] = point.value
    if not table:
        return NoAnswer("the series had no samples in the window. To find out: raise --window")
    edges = await _edges(server, source)
    rows = []
    for name, values in table.items():
        row = {column: values.get(column) for column in source["columns"]}
        if edges:
            row |= around(edges, row[source["edges"]["of"]])
        shown = {} if by is None else {f"{source.get('shown', by)}_untrusted": name}
        rows.append({"family": source["needs"], **shown, **row})
    rows.sort(key=lambda row: -(row.get("samples") or 0))
    # What is hardly ever asked for says nothing, and must not hide what the others say.
    rows = [r for r in rows if (r["samples"] or 0) >= source.get("least_samples", 0)] or rows[:1]
    common = {"window_s": window_s, "examined": len(rows)}
    return [common | row for row in rows[:_TOP]]


def _over(expression: str, window_s: int) -> str:
    """Return the query for a window; its thirds serve to compare the end with the beginning."""
    third = window_s // 3
    lengths = {"window": window_s, "third": third, "two_thirds": 2 * third}
    for name, seconds in lengths.items():
        expression = expression.replace(f"{{{name}}}", f"{seconds}s")
    return expression


def _name(point: Point, by: str | None) -> str | None:
    return None if by is None else point.labels.get(by, "")


async def _edges(server: Server, source: Mapping[str, Any]) -> tuple[float, ...]:
    """Upper edges of the buckets in the unit of the column they belong to, infinity left out."""
    if "edges" not in source:
        return ()
    factor = source["edges"]["factor"]
    found = set()
    for point in await server.query(f"group by (le) ({source['edges']['metric']})"):
        try:
            edge = float(point.labels.get("le", ""))
        except ValueError:
            continue
        if edge not in (float("inf"), float("-inf")):
            found.add(edge * factor)
    if not found:
        # One odd histogram must not end the run: the other probes still have their answers.
        raise NoAnswer("the histogram has no bucket with a finite edge")
    return tuple(sorted(found))
