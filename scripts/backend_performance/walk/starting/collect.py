"""What a walk begins with: the items of a skill, and the evidence that belongs to them.

Everything heavy is imported inside the functions: the later steps of a walk need none of it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...refusal import Refusal
from .. import join
from ..session import Installed, Reading, SkillStamp, Step
from ..store import store
from . import gains, remembered
from .remembered import Content
from .suggestion import nearest

if TYPE_CHECKING:
    from ...skill.markdown.document import Document


def installed(folder: Path) -> Installed:
    """Return the skill in ``folder`` as sessions need it; its pages are parsed once.

    Raises:
        Refusal: there is no skill, or no item in it.
    """
    found = walkable(folder)
    return Installed(found.stamp.digest, {step.id: step for step in found.steps})


def walkable(folder: Path) -> Content:
    """Return what the skill in ``folder`` says.

    Raises:
        Refusal: there is no skill, or no item in it.
    """
    found = content(folder)
    if not found.steps:
        raise Refusal(f"{folder} has no checklist: no task item `- [ ]` in any page")
    return found


def content(folder: Path) -> Content:
    """Return what the skill in ``folder`` says; its pages are parsed only where they changed.

    Raises:
        Refusal: there is no skill.
    """
    if folder.exists() and (found := remembered.recall(folder, store.digest_of(folder))):
        return found
    return _parsed(folder)


def _parsed(folder: Path) -> Content:
    from ...skill import package
    from ...skill.checklists import metrics, read

    began = time.time_ns()
    try:
        skill = package.load(folder)
    except (package.SkillNotFoundError, OSError) as exc:
        raise Refusal(str(exc)) from exc
    steps = tuple(
        replace(step, gains=_gains(step, skill.documents))
        for step in join.steps(each.to_json() for each in read.extract(skill))
    )
    stamp = SkillStamp(skill.name, skill.version or "", store.digest_of(folder))
    found = Content(stamp, steps, tuple(row.to_json() for row in metrics.extract(skill)))
    names = (*skill.documents, *skill.directories)  # a page may appear where none was
    remembered.keep(folder, [skill.root / name for name in names], found, began)
    return found


def _gains(step: Step, documents: Mapping[str, Document]) -> dict[str, str]:
    found = ((case, gains.of_case(documents, case)) for case in step.cases)
    return {case: text for case, text in found if text}


def within(areas: list[str], steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the items of ``areas``, every item where no area is named.

    Raises:
        Refusal: there is no such area.
    """
    known = list(dict.fromkeys(step.area for step in steps))
    for area in areas:
        if area not in known:
            raise Refusal(f"no area {area!r}{nearest(area, known)}; there are {', '.join(known)}")
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
