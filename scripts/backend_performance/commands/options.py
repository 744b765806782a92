"""Options of the command lines, made from what the systems declare."""

from __future__ import annotations

import argparse
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..refusal import Refusal

if TYPE_CHECKING:
    from ..diagnosis.engine import Engine, Option
    from ..diagnosis.probes.key_metrics import Metrics

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
#: Facts about a deployment; their product is the number of connections that it may open.
DEPLOYMENT = {
    "instances": "instances of the application: hosts or containers",
    "processes": "processes of each instance",
    "pool-size": "largest connection pool of each process",
}


def number(low: float, high: float, *, whole: bool = False) -> Callable[[str], float]:
    """Return an argument type: a number within inclusive bounds."""

    def read(text: str) -> float:
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            kind = "a whole number" if whole else "a number"
            raise argparse.ArgumentTypeError(f"expected {kind} from {low:.10g} to {high:.10g}")
        return value

    return read


def environment(option: str, name: str) -> str:
    """Return the value of the environment variable ``name``.

    Raises:
        Refusal: it is not a variable's name, or the variable is not set.
    """
    if not _VARIABLE.match(name):
        raise Refusal(
            f"{option} takes the name of an environment variable, never the value itself: "
            "arguments are visible to every user of the machine"
        )
    value = os.environ.get(name, "").strip()
    if not value:
        raise Refusal(f"the environment variable {name} is not set or is empty")
    return value


def add_deployment(parser: argparse.ArgumentParser) -> None:
    """Add the options that give how many connections the deployment may open."""
    group = parser.add_argument_group("deployment (all three figures or none)")
    for name, text in DEPLOYMENT.items():
        group.add_argument(
            f"--{name}", type=number(1, 1_000_000, whole=True), metavar="N", help=text
        )
    group.add_argument(
        "--pool",
        action="append",
        type=number(1, 1_000_000, whole=True),
        metavar="N",
        help="largest size of one pool of each process; repeat it for each pool",
    )


def add(parser: argparse.ArgumentParser, options: Iterable[Option]) -> None:
    """Add the options of one system, as ``probe.py SYSTEM`` spells them."""
    groups: dict[str, Any] = {"": parser}
    for option in options:
        if option.group not in groups:
            groups[option.group] = parser.add_argument_group(option.group)
        name = option.name if option.positional else f"--{option.name}"
        groups[option.group].add_argument(name, **_settings(option, option.positional))


def add_offered(parser: argparse._ActionsContainer, engines: Iterable[Engine]) -> None:
    """Add the options of several systems, as ``walk.py start`` spells those it offers."""
    offered = {o.walk: o for engine in engines for o in engine.options if o.walk}
    for name, option in offered.items():
        parser.add_argument(f"--{name}", **_settings(option, False))


def _settings(option: Option, is_positional: bool) -> dict[str, Any]:
    from ..diagnosis.engine import Kind

    settings: dict[str, Any] = {"help": option.help, "default": option.default}
    if option.kind is Kind.FLAG:
        return {"help": option.help, "action": "store_true"}
    if option.metavar:
        settings["metavar"] = option.metavar
    match option.kind:
        case Kind.NUMBER | Kind.WHOLE:
            whole = option.kind is Kind.WHOLE
            settings["type"] = number(option.low, option.high, whole=whole)
        case Kind.CHOICE:
            settings["choices"] = option.choices
        case Kind.PATH:
            settings["type"] = Path
        case Kind.VARIABLE:
            settings["metavar"] = "NAME"
    if option.kind is Kind.TEXTS:
        settings["nargs"] = "*" if is_positional else "+"
    elif is_positional:
        settings["nargs"] = "?"
    return settings


def told(
    engine: Engine, arguments: argparse.Namespace, *, in_walk: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the options given for a system and the variables they name.

    Raises:
        Refusal: a named variable is not set.
    """
    from ..diagnosis.engine import Kind

    values: dict[str, Any] = {}
    variables: dict[str, str] = {}
    for option in engine.options:
        spelled = option.walk if in_walk else option.name
        if not spelled:
            continue
        value = getattr(arguments, spelled.replace("-", "_"))
        if option.kind is Kind.VARIABLE and value is not None:
            variables[option.name] = value
            value = environment(f"--{spelled}", value)
        values[option.name] = value
    return values, variables


def deployment(given: Mapping[str, Any]) -> dict[str, int]:
    """Return the facts about the deployment: instances, processes and pool size, or none of them.

    The pool size is that of all pools of one process together.

    Raises:
        Refusal: some are missing, so the number of possible connections is unknown.
    """
    sizes = [*([given["pool_size"]] if given["pool_size"] else []), *(given["pool"] or [])]
    facts = {
        "instances": given["instances"],
        "processes": given["processes"],
        "pool_size": sum(sizes) or None,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    if known and len(known) < len(facts):
        raise Refusal(
            "--instances, --processes and --pool-size (or --pool, once for each) belong together: "
            "their product is how many connections the application may open"
        )
    return known


def pool_total(facts: Mapping[str, int]) -> dict[str, int]:
    """Return the number of connections that a deployment may open, as probes take it."""
    return {"pool_total": math.prod(facts.values())} if facts else {}


def key_metrics(skill_dir: Path | None) -> Metrics:
    """Return the rows of a skill's key-metrics table as data, this skill's without a folder.

    Raises:
        Refusal: there is no skill.
    """
    from ..skill_root import default_root
    from ..walk.starting import collect

    try:
        return collect.content(skill_dir or default_root()).metrics
    except Refusal as error:
        raise Refusal(f"no key-metrics table: {error}") from None
