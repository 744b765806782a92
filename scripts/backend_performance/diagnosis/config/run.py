"""Reading a tree of configuration files, and the evidence in what they say together."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from ..evidence.redaction import visible
from ..probes import catalog
from ..probes.probe import Probe
from ..probes.run import Rows, Run, answers
from ..trouble import CannotRun, NoAnswer
from .analysis import alerts, budget, proxies, services
from .assemble import configuration
from .model import Configuration

ENGINE = "config"
#: Rows by the name of the reading that a probe file names.
READINGS: Mapping[str, Callable[[Configuration, Probe], Iterator[Mapping[str, object]]]] = {
    "services": services.services,
    "connection_budget": budget.connection_budget,
    "timeout_chain": proxies.timeout_chain,
    "keep_alive": proxies.keep_alive,
    "proxied_locations": proxies.proxied_locations,
    "alerts": alerts.alerts,
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

    def rows_of(probe: Probe) -> Rows:
        if not found.files_read:
            raise NoAnswer(
                "no configuration file here states a setting of the tables. To find out: name the "
                "folder that holds the compose file, the manifests or the servers' files"
            )
        return tuple(READINGS[probe.reading](found, probe))

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
    return Run(server, answers(probes, rows_of, shared_ms=took_ms))
