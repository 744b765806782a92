"""Asking the systems a walk was given: what each of them is, and its evidence.

The diagnosis half keeps credentials out of its words. This module masks them once more before
anything reaches the session file.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from ...diagnosis.engine import Call, Engine, Kind
from ...diagnosis.evidence.located import Located
from ...diagnosis.evidence.redaction import Secrets
from ...diagnosis.guards.patience import OUT_OF_MEMORY
from ...refusal import Refusal
from .. import join
from ..session import Reading, Target
from .places import placed


@dataclass(frozen=True)
class Answers:
    """What the systems said: which they are, and their evidence."""

    targets: tuple[Target, ...] = ()
    readings: tuple[Reading, ...] = ()
    #: Systems that could not be asked, a sentence each.
    troubles: tuple[str, ...] = ()
    #: Places in the code of what the other systems report.
    located: tuple[Located, ...] = ()

    def __add__(self, other: Answers) -> Answers:
        readings = sorted((*self.readings, *other.readings), key=lambda reading: reading.probe)
        return Answers(
            (*self.targets, *other.targets),
            tuple(readings),
            (*self.troubles, *other.troubles),
            (*self.located, *other.located),
        )


@dataclass(frozen=True)
class Asked:
    """One system to ask, with its options."""

    engine: Engine
    call: Call

    @property
    def source(self) -> str:
        """What of the command line names it: a variable, a file, else the option."""
        target = self.engine.target
        if target.kind is Kind.VARIABLE:
            return self.call.variables[target.name]
        if target.kind is Kind.PATH:
            return Path(self.call.told[target.name]).name
        return f"--{target.walk}"

    @property
    def label(self) -> str:
        """How messages name it."""
        target = self.engine.target
        if target.kind is Kind.VARIABLE:
            return f"{self.engine.title} in ${self.source}"
        if target.kind is Kind.TEXTS:
            return self.engine.title
        value = self.source if target.kind is Kind.PATH else self.call.told[target.name]
        return f"{self.engine.title} {value}"


def ask_all(systems: Iterable[Asked]) -> Answers:
    """Return what the systems say, which are asked side by side.

    One that cannot be asked says why, in place of its evidence. One that was given up for the
    memory of the process is asked again when the others are done: it may have been theirs.

    Raises:
        Refusal: none of them can be asked; which and why.
    """
    asked = tuple(systems)
    if not asked:
        return Answers()
    with ThreadPoolExecutor(len(asked)) as pool:
        found = list(pool.map(_asked, asked))
    if len(asked) > 1:
        both = zip(asked, found, strict=True)
        found = [_asked(system) if _lacked_memory(said) else said for system, said in both]
    troubles = [str(each) for each in found if isinstance(each, Refusal)]
    if len(troubles) == len(asked):
        raise Refusal("; ".join(troubles))
    answers = (each for each in found if isinstance(each, Answers))
    whole = sum(answers, Answers(troubles=tuple(troubles)))
    return replace(whole, readings=placed(whole.readings, whole.located))


def _asked(system: Asked) -> Answers | Refusal:
    try:
        return ask(system)
    except Refusal as exc:
        return exc


def _lacked_memory(said: Answers | Refusal) -> bool:
    if isinstance(said, Refusal):
        return OUT_OF_MEMORY in str(said)
    return any(OUT_OF_MEMORY in (reading.reason or "") for reading in said.readings)


def ask(system: Asked) -> Answers:
    """Return the evidence of one system.

    Raises:
        Refusal: it cannot be asked; which and why.
    """
    engine, call = system.engine, system.call
    secrets = Secrets.of(call.told[name] for name in call.variables)
    try:
        found = engine.ask(call)
    except Refusal as exc:
        raise Refusal(f"{system.label}: {secrets.masked(str(exc))}") from exc
    server = secrets.masked(dict(found.server))
    return Answers(
        (Target(engine.name, system.source, server),),
        join.readings(secrets.masked(each.to_json()) for each in found.evidence),
        located=found.located,
    )
