"""Connections that all pools may open, against what the database server accepts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ...evidence.redaction import identifier, place
from ...probes.probe import Probe
from .. import tables
from ..model import Configuration, Part

#: `superuser_reserved_connections` of PostgreSQL: 3 by default.
RESERVED = 3
#: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ (maxSurge)
DEFAULT_SURGE = "25%"
Row = Mapping[str, object]


def connection_budget(configuration: Configuration, probe: Probe) -> Iterator[Row]:
    """Yield a row for each deployment whose pools have a known size.

    ``needed`` counts replicas × processes × (pool + overflow) of all workloads, with the largest
    number of replicas that an autoscaler allows; ``needed_in_deploy`` adds the surge of a rolling
    update.
    """
    by_deployment: dict[str, list[Part]] = defaultdict(list)
    for part in configuration.workloads():
        by_deployment[part.deployment].append(part)
    for deployment, parts in sorted(by_deployment.items()):
        pools = [one for one in parts if _connections(one) is not None]
        if pools:
            yield _row(deployment, pools, _servers(parts, configuration))


def _connections(part: Part) -> float | None:
    """The most connections of one instance."""
    size = part.number("pool_size")
    if size is None or tables.kind_of(part.program) not in ("application", "worker", "unknown"):
        return None
    return (part.number("processes") or 1) * (size + (part.number("pool_overflow") or 0))


def _servers(parts: Sequence[Part], configuration: Configuration) -> Sequence[Part]:
    """The database servers in the deployment, or else those that have a file of their own."""
    databases = [one for one in configuration.services if one.program in ("postgres", "mysql")]
    here = [one for one in databases if one in parts]
    return here or [one for one in databases if one.kind == "server"]


def _row(deployment: str, pools: Sequence[Part], servers: Sequence[Part]) -> Row:
    server = servers[0] if len(servers) == 1 else None
    limit = server.number("max_connections") if server else None
    return {
        "deployment": deployment or ".",
        "needed": sum(int(_replicas(one) * (_connections(one) or 0)) for one in pools),
        "needed_in_deploy": sum(int(_with_surge(one) * (_connections(one) or 0)) for one in pools),
        "server_limit": None if limit is None else int(limit) - RESERVED,
        "limit_written": server is not None and server.written("max_connections"),
        "limit_place": server.place("max_connections") if server else "",
        "servers": len(servers),
        "pools": [_described(one) for one in pools[:8]],
        "place": pools[0].place("pool_size"),
    }


def _replicas(part: Part) -> float:
    return part.number("replicas") or 1


def _with_surge(part: Part) -> float:
    replicas = _replicas(part)
    if part.text("resource") != "Deployment" or part.text("update_strategy") == "Recreate":
        return replicas
    surge = part.text("surge") or DEFAULT_SURGE
    figure = surge.removesuffix("%")
    if not figure.isdigit():
        return replicas
    more = replicas * int(figure) / 100 if surge.endswith("%") else int(figure)
    return replicas + math.ceil(more)


def _described(part: Part) -> Row:
    return {
        "workload": identifier(part.name),
        "instances": _replicas(part),
        "processes": part.number("processes") or 1,
        "connections": (part.number("pool_size") or 0) + (part.number("pool_overflow") or 0),
        "place": place(part.place("pool_size")),
    }
