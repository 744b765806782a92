"""What the server and the role can answer, and why not, decided before any other probe runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..evidence import redaction
from ..probes.probe import Probe

_SERVER_FIELDS = (
    "database",
    "role",
    "superuser",
    "primary",
    "started",
    "statistics_since",
    "statistics_age_s",
    "pg_stat_statements_version",
    "track_io_timing",
    "connections_used_pct",
)
#: What the answer to the first question must have, so that anything can be decided.
FORM = {"server_version_num": int, "superuser": bool, "primary": bool} | dict.fromkeys(
    (*_SERVER_FIELDS, "read_all_stats"), object
)
#: A lack that explains another one, and is therefore named in its place.
_PREREQUISITES = {
    "pg_stat_statements": ("pg_stat_statements_loaded",),
    "pg_stat_statements_readable": ("pg_stat_statements_loaded", "pg_stat_statements"),
}


def lack(probe: Probe, gate: Probe, row: Mapping[str, Any]) -> str | None:
    """Return what keeps the probe from an answer and how to get it, or None."""
    major = row["server_version_num"] // 10000
    if major < probe.min_version:
        return (
            f"the server is PostgreSQL {major}, the probe needs {probe.min_version} or later. "
            "To find out: check by hand, or upgrade"
        )
    for name in probe.requires:
        for needed in (*_PREREQUISITES.get(name, ()), name):
            if row.get(needed) is not True:
                text = gate.capabilities[needed]
                return f"{text['missing']}. To find out: {text['remedy']}"
    return None


def server(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the report says about the server, without address and credentials."""
    number = row["server_version_num"]
    facts = redaction.row({name: row[name] for name in _SERVER_FIELDS})
    return {"version": f"{number // 10000}.{number % 10000}"} | facts
