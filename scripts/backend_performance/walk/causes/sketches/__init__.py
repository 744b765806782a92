"""How the evidence of each probe reads: one table for each kind of system.

Within a table the order counts: if several probes report one cause, the first gives the title.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..sketch import Sketch
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

#: system → probe → its sketches.
OF_SYSTEM: Mapping[str, Mapping[str, tuple[Sketch, ...]]] = {
    "postgres": {
        **postgres_server.SKETCHES,
        **postgres_storage.SKETCHES,
        **postgres_statements.SKETCHES,
    },
    "mysql": mysql.SKETCHES,
    "redis": {**redis.SKETCHES, **redis_clients.SKETCHES, **redis_keys.SKETCHES},
    "prometheus": prometheus.SKETCHES,
    "http": network.HTTP,
    "sqllog": network.LOGS,
}
