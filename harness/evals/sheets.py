"""A sheet for each task: the message, the assertions, the answers by letter; no word of arms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from harness.evals.tasks import ROOT, LayoutError, Session, Task

_SHEET = """\
# Task {number}

You grade {count} answers to one message. You do not know who wrote them and do not guess. For
every answer and every assertion decide PASS or FAIL. PASS needs a passage of the answer that
states the substance; naming a term is not enough, and what the answer leaves to the reader is a
FAIL. Judge each answer alone. Where an assertion has several parts, all must be there.

Write the result to {result} as JSON and nothing else, with the passage, at most 25 words of it:

    {{"A": [{{"assertion": 1, "pass": true, "evidence": "…"}}, …], "B": […], …}}

## The message

{message}

{files}## What a good answer does

{expected}

## Assertions

{assertions}

{answers}"""
#: Words of the skill's own files and commands: they would show the grader which arm it is.
_TRACES = re.compile(
    r"(?:\.skills/)?backend-performance(?:/[\w./#-]*)?|SKILL\.md|(?:references|examples)/[\w./#-]+"
    r"|(?:uv run |python3? )?(?:\S*scripts/)?"
    r"\b(?:walk|probe|checklists|validate|crosslink)\.py[^\n`]*"
    r"|\b(?:the |this |that )?skill(?:'s|s)?\b",
    re.IGNORECASE,
)


def without_traces(text: str) -> str:
    """Return an answer without the words that only a reader of the skill has."""
    return _TRACES.sub("[source]", text)


def write(folder: Path, tasks: Iterable[Task], made: Sequence[Session]) -> list[Path]:
    """Write the sheet of each task whose sessions have all answered; return them.

    Raises:
        LayoutError: no task has all its answers.
    """
    written = []
    for task in tasks:
        own = sorted((s for s in made if s.task == task.id), key=lambda s: s.letter)
        answers = [folder / "sessions" / each.code / "answer.md" for each in own]
        if not own or not all(file.is_file() for file in answers):
            continue
        texts = [
            f"## Answer {session.letter}\n\n{without_traces(file.read_text(encoding='utf-8'))}\n"
            for session, file in zip(own, answers, strict=True)
        ]
        file = folder / "grading" / f"{task.id:02}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(_sheet(task, file, texts), encoding="utf-8")
        written.append(file)
    if not written:
        raise LayoutError(f"no task below {folder} has all its answers (sessions/CODE/answer.md)")
    return written


def _sheet(task: Task, file: Path, answers: Sequence[str]) -> str:
    named = ((Path(name).name, (ROOT / name).read_text(encoding="utf-8")) for name in task.files)
    return _SHEET.format(
        number=task.id,
        count=len(answers),
        result=file.with_suffix(".json"),
        message=task.prompt,
        files="".join(f"`{name}`:\n\n~~~~\n{text}~~~~\n\n" for name, text in named),
        expected=task.expected_output,
        assertions="\n".join(f"{n}. {text}" for n, text in enumerate(task.assertions, 1)),
        answers="\n".join(answers),
    )
