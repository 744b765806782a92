"""What the grades come to: by arm and task, and which assertions tell the arms apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import mean, pstdev

from harness.evals.tasks import ARMS, LayoutError, Session, Task

#: By session, then by number of the assertion.
Grades = Mapping[str, Mapping[int, bool]]


def grades(folder: Path, tasks: Iterable[Task], made: Sequence[Session]) -> Grades:
    """Return what the graders decided.

    Raises:
        LayoutError: there is no grade, or one is not complete.
    """
    found: dict[str, Mapping[int, bool]] = {}
    for task in tasks:
        file = folder / "grading" / f"{task.id:02}.json"
        if not file.is_file():
            continue
        decided = json.loads(file.read_text(encoding="utf-8"))
        for session in (each for each in made if each.task == task.id):
            rows = {row["assertion"]: bool(row["pass"]) for row in decided.get(session.letter, ())}
            if set(rows) != set(range(1, len(task.assertions) + 1)):
                raise LayoutError(f"{file}: answer {session.letter} is not graded completely")
            found[session.code] = rows
    if not found:
        raise LayoutError(f"there is no grade in {folder / 'grading'}")
    return found


def render(folder: Path, tasks: Sequence[Task], made: Sequence[Session]) -> str:
    """Return the summary as Markdown."""
    decided = grades(folder, tasks, made)
    graded = [each for each in made if each.code in decided]
    lines = ["| | with the skill | without |", "|---|---|---|"]
    lines += [_row("Pass rate", graded, lambda s: 100 * _rate(decided[s.code]), " %")]
    for name in ("tokens", "seconds"):
        lines += [_row(name.capitalize(), graded, partial(_used, folder, name), "")]
    lines += ["", "| Task | Assertion | with | without | tells |", "|--:|---|--:|--:|---|"]
    for task in tasks:
        lines += _assertions(task, [s for s in graded if s.task == task.id], decided)
    return "\n".join(lines) + "\n"


def _rate(rows: Mapping[int, bool]) -> float:
    return sum(rows.values()) / len(rows)


def _used(folder: Path, name: str, session: Session) -> float | None:
    """Return what is written down in the session's `usage.json`, if anything is."""
    try:
        text = (folder / "sessions" / session.code / "usage.json").read_text(encoding="utf-8")
        return float(json.loads(text)[name])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _row(
    name: str, made: Sequence[Session], value: Callable[[Session], float | None], unit: str
) -> str:
    cells = []
    for arm in ARMS:
        known = [v for v in (value(s) for s in made if s.arm == arm) if v is not None]
        cells.append(
            f"{mean(known):,.0f}{unit} ± {pstdev(known):,.0f} (n = {len(known)})" if known else "–"
        )
    return f"| {name} | {cells[0]} | {cells[1]} |"


def _assertions(task: Task, made: Sequence[Session], decided: Grades) -> Iterator[str]:
    for number, text in enumerate(task.assertions, 1):
        passed = {arm: [decided[s.code][number] for s in made if s.arm == arm] for arm in ARMS}
        with_skill, without = (sum(passed[arm]) for arm in ARMS)
        if not made:
            continue
        cells = [f"{sum(passed[arm])}/{len(passed[arm])}" for arm in ARMS]
        tells = "yes" if with_skill > without else "no: both" if without else "no: neither"
        tells = "reversed" if with_skill < without else tells
        yield f"| {task.id} | {number}. {text[:80]} | {cells[0]} | {cells[1]} | {tells} |"
