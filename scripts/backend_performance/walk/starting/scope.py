"""Which items a system concerns: those of the engines that were named, asked or seen."""

from __future__ import annotations

from collections.abc import Iterable

from ...refusal import Refusal
from ..session import Step, Target
from .suggestion import nearest

LANGUAGES = ("dotnet", "go", "jvm", "node", "python", "ruby")
#: Engines that items and systems are named after, those of one kind together: where one of a
#: kind is known, the others are out of scope; where none is known, all of the kind stay in.
KINDS = (
    ("mysql", "postgres"),
    ("memcached", "redis"),
    LANGUAGES,
    ("http",),
)


def known(steps: Iterable[Step]) -> list[str]:
    """Return the names of engines: ours, and those that pages add."""
    ours = (engine for kind in KINDS for engine in kind)
    return sorted({*ours, *(engine for step in steps for engine in step.engines)})


def refuse_unknown(wanted: Iterable[str], steps: Iterable[Step]) -> None:
    """Refuse an engine that no item and no system is named after.

    Raises:
        Refusal: there is no engine of that name.
    """
    names = known(steps)
    for engine in wanted:
        if engine not in names:
            raise Refusal(
                f"no engine {engine!r}{nearest(engine, names)}; there are {', '.join(names)}"
            )


def engines(
    wanted: Iterable[str],
    targets: Iterable[Target],
    seen: Iterable[str],
    steps: Iterable[Step],
) -> tuple[str, ...] | None:
    """Return the engines in scope, ``None`` where nothing is known: then all of them are.

    Args:
        wanted: Engines named by the caller: they and what was asked are all there is.
        seen: Engines seen in the folder.
    """
    asked = {engine for target in targets if (engine := engine_of(target)) is not None}
    named = {*wanted}
    if named:
        return tuple(sorted(named | asked))
    names = set(known(steps))
    found = (asked | {*seen}) & names
    if found <= {"http"}:  # a web address does not show what is behind it
        return None
    kept = set()
    for kind in KINDS:
        kept |= found.intersection(kind) or set(kind)
    others = names.difference(*KINDS)
    return tuple(sorted(kept | (found & others or others)))


def engine_of(target: Target) -> str | None:
    """Return the engine that a target is about; for a log, that of the server that wrote it."""
    from ...diagnosis import engines as systems

    engine = systems.load(target.engine)
    return engine.concerns(engine, target.server)
