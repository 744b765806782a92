"""Connections that all pools may open, against what the database server accepts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ...evidence.redaction import identifier, place
from .. import tables
from ..model import Configuration, Service

#: `superuser_reserved_connections` of PostgreSQL: 3 by default.
RESERVED = 3
Row = Mapping[str, object]


def connection_budget(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each deployment whose pools have a known size.

    ``needed`` counts replicas × processes × (pool + overflow) of all workloads, with the largest
    number of replicas that an autoscaler allows; ``needed_in_deploy`` adds the surge of a rolling
    update.
    """
    by_deployment: dict[str, list[Service]] = defaultdict(list)
    for service in configuration.workloads():
        by_deployment[service.part.deployment].append(service)
    for deployment, services in sorted(by_deployment.items()):
        pools = [one for one in services if _pool(one) is not None]
        limits = list(_limits(services, configuration))
        if pools:
            yield _row(deployment, pools, limits)


def _pool(service: Service) -> float | None:
    kind = tables.programs().get(service.program)
    if kind is not None and kind.kind not in ("application", "worker"):
        return None
    size = service.number("pool_size")
    return None if size is None else size + (service.number("pool_overflow") or 0)


def _limits(services: Sequence[Service], configuration: Configuration) -> Iterator[Service]:
    """The database servers in the deployment, or else those that have a file of their own."""
    for program in ("postgres", "mysql"):
        here = [one for one in services if one.program == program]
        yield from here or [
            one for one in configuration.running(program) if one.part.kind == "server"
        ]


def _row(deployment: str, pools: Sequence[Service], servers: Sequence[Service]) -> Row:
    needed = sum(_opened(one, _replicas(one)) for one in pools)
    surged = sum(_opened(one, _with_surge(one)) for one in pools)
    server = servers[0] if len(servers) == 1 else None
    limit = server.number("max_connections") if server else None
    return {
        "deployment": deployment or ".",
        "needed": int(needed),
        "needed_in_deploy": int(surged),
        "server_limit": None if limit is None else int(limit) - RESERVED,
        "limit_written": server.written("max_connections") if server else False,
        "limit_place": server.place("max_connections") if server else "",
        "servers": len(servers),
        "pools": [_described(one) for one in pools[:8]],
        "place": pools[0].place("pool_size"),
    }


def _opened(service: Service, replicas: float) -> float:
    return replicas * (service.number("processes") or 1) * (_pool(service) or 0)


def _replicas(service: Service) -> float:
    return service.number("replicas") or 1


def _with_surge(service: Service) -> float:
    facts = service.part.facts.get("kind", ())
    surge = float(str(facts[0]["surge_pct"])) if facts else 0.0
    replicas = _replicas(service)
    more = -surge if surge < 0 else math.ceil(replicas * surge / 100)
    return replicas + more


def _described(service: Service) -> Row:
    return {
        "workload": identifier(service.part.name),
        "instances": _replicas(service),
        "processes": service.number("processes") or 1,
        "connections": _pool(service),
        "place": place(service.place("pool_size")),
    }
