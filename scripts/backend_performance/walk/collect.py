"""What a walk begins with: the items of a skill, and which of them the systems concern.

Everything heavy is imported inside the functions: the later steps of a walk need none of it.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from . import join
from .refusal import Refusal
from .session import Reading, SkillStamp, Step, Target
from .store import store
from .systems import Answers

#: Engines that items and systems are named after; pages may add further ones.
ENGINES = (
    "dotnet",
    "go",
    "http",
    "jvm",
    "memcached",
    "mysql",
    "node",
    "postgres",
    "python",
    "redis",
    "ruby",
)
#: What tells nothing of the databases and stores behind it.
_SAYS_NOTHING = {"http", "process", "prometheus"}
#: Whose statements a log holds, by its format.
_LOGGED = {
    "csvlog": "postgres",
    "jsonlog": "postgres",
    "stderr": "postgres",
    "slow": "mysql",
    "general": "mysql",
}


def steps_of(folder: Path) -> tuple[tuple[Step, ...], SkillStamp]:
    """Return the items of the skill in ``folder``, and which skill it is.

    Raises:
        Refusal: there is no skill, or no item in it.
    """
    from ..skill import package
    from ..skill.checklists import read

    try:
        skill = package.load(folder)
    except (package.SkillNotFoundError, OSError) as exc:
        raise Refusal(str(exc)) from exc
    found = join.steps(each.to_json() for each in read.extract(skill))
    if not found:
        raise Refusal(f"{skill.root} has no checklist: no task item `- [ ]` in any page")
    return found, SkillStamp(skill.name, skill.version or "", store.digest_of(folder))


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

    A web address alone says nothing: every database may stand behind it.

    Raises:
        Refusal: there is no engine of that name.
    """
    known = sorted({*ENGINES, *(engine for step in steps for engine in step.engines)})
    for engine in wanted:
        if engine not in known:
            raise Refusal(
                f"no engine {engine!r}{_nearest(engine, known)}; there are {', '.join(known)}"
            )
    named = (_engine(target) for target in answers.targets)
    asked = {engine for engine in named if engine is not None}
    if not wanted and asked <= _SAYS_NOTHING:
        return None
    return tuple(sorted({*wanted, *asked}))


def _engine(target: Target) -> str | None:
    """Return the engine that a target speaks of: a log those of the server that wrote it."""
    if target.engine != "sqllog":
        return target.engine
    return _LOGGED.get(str(target.server.get("format")))


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


def _nearest(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
