"""Reading a tree of configuration files, and the evidence in what they say together."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from ..evidence.redaction import visible
from ..probes import catalog
from ..probes.run import Rows, Run, answers, from_readings
from ..trouble import CannotRun, NoAnswer
from .analysis import budget, lifecycle, proxies, resources, servers
from .assemble import configuration
from .model import Configuration

ENGINE = "config"
#: Rows by the name of the reading that a probe file names.
READINGS: Mapping[str, Callable[[Configuration], Iterator[Mapping[str, object]]]] = {
    "connection_budget": budget.connection_budget,
    "timeout_chain": proxies.timeout_chain,
    "keep_alive": proxies.keep_alive,
    "proxied_locations": proxies.proxied_locations,
    "memory": resources.memory,
    "cpu": resources.cpu,
    "redis": resources.redis,
    "health_checks": lifecycle.health_checks,
    "shutdown": lifecycle.shutdown,
    "alerts": lifecycle.alerts,
    "postgres": servers.postgres,
    "mysql": servers.mysql,
    "pgbouncer": servers.pgbouncer,
}
#: Files named one by one that were not understood; the count says how many there are.
MAX_NAMED = 10


def run_config(root: Path, only: Collection[str] = ()) -> Run:
    """Return the evidence in the configuration files below a folder.

    Raises:
        CannotRun: the path is not a folder.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    if not root.is_dir():
        raise CannotRun(f"{visible(str(root))} is not a folder; name the folder of the project")
    probes = catalog.choose(catalog.load(ENGINE), only)
    started = time.monotonic()
    found = configuration(root)
    nothing = NoAnswer(
        "no configuration file was understood. To find out: name the folder that "
        "holds the compose file, the manifests or the servers' files"
    )
    readings: dict[str, Rows | NoAnswer] = {
        name: tuple(reading(found)) if found.files_read else nothing
        for name, reading in READINGS.items()
    }
    server = {
        "path": visible(str(root)),
        "files_read": found.files_read,
        "services": len(found.services),
        "files_not_understood": len(found.unread),
        "not_understood": [
            {"file": visible(one.file), "reason": one.reason} for one in found.unread[:MAX_NAMED]
        ],
    }
    took_ms = (time.monotonic() - started) * 1000
    evidence = answers(probes, from_readings(readings), shared_ms=took_ms)
    return Run(server, evidence)
