"""The two halves at work: pages are read and systems are asked here, once, at the start.

Everything heavy is imported inside the functions: the later steps of a walk need none of it.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from . import join
from .refusal import Refusal
from .session import Reading, Step, Target

#: Engines that items and systems are named after; pages may add further ones.
ENGINES = (
    "dotnet", "go", "http", "jvm", "memcached", "mysql", "node", "postgres", "python", "redis",
    "ruby",
)  # fmt: skip
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_PASSWORD = re.compile(r"(?i)\bpassword\s*=\s*('(?:[^'\\]|\\.)*'|\S+)|://[^:/@\s]*:([^@\s]+)@")
#: Shorter ones occur by chance in ordinary words and figures.
_MIN_SECRET = 4


@dataclass(frozen=True)
class Answers:
    """What the systems said: which they are, and their evidence."""

    targets: tuple[Target, ...] = ()
    readings: tuple[Reading, ...] = ()


def steps_of(folder: Path | None) -> tuple[Step, ...]:
    """Return the items of the skill in ``folder``, of this skill without one.

    Raises:
        Refusal: there is no skill, or no item in it.
    """
    from ..skill import checklist, package
    from ..skill_root import default_root

    try:
        skill = package.load(folder or default_root())
    except (package.SkillNotFoundError, OSError) as exc:
        raise Refusal(str(exc)) from exc
    found = join.steps(each.to_json() for each in checklist.extract(skill))
    if not found:
        raise Refusal(f"{skill.root} has no checklist: no task item `- [ ]` in any page")
    return found


def within(areas: list[str], steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the items of ``areas``, every item where no area is named.

    Raises:
        Refusal: there is no such area.
    """
    known = list(dict.fromkeys(step.area for step in steps))
    for area in areas:
        if area not in known:
            raise Refusal(f"no area {area!r}{_nearest(area, known)}; there are {', '.join(known)}")
    return tuple(step for step in steps if not areas or step.area in areas)


def about(
    chosen: tuple[Step, ...], steps: tuple[Step, ...], readings: tuple[Reading, ...]
) -> tuple[Reading, ...]:
    """Return the evidence that belongs to the items ``chosen``, or to no item at all."""
    elsewhere = _names(steps) - _names(chosen)
    return tuple(
        reading
        for reading in readings
        if _names(chosen).intersection(reading.items) or not elsewhere.intersection(reading.items)
    )


def _names(steps: tuple[Step, ...]) -> set[str]:
    return {name for step in steps for name in (step.id, *step.aliases)}


def engines_of(
    wanted: list[str], answers: Answers, steps: tuple[Step, ...]
) -> tuple[str, ...] | None:
    """Return the engines in scope: those named and those asked; ``None`` where nobody said.

    Raises:
        Refusal: there is no engine of that name.
    """
    known = sorted({*ENGINES, *(engine for step in steps for engine in step.engines)})
    for engine in wanted:
        if engine not in known:
            raise Refusal(
                f"no engine {engine!r}{_nearest(engine, known)}; there are {', '.join(known)}"
            )
    scope = {*wanted, *(target.engine for target in answers.targets)}
    return tuple(sorted(scope)) or None


def deployment(
    instances: int | None, processes: int | None, pool_size: int | None
) -> dict[str, int]:
    """Return what was said about the deployment: all three facts or none.

    Raises:
        Refusal: some are missing, so that nobody knows how many connections there may be.
    """
    given = {"instances": instances, "processes": processes, "pool_size": pool_size}
    known = {name: value for name, value in given.items() if value is not None}
    if known and len(known) < len(given):
        raise Refusal(
            "--instances, --processes and --pool-size belong together: "
            "their product is how many connections the application may open"
        )
    return known


def ask_postgres(
    variable: str, parameters: Mapping[str, int], *, allow_superuser: bool = False
) -> Answers:
    """Return the evidence of the server whose address is in the environment ``variable``.

    Raises:
        Refusal: the variable is not set, or the server cannot be asked.
    """
    dsn = _address(variable)
    from .. import diagnosis

    facts = {"pool_total": math.prod(parameters.values())} if parameters else {}
    try:
        run = diagnosis.run_postgres(dsn, parameters=facts, allow_superuser=allow_superuser)
    except diagnosis.CannotRun as exc:
        raise Refusal(f"PostgreSQL in ${variable}: {_without(str(exc), _secrets(dsn))}") from exc
    secrets = _secrets(dsn)
    return Answers(
        (Target("postgres", variable, _without(dict(run.server), secrets)),),
        join.readings(_without(each.to_json(), secrets) for each in run.evidence),
    )


def _address(variable: str) -> str:
    if not _VARIABLE.match(variable):
        # Not repeated in the message: what was given may be the address itself.
        raise Refusal(
            "--postgres-env takes the NAME of an environment variable that holds the DSN, "
            "so that no password stands on a command line"
        )
    dsn = os.environ.get(variable, "").strip()
    if not dsn:
        raise Refusal(f"the environment variable {variable} is not set (or empty)")
    return dsn


def _secrets(dsn: str) -> tuple[str, ...]:
    """Return what of a DSN must never reach the session, longest first."""
    passwords = {part.strip("'") for match in _PASSWORD.findall(dsn) for part in match if part}
    return (dsn, *sorted((p for p in passwords if len(p) >= _MIN_SECRET), key=len, reverse=True))


def _without(value: Any, secrets: tuple[str, ...]) -> Any:
    """Return ``value`` with every secret replaced: the second line after the diagnosis' own."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "***")
        return value
    if isinstance(value, Mapping):
        return {_without(key, secrets): _without(each, secrets) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without(each, secrets) for each in value]
    return value


def _nearest(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
