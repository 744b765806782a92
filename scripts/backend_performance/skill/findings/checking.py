"""From a folder to findings: one skill after the other, or over all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ...workers import cores, pool
from .. import inspection, package, rules
from ..diagnostic import Diagnostic, error
from ..folder_scan import ENTRY
from ..markdown.layout import Layout
from ..package import Skill
from . import suppression
from .checked import MAX_LINE, Checked, Found
from .codes import Choice, explained
from .repair import edited_line

#: Starting a second process costs as much as checking this many skills.
WORTH_A_PROCESS = 40


def check(root: Path, choice: Choice) -> Checked:
    """Return the findings of the skill at ``root``. Never raises for its content."""
    try:
        skill = package.load(root)
    except (package.SkillNotFoundError, OSError) as exc:
        return Checked(root, root.name, found=(_unreadable(str(exc)),), trouble=str(exc))
    chosen = [d for d in rules.run(inspection.inspect(skill, choice.clients)) if d.code in choice]
    kept, excused = suppression.apply(
        chosen, skill.documents.values(), explained, choice.__contains__
    )
    return Checked(
        root=skill.root,
        name=skill.name,
        pages=len(skill.documents),
        found=tuple(
            Found(each, _source(skill, each.file, each.line))
            for each in _with_true_edits(kept, skill)
        ),
        suppressed=excused,
    )


def check_all(
    roots: Sequence[Path], choice: Choice, tick: Callable[[int], None] = lambda _: None
) -> list[Checked]:
    """Return the results of all skills in their order; ``tick`` hears how many are done."""
    results = []
    for result in _results(roots, choice):
        results.append(result)
        tick(len(results))
    return results


def _results(roots: Sequence[Path], choice: Choice) -> Iterator[Checked]:
    workers = min(cores(), len(roots) // WORTH_A_PROCESS)
    if workers < 2:
        yield from (check(root, choice) for root in roots)
        return
    with pool(workers) as processes:
        yield from processes.map(partial(check, choice=choice), roots, chunksize=8)


def _with_true_edits(found: Iterable[Diagnostic], skill: Skill) -> Iterator[Diagnostic]:
    """Yield the findings, without an edit of text that would leave its line as it is.

    A rule knows a target as it is decoded; on its line it may be percent-encoded, or in code.
    """
    layouts: dict[str, Layout] = {}
    for each in found:
        page = skill.documents.get(each.file)
        if each.fix and each.fix.kind == "text" and page:
            if each.file not in layouts:
                layouts[each.file] = Layout(page)
            line = page.lines[each.line - 1]
            yield (
                replace(each, fix=None)
                if edited_line(line, each, layouts[each.file]) == line
                else each
            )
        else:
            yield each


def _unreadable(reason: str) -> Found:
    hint = "restore the file, or remove the folder"
    return Found(error("skill-unreadable", ENTRY, 1, reason, hint))


def _source(skill: Skill, file: str, line: int) -> str:
    page = skill.documents.get(file)
    if page is None or not 1 <= line <= len(page.lines):
        return ""
    return page.lines[line - 1][:MAX_LINE]
