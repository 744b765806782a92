"""The tasks of evals.json, and one session for each task, arm and run."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TASKS = ROOT / "evals" / "evals.json"
ARMS = ("with_skill", "without_skill")
KEY = "key.json"


class LayoutError(ValueError):
    """A call or a folder that cannot be used; the message says why."""


@dataclass(frozen=True)
class Task:
    """``files`` are relative to the repository."""

    id: int
    prompt: str
    expected_output: str
    files: tuple[str, ...]
    assertions: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """``code`` names the folder and reveals nothing; ``letter`` names the answer on the sheet."""

    code: str
    task: int
    arm: str
    run: int
    letter: str


def load(chosen: Collection[int] = ()) -> tuple[Task, ...]:
    """Return the tasks, or those chosen by number.

    Raises:
        LayoutError: there is no task of a number.
    """
    entries = json.loads(TASKS.read_text(encoding="utf-8"))["evals"]
    tasks = {
        each["id"]: Task(
            each["id"],
            each["prompt"],
            each["expected_output"],
            tuple(each["files"]),
            tuple(each["assertions"]),
        )
        for each in entries
    }
    unknown = sorted(set(chosen) - set(tasks))
    if unknown:
        raise LayoutError(
            f"there is no task {unknown[0]}: evals.json has {min(tasks)} to {max(tasks)}"
        )
    return tuple(task for number, task in tasks.items() if not chosen or number in chosen)


def sessions(tasks: Iterable[Task], runs: int, seed: int) -> tuple[Session, ...]:
    """Return the sessions in the order in which to hold them, mixed so that none is favoured."""
    mixed = random.Random(seed)
    made = []
    for task in tasks:
        pairs = [(arm, run) for arm in ARMS for run in range(1, runs + 1)]
        letters = [chr(ord("A") + n) for n in range(len(pairs))]
        mixed.shuffle(letters)
        for (arm, run), letter in zip(pairs, letters, strict=True):
            made.append(Session(f"{mixed.getrandbits(32):08x}", task.id, arm, run, letter))
    mixed.shuffle(made)
    return tuple(made)


def write_key(folder: Path, made: Iterable[Session]) -> None:
    text = json.dumps([asdict(each) for each in made], indent=1) + "\n"
    (folder / KEY).write_text(text, encoding="utf-8")


def read_key(folder: Path) -> tuple[Session, ...]:
    """Return the sessions of a layout.

    Raises:
        LayoutError: the folder holds no layout.
    """
    try:
        return tuple(Session(**each) for each in json.loads((folder / KEY).read_text()))
    except (OSError, ValueError, TypeError):
        raise LayoutError(f"{folder} has no {KEY}: python -m harness.evals lay {folder}") from None
