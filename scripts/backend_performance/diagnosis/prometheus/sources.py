"""Rows of the probes that name their metrics themselves, with the PromQL of each column."""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..probes.probe import Probe
from ..trouble import NoAnswer
from .client import Server
from .durations import filled
from .labels import Alternatives, grouping, named, value

Row = dict[str, Any]
#: Labels that distinguish sources of a metric when a source declares nothing else.
_ORIGIN: Mapping[str, Alternatives] = {
    "job": (("exported_job",), ("job",), ("service_name",)),
    "instance": (("exported_instance",), ("instance",), ("exported_pod",), ("pod",)),
}


async def from_sources(
    server: Server, probe: Probe, names: Collection[str], window_s: int
) -> list[Row]:
    """One row for each thing of each source whose metrics the server holds.

    Raises:
        NoAnswer: it holds those of no source.
    """
    present = list(_present(probe, names))
    if not present:
        wanted = dict.fromkeys(_name(one) for source in probe.sources for one in _needs(source)[:1])
        raise NoAnswer(f"no series of {', '.join(wanted)}. To find out: export one of them")
    rows: list[Row] = []
    for source, name in present:
        try:
            rows += await _rows(server, source, name, window_s)
        except NoAnswer as error:
            rows.append({"family": _shown(source, name), "unread": str(error)})
    return rows


def held_names(probe: Probe, names: Collection[str]) -> Iterator[str]:
    """Give the names that the probe asks for and the server holds."""
    for source, name in _present(probe, names):
        yield from {name, *map(_name, source.get("needs", ()))} - {""}


def _present(probe: Probe, names: Collection[str]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Sources whose metrics all exist, once for each name that `{name}` can be."""
    for source in probe.sources:
        needed = {_name(each) for each in source.get("needs", ())}
        if not needed <= set(names):
            continue
        if "each" not in source:
            yield source, ""
        for pattern in source.get("each", ()):
            for name in fnmatch.filter(sorted(names), pattern):
                yield source, name


def _needs(source: Mapping[str, Any]) -> Sequence[str]:
    return [*source.get("each", ()), *source.get("needs", ())]


def _name(needed: str) -> str:
    return needed.partition("{")[0]


def _shown(source: Mapping[str, Any], name: str) -> str:
    return name or _name(source["needs"][0])


async def _rows(server: Server, source: Mapping[str, Any], name: str, window_s: int) -> list[Row]:
    meanings = {**_origin(source.get("per", "instance")), **_own(source)}
    by = grouping(meanings.values())
    table: defaultdict[tuple[str, ...], Row] = defaultdict(dict)
    for column, expression in source["columns"].items():
        for point in await server.query(filled(expression, window_s, by=by, name=name)):
            key = tuple(value(point.labels, alternatives) for alternatives in meanings.values())
            table[key][column] = point.value
    rows = []
    for key, values in table.items():
        about = named(tuple(meanings), key)
        whole = {column: values.get(column) for column in source["columns"]}
        rows.append({"family": _shown(source, name), **about, "unread": None, **whole})
    return rows


def _origin(per: str) -> Mapping[str, Alternatives]:
    if per == "instance":
        return _ORIGIN
    return {"job": _ORIGIN["job"]} if per == "job" else {}


def _own(source: Mapping[str, Any]) -> dict[str, Alternatives]:
    own = source.get("labels", {})
    return {meaning: [name.split() for name in names] for meaning, names in own.items()}
