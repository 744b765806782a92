"""The systems given to ``walk.py start``: their options, and the run that asks them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..diagnosis import engines
from ..diagnosis.engine import Call
from ..diagnosis.evidence.redaction import WITHHELD
from ..diagnosis.probes.key_metrics import Metrics
from ..program import called
from ..walk.session import Session
from ..walk.starting import scope
from ..walk.starting.sight import Seen
from ..walk.starting.systems import Answers, Asked, ask_all
from . import options

#: Paths that are safe to paste into a command and cannot carry instructions.
_PLAIN_PATH = re.compile(r"[\w.@+-]{1,60}(?:/[\w.@+-]{1,60}){0,3}", re.ASCII)
#: What this program is called where it was started.
_WALK = called("walk")


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options that name systems; a system that is not named is not asked."""
    group = parser.add_argument_group("systems (environment variables hold their addresses)")
    options.add_offered(group, engines.all_engines())


def ask(arguments: argparse.Namespace, parameters: Mapping[str, int], metrics: Metrics) -> Answers:
    """Return the answers of the named systems.

    Args:
        metrics: Rows of the key-metrics table, which judge some of them.

    Raises:
        Refusal: one of them cannot be asked. The message says which and why.
    """
    told = [  # all of them first, so that a typo in a name costs no probing
        (engine, *options.told(engine, arguments, in_walk=True)) for engine in engines.all_engines()
    ]
    wanted = [each for each in told if each[1][each[0].target.name]]
    named = [
        Asked(
            engine,
            Call(
                told=values,
                variables=variables,
                parameters=parameters,
                metrics=metrics if engine.judged_by_metrics else (),
            ),
        )
        for engine, values, variables in wanted
    ]
    return ask_all(named) if parameters else _with_budget(named)


def _with_budget(named: Sequence[Asked]) -> Answers:
    """Return the systems' answers; the configuration's pools serve as the deployment's budget."""
    files = [each for each in named if each.engine.name == "config"]
    others = [each for each in named if each.engine.name != "config"]
    if not files or not others:
        return ask_all(named)
    first = ask_all(files)
    needed = [
        reading.observed.get("needed")
        for reading in first.readings
        if reading.probe == "config/connection-budget" and len(reading.rows) <= 1
    ]
    if needed and isinstance(needed[0], int):
        others = [
            replace(each, call=replace(each.call, parameters={"pool_total": needed[0]}))
            for each in others
        ]
    return first + ask_all(others)


#: Systems that are asked by an address in an environment variable.
_ADDRESSED = ("postgres", "mysql", "redis", "prometheus")
#: Systems that are asked here: the folder itself, or a process by its number.
_HERE = ("config", "process", "code")


def _option(engine: str) -> str:
    return f"--{engines.load(engine).target.walk}"


def _here(seen: Sequence[Seen]) -> dict[str, tuple[Seen, str]]:
    """Return what can be asked without an address, once each, with the option that asks it."""
    found: dict[str, tuple[Seen, str]] = {}
    for each in seen:
        engine = "code" if each.engine in scope.LANGUAGES else each.engine
        if engine in _HERE:
            value = each.variable if engine == "process" else "."
            found.setdefault(engine, (each, f"{_option(engine)} {value}"))
    return found


def not_asked(seen: Sequence[Seen], session: Session) -> list[str]:
    """Return a line for each system that is seen here and was not asked."""
    asked = {target.engine for target in session.targets}
    lines: dict[str, str] = {}
    for each in seen:
        if each.engine in _ADDRESSED and each.engine not in asked:
            option = f"{_option(each.engine)} {each.variable or 'NAME'}"
            lines.setdefault(
                each.engine, f"{engines.title(each.engine)} ({_place(each)}): {option}"
            )
    for engine, (each, option) in _here(seen).items():
        if engine not in asked:
            lines.setdefault(engine, f"{engines.title(engine)} ({_place(each)}): {option}")
    return list(lines.values())


def seen_text(seen: Sequence[Seen], open_items: int) -> str:
    """Return a list of what is seen here and the command that would ask it."""
    lines = ["No system was named, so nothing was asked. Here is:"]
    lines += [f"- {engines.title(each.engine)}: {_place(each)}" for each in seen]
    if not seen:
        lines.append("- no code base, compose file or variable with an address")
    options, settings = [option for _, option in _here(seen).values()], []
    for engine in _ADDRESSED:
        named = [each for each in seen if each.engine == engine and each.variable]
        if named:
            options += [_option(engine), named[0].variable]
            settings += [_setting(named[0])] if named[0].where != "environment" else []
        elif any(each.engine == engine for each in seen):
            options += [_option(engine), "NAME"]
    lines.append("")
    if options:
        lines.append("To ask it (addresses are read from the environment and never printed):")
        lines += [f"  {setting}" for setting in settings]
        lines.append(f"  {_WALK} start {' '.join(options)}")
    else:
        lines.append(f"Name what there is: {_WALK} start --postgres-env NAME --redis-env NAME …")
    lines.append(f"Without access: {_WALK} next 5 ({open_items} checklist items)")
    return "\n".join(lines)


def _setting(seen: Seen) -> str:
    """Return the command that takes one variable out of a file, whose other content never runs."""
    pattern = rf"s/^ *(export +)?{seen.variable}=[\"']?([^\"' #]*).*/\2/p"
    return f'export {seen.variable}="$(sed -nE "{pattern}" {_file(seen)} | tail -n 1)"'


def _file(seen: Seen) -> str:
    """Return the file's path as a shell takes it; whoever made the folder chose its name."""
    return f"./{seen.where}" if _PLAIN_PATH.fullmatch(seen.where) else "FILE"


def _place(seen: Seen) -> str:
    if seen.engine == "process":
        return seen.where
    where = seen.where if _PLAIN_PATH.fullmatch(seen.where) else WITHHELD
    return f"{seen.variable} in {where}" if seen.variable else where
