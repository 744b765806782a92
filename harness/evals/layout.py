"""One folder and one prompt for each session; only one arm finds the skill in its folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

from harness.evals.tasks import ARMS, ROOT, LayoutError, Session, Task, write_key
from harness.publishing import archive

#: Where clients keep skills is hidden, so that an audit of the folder does not read this one.
HIDDEN = ".skills"
_PROMPT = """\
Work in the folder {folder} and read nothing outside it. There is no network, no database and no
cluster. {skill}Answer this message of a colleague; the files it mentions are in the folder.

<message>
{message}
</message>

Write the answer as you would send it, complete and in at most 900 words, to
{folder}/answer.md. Do not write which sources, tools or skills you used. Then stop.
"""
_SKILL = """One skill is installed, {folder}/{hidden}/{name}/SKILL.md:
"{description}" Read it first if that fits the message, follow what it says, and use its scripts
where they help ({python}).

"""


def lay(folder: Path, tasks: Iterable[Task], made: Iterable[Session], python: str) -> None:
    """Write sessions, prompts and the key below ``folder``.

    Args:
        python: How a session starts Python, as ``python3``.

    Raises:
        LayoutError: the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise LayoutError(f"{folder} is not empty: name a new folder")
    by_number = {task.id: task for task in tasks}
    held = tuple(made)
    for session in held:
        place = folder / "sessions" / session.code
        place.mkdir(parents=True)
        task = by_number[session.task]
        for file in task.files:
            shutil.copy(ROOT / file, place)
        if session.arm == ARMS[0]:
            archive.lay(ROOT, place / HIDDEN)
        prompt = prompt_for(task, session, place, python)
        _write(folder / "prompts" / f"{session.code}.md", prompt)
    _write(folder / "order.txt", "".join(f"{each.code}\n" for each in held))
    write_key(folder, held)


def prompt_for(task: Task, session: Session, place: Path, python: str) -> str:
    """Return what a clean session is given, word for word."""
    skill = ""
    if session.arm == ARMS[0]:
        skill = _SKILL.format(
            folder=place, hidden=HIDDEN, name=archive.NAME, description=description(), python=python
        )
    return _PROMPT.format(folder=place, skill=skill, message=task.prompt)


def description() -> str:
    """Return what a client shows an agent before it opens the skill."""
    matter = (ROOT / "SKILL.md").read_text(encoding="utf-8").split("---")[1]
    return str(yaml.safe_load(matter)["description"])


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
