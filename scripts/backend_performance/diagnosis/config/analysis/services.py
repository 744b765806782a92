"""Each service with its settings: what a probe asks is written in its file alone.

The header's ``settings`` choose the services and the place to show:

- ``kinds``: kinds of programs, ``unknown`` included; ``programs``: programs by name
- ``with``: settings or columns that must have a value; ``any``: settings of which one must
- ``written``: true where no file states any setting, a service is left out
- ``place``: settings, of which the first that a file states gives the place
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...probes.expression import columns
from ...probes.probe import Probe
from .. import tables
from ..model import Configuration, Part

Row = Mapping[str, object]


def services(configuration: Configuration, probe: Probe) -> Iterator[Row]:
    """Yield a row for each chosen service, with the columns that the probe's rules read.

    A column is a setting by its canonical name (bytes, seconds, a count or text), ``X_written``,
    ``X_place``, or one of those that ``_joined`` adds.
    """
    chosen = probe.settings
    read = {name for rule in probe.rules if rule.condition for name in columns(rule.condition)}
    read |= {"service", "program", "place", *probe.shows}
    for part in _chosen(configuration, chosen):
        row = _stated(part) | _joined(part, configuration)
        written = [name for name in chosen.get("place", ()) if part.written(name)]
        row["place"] = part.place(written[0] if written else "")
        needed, one_of = chosen.get("with", ()), chosen.get("any", ("service",))
        has = {name for name, value in row.items() if value is not None}
        if has.issuperset(needed) and has.intersection(one_of):
            yield {name: value for name, value in row.items() if name in read}


def _chosen(configuration: Configuration, chosen: Mapping[str, object]) -> Iterator[Part]:
    programs, kinds = chosen.get("programs"), chosen.get("kinds")
    candidates = configuration.workloads()
    if isinstance(programs, list):
        candidates = configuration.running(programs)
    for part in candidates:
        if isinstance(kinds, list) and tables.kind_of(part.program) not in kinds:
            continue
        if any(map(part.written, part.settings)) or not chosen.get("written"):
            yield part


def _stated(part: Part) -> dict[str, object]:
    row: dict[str, object] = {"service": part.name, "program": part.program or "unknown"}
    for name in tables.names():
        setting = part.settings.get(name)
        row[name] = _whole(setting.value) if setting else None
        row[f"{name}_written"] = part.written(name)
        row[f"{name}_place"] = part.place(name)
    return row


def _joined(part: Part, configuration: Configuration) -> dict[str, object]:
    """What follows from several settings, or from other services."""
    program = tables.programs().get(part.program)
    holds = program.holds if program else "heap_limit"
    held = part.number(holds) if part.written(holds) else None
    limit, share = part.number("memory_limit"), part.number("heap_share_pct")
    if holds == "heap_limit" and held:
        held *= part.number("processes") or 1
    elif holds == "heap_limit" and limit and share:
        holds, held = "heap_share_pct", limit * share / 100
    limits = {one.number("max_connections") for one in configuration.running(["postgres"])}
    uses = _uses(configuration, part)
    return {
        "holds": holds,
        "held_bytes": _whole(held),
        "held_pct": round(100 * held / limit, 1) if held and limit else None,
        "held_written": part.written(holds),
        "held_place": part.place(holds),
        "server_limit": _whole(limits.pop()) if len(limits) == 1 else None,
        **{f"used_as_{use}": use in uses for use in tables.read("roles.yaml")},
    }


def _uses(configuration: Configuration, server: Part) -> set[str]:
    """What a Redis is for: words in the names of the variables that hold its address."""
    found = set()
    for client, address in configuration.each("addresses"):
        if str(address["host"]).partition(".")[0] in server.hosts:
            variable = str(address["variable"]).upper()
            found |= {
                use
                for use, signs in tables.read("roles.yaml").items()
                if client.program in signs["programs"]
                or any(word in variable for word in signs["words"])
            }
    return found


def _whole(value: float | str | None) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
