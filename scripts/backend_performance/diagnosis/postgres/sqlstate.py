"""What an error of the server means: its SQLSTATE alone is told, its text may hold row values."""

from __future__ import annotations

import re

_FORM = re.compile(r"[0-9A-Z]{5}")
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_REASONS = {
    "57014": "stopped by the statement timeout of 5 s. To find out: try again later",
    "55P03": (
        "stopped by the lock timeout of 200 ms: another session holds a lock the probe would "
        "wait for. To find out: try again later"
    ),
    "42501": (
        "the role lacks a privilege (SQLSTATE 42501). "
        "To find out: GRANT pg_monitor TO the probing role"
    ),
    "0A000": (
        "this server does not support what the probe reads (SQLSTATE 0A000), as Aurora does not "
        "for most of replication. To find out: read the service's own metrics, "
        "on Aurora AuroraReplicaLag or aurora_replica_status()"
    ),
}


def reason(state: str | None) -> str:
    """Return why there is no answer, with what would give one where that is known."""
    if not state or not _FORM.fullmatch(state):  # the server may say anything
        state = "unknown"
    return _REASONS.get(state, f"the server answered with SQLSTATE {state}")
