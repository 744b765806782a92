"""``probe.py show``: what a probe would send to a server of a version, ready to paste."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from typing import Any

from ...diagnosis import engines
from ...diagnosis.guards import sent
from ...diagnosis.probes import catalog
from ...diagnosis.probes.probe import Probe
from ...refusal import Refusal
from .. import console

_EXAMPLES = """\
  probe.py show postgres/lock-waits --server-version 18
  probe.py show mysql/lock-waits --server-version 8.4
  probe.py show mysql/lock-waits --server-version 10.11-MariaDB
  probe.py show redis/slow-log prometheus/latency-p95
"""
#: Above every version: the words for the newest servers.
_NEWEST = 10_000
#: Words for the bounds of the key-metrics table in conditions and reasons of rules.
_BOUNDS = {
    "{action}": "beyond the action trigger",
    "{off_target}": "beyond the target",
    "{action_value}": "the action trigger",
    "{target_value}": "the target",
}


def add_to(systems: Any) -> None:
    """Add the subcommand."""
    show = systems.add_parser(
        "show",
        help="the statement of a probe, as text to paste",
        description="Print what probes send, in the words of a server's version, with the rules "
        "that judge the answer. Nothing is asked.",
        epilog=console.as_called(f"examples:\n{_EXAMPLES}\n{console.EXIT_CODES}"),
    )
    show.set_defaults(run=_show)
    show.add_argument("ids", nargs="+", metavar="SYSTEM/PROBE", help="as postgres/lock-waits")
    show.add_argument(
        "--server-version",
        default="",
        metavar="V",
        help="what the server says it is, as 18, 8.4 or 10.11-MariaDB (default: the newest)",
    )
    show.add_argument("--format", choices=("text", "json"), default="text")


def _show(arguments: argparse.Namespace) -> int:
    version, flavour = _version(arguments.server_version)
    chosen = [_fitting(_probe(name), version, flavour) for name in arguments.ids]
    sends = dict(sent.planned(chosen))
    if arguments.format == "json":
        probes = [
            {
                "probe": probe.id,
                "question": probe.question,
                "privilege": probe.privilege,
                "server_version": arguments.server_version or None,
                "sends": sends[probe.id],
                "rules": [
                    {"verdict": verdict, "when": when, "because": because}
                    for verdict, when, because in _rules(probe)
                ],
            }
            for probe in chosen
        ]
        console.write_json({"schema": "statements/1", "probes": probes})
    else:
        console.write("\n\n".join(_text(probe, sends[probe.id]) for probe in chosen))
    return console.CLEAN


def _version(given: str) -> tuple[int, str]:
    """Return major version and flavour from a server's version text."""
    number = re.match(r"\s*v?(\d{1,4})\b", given)
    if given and not number:
        raise Refusal(
            f"--server-version {given!r} is not a version such as 18, 8.4 or 10.11-MariaDB"
        )
    flavour = "mariadb" if "maria" in given.lower() else "mysql"
    return (int(number[1]) if number else _NEWEST), flavour


def _probe(name: str) -> Probe:
    system, _, rest = name.partition("/")
    if system not in engines.NAMES or not rest:
        known = ", ".join(engines.NAMES)
        raise Refusal(f"{name!r} is not a probe: expected SYSTEM/PROBE, where SYSTEM is {known}")
    return catalog.choose(catalog.load(system), (name,))[0]


def _fitting(probe: Probe, version: int, flavour: str) -> Probe:
    """Return the probe with its statement in the words of that server."""
    if version < probe.min_version and not (flavour == "mariadb" and probe.system == "mysql"):
        raise Refusal(f"{probe.id} needs version {probe.min_version} or later")
    if not probe.sql:
        return probe
    return replace(probe, sql=probe.sql_for(version, flavour if probe.system == "mysql" else ""))


def _text(probe: Probe, sends: list[str]) -> str:
    """Return the statements behind comments that say what the answer means."""
    mark, end = ("--", ";") if probe.sql else ("#", "")
    lines = [f"{mark} {probe.id}: {probe.question}", f"{mark} needs: {probe.privilege}"]
    lines += [f"{mark} {verdict} when {when}: {why}" for verdict, when, why in _rules(probe)]
    if not sends:
        lines.append(f"{mark} nothing is sent: probe.py {probe.system} reads files and figures")
    return "\n".join([*lines, *(f"{text}{end}" for text in sends)])


def _rules(probe: Probe) -> list[tuple[str, str, str]]:
    """Return verdict, condition and reason of each rule, bounds of the key metrics in words."""
    return [(rule.verdict.value, _worded(rule.text), _worded(rule.because)) for rule in probe.rules]


def _worded(text: str) -> str:
    for place, words in _BOUNDS.items():
        text = text.replace(place, words)
    return text
