"""How the evidence of each probe reads: one table for each kind of system.

Within a table the order counts: if several probes report one cause, the first gives the title.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..sketch import Sketch, Sketches
from . import (
    mysql,
    network,
    postgres_server,
    postgres_statements,
    postgres_storage,
    prometheus,
    redis,
    redis_clients,
    redis_keys,
)


def _listed(sketches: Sketches) -> Mapping[str, tuple[Sketch, ...]]:
    return {
        probe: found if isinstance(found, tuple) else (found,) for probe, found in sketches.items()
    }


#: system → probe → its sketches.
OF_SYSTEM: Mapping[str, Mapping[str, tuple[Sketch, ...]]] = {
    "postgres": _listed(
        {**postgres_server.SKETCHES, **postgres_storage.SKETCHES, **postgres_statements.SKETCHES}
    ),
    "mysql": _listed(mysql.SKETCHES),
    "redis": _listed({**redis.SKETCHES, **redis_clients.SKETCHES, **redis_keys.SKETCHES}),
    "prometheus": _listed(prometheus.SKETCHES),
    "http": _listed(network.HTTP),
    "sqllog": _listed(network.LOGS),
}
