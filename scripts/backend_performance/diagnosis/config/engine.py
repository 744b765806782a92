"""The configuration of a project, as the command lines know it."""

from __future__ import annotations

from pathlib import Path

from ..engine import Call, Engine, Kind, Option, nothing
from ..probes.run import Run

_EXAMPLES = """\
  probe.py config .
  probe.py config deploy/ --only connection-budget --only timeout-chain

It reads Compose files, Kubernetes manifests, Dockerfiles, Procfiles, systemd units, nginx,
Gunicorn, Puma, PHP-FPM, Spring, Rails and Django settings, .env files, the files of PostgreSQL,
MySQL, Redis and PgBouncer, and Prometheus rules. Only settings of its table are kept, so secrets
stay behind. Nothing is run, and no include is followed out of the folder.
"""


def ask(call: Call) -> Run:
    """Read the files below the folder."""
    from .run import run_config

    return run_config(Path(call.get("folder", ".")), only=call.only)


ENGINE = Engine(
    name="config",
    title="configuration",
    help="configuration files: how pools, timeouts, limits and alerts fit together",
    description="Read the configuration files of a project and judge how they fit together.",
    examples=_EXAMPLES,
    options=(
        Option(
            "folder",
            "folder of the project",
            Kind.PATH,
            metavar="PATH",
            positional=True,
            walk="config",
        ),
    ),
    ask=ask,
    concerns=nothing,
)
