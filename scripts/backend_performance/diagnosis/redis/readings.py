"""Rows out of replies that hold many things. Names in a probe's ``reading`` are functions here.

Arguments of commands, values and full key names never become part of a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..trouble import NoAnswer
from .clients import clients
from .commands import commands, latency_events, slow_log
from .databases import databases
from .info import Info
from .keys import big_keys, key_families
from .sample import Sample
from .streams import streams

Row = dict[str, Any]


def errors(sample: Sample) -> list[Row]:
    """One row for each kind of error that commands ended with.

    ``greetings``: errors that connections alone explain, because a client library introduces itself
    by two ``CLIENT SETINFO``, which servers before 7.2 do not know.
    """
    if "errorstats" not in sample.after.sections:
        raise NoAnswer("the server does not report its errors. To find out: ask its operator")
    rows: list[Row] = []
    connections = sample.after.get("total_connections_received")
    greetings = 2 * connections if isinstance(connections, int) else None
    for name in sorted(sample.after.fields):
        error = name.removeprefix("errorstat_")
        if error == name or not re.fullmatch(r"[A-Z]{2,20}", error):
            continue
        row: Row = {
            "error": error,
            "errors": _count(sample.after, name),
            "greetings": greetings,
        }
        is_compared = sample.before is not sample.after
        row["errors_in_window"] = (
            row["errors"] - _count(sample.before, name) if is_compared else None
        )
        rows.append(row)
    return sorted(rows, key=lambda row: (-row["errors"], row["error"]))


def _count(info: Info, name: str) -> int:
    counted = info.part(name, "count")
    return counted if isinstance(counted, int) else 0


READINGS: Mapping[str, Callable[[Sample], list[Row]]] = {
    "big_keys": big_keys,
    "clients": clients,
    "commands": commands,
    "databases": databases,
    "errors": errors,
    "key_families": key_families,
    "latency_events": latency_events,
    "slow_log": slow_log,
    "streams": streams,
}
