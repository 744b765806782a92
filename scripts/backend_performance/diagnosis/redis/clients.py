"""Rows out of the list of clients. Addresses and full names never become part of a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from .commands import command_name
from .sample import Sample
from .session import CLIENT_NAME

_PLAIN = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}")
_TOP = 50

Row = dict[str, Any]


def clients(sample: Sample) -> list[Row]:
    """One row for each family of clients: those of one name, else of one library."""
    found: dict[str, list[dict[str, str]]] = {}
    for line in sample.reply("CLIENT LIST").splitlines():
        client = dict(part.partition("=")[::2] for part in line.split(" "))
        if client.get("name") != CLIENT_NAME:
            found.setdefault(_client_family(client), []).append(client)
    rows: list[Row] = [
        {
            "client_family": family,
            "clients": len(each),
            "hot_commands": _hot(each),
            "monitors": sum("O" in client.get("flags", "") for client in each),
            "idle_5min": sum(_whole(client, "idle") >= 300 for client in each),
            "output_kb": round(sum(_whole(client, "omem") for client in each) / 1024, 1),
        }
        for family, each in found.items()
    ]
    rows.sort(key=lambda row: (-row["monitors"], -row["clients"], row["client_family"]))
    return [row | {"examined": len(rows)} for row in rows[:_TOP]]


def _client_family(client: Mapping[str, str]) -> str:
    for name in (client.get("name", ""), client.get("lib-name", "")):
        first = re.split(r"[^A-Za-z_-]", name, maxsplit=1)[0].rstrip("-_")
        if _PLAIN.fullmatch(first):
            return f"{first}..."
    return "unnamed"


def _hot(each: list[dict[str, str]]) -> list[str]:
    """The commands that most clients sent last."""
    last = Counter(command_name(client.get("cmd", "").encode()) for client in each)
    return [name for name, _ in last.most_common(3)]


def _whole(client: Mapping[str, str], name: str) -> int:
    text = client.get(name, "")
    return int(text) if text.isdigit() else 0
