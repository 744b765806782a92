"""From a folder to findings: one skill after the other, or over all cores."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from .. import inspection, package, rules
from ..diagnostic import error
from ..folder_scan import ENTRY
from ..package import Skill
from . import suppression
from .checked import MAX_LINE, Checked, Found
from .codes import Choice, explained

#: Starting a second process costs as much as checking about this many skills.
WORTH_A_PROCESS = 40
#: At most how many skills a process is given at once, and into how many parts its share is cut.
_CHUNK, _PARTS = 32, 8
#: Objects between two searches for cycles. Pages are many small objects without any.
_SEARCH_FOR_CYCLES = 100_000


def check(root: Path, choice: Choice) -> Checked:
    """Return the findings of the skill at ``root``. Never raises for its content."""
    try:
        skill = package.load(root)
    except (package.SkillNotFoundError, OSError) as exc:
        return Checked(root, root.name, found=(_unreadable(str(exc)),), trouble=str(exc))
    chosen = [d for d in rules.run(inspection.inspect(skill)) if d.code in choice]
    kept, excused = suppression.apply(
        chosen, skill.documents.values(), explained, choice.__contains__
    )
    return Checked(
        root=skill.root,
        name=skill.name,
        pages=len(skill.documents),
        found=tuple(Found(each, _source(skill, each.file, each.line)) for each in kept),
        suppressed=excused,
    )


def check_all(
    roots: Sequence[Path], choice: Choice, tick: Callable[[int], None] = lambda _: None
) -> list[Checked]:
    """Return the results of all skills in their order; ``tick`` hears how many are done."""
    results = []
    usual = gc.get_threshold()
    gc.set_threshold(_SEARCH_FOR_CYCLES, *usual[1:])
    try:
        for result in _results(roots, choice):
            results.append(result)
            tick(len(results))
    finally:
        gc.set_threshold(*usual)
    return results


def _results(roots: Sequence[Path], choice: Choice) -> Iterator[Checked]:
    workers = min(os.cpu_count() or 1, len(roots) // WORTH_A_PROCESS)
    if workers < 2:
        for root in roots:
            yield check(root, choice)
        return
    import multiprocessing

    rules.modules()  # imported once, before the processes part
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    chunk = min(_CHUNK, len(roots) // (workers * _PARTS))
    gc.freeze()  # what is here already is no garbage, and need not be copied to be looked at
    try:
        with multiprocessing.get_context(method).Pool(workers) as pool:
            yield from pool.imap(partial(check, choice=choice), roots, chunksize=max(chunk, 1))
    finally:
        gc.unfreeze()


def _unreadable(reason: str) -> Found:
    hint = "restore the file, or remove the folder"
    return Found(error("skill-unreadable", ENTRY, 1, reason, hint))


def _source(skill: Skill, file: str, line: int) -> str:
    page = skill.documents.get(file)
    if page is None or not 1 <= line <= len(page.lines):
        return ""
    return page.lines[line - 1][:MAX_LINE]
