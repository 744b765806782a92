"""What a branch changed: lines by file, and the rows that they bear on.

A repository's own configuration can name programs for git to run (filters, monitors, hooks, those
of submodules too). It is not read where files are compared: git works from a folder of its own that
borrows the repository's objects and index.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...trouble import CannotRun
from ..base import Code

_REVISION = re.compile(r"[A-Za-z0-9_@][\w./^~@{}+-]{0,200}")
_FILE = re.compile(r"^\+\+\+ (?:b/)?(.*?)\t?$")
_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
#: A folder inside the checkout that looks like a repository is not treated as one.
_GIT = ("git", "-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false")
_DIFF = (
    *("-c", "core.quotePath=false", "diff", "--no-ext-diff", "--no-textconv", "--no-color"),
    *("--ignore-submodules=all", "--unified=0", "--relative"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
#: What git answers to in this order: where things lie, and the commit.
_PLACES = (
    "--show-object-format",
    "--show-toplevel",
    "--git-path",
    "objects",
    "--git-path",
    "index",
)
#: Objects that are missing are not fetched, which the repository's transports would do by programs
#: of its choice, and nothing is written.
_KEPT_HERE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_OPTIONAL_LOCKS": "0"}
#: Variables that lead to another repository; those with settings of the user count.
_POINTS = re.compile(r"GIT_(?!CONFIG)")
_SECONDS = 60
Lines = Mapping[str, frozenset[int]]


def changed_lines(root: Path, revision: str) -> Lines:
    """Return the lines that differ from a revision, by path below ``root``.

    Raises:
        CannotRun: it is no revision, or the folder is no git repository.
    """
    if not _REVISION.fullmatch(revision):
        raise CannotRun("--changed takes a git revision, such as main or HEAD~1")
    found = _asked([*_GIT, "rev-parse", *_PLACES, "--verify", f"{revision}^{{commit}}"], root)
    if found is None or len(found.splitlines()) != 5:
        raise CannotRun(f"--changed: git finds no revision {revision!r} here")
    form, top, objects, index, commit = found.splitlines()
    here = root.resolve()  # git runs there, and answers with paths from there
    with tempfile.TemporaryDirectory() as folder:
        _lay_out(Path(folder), form)
        places = {
            "GIT_DIR": folder,
            "GIT_WORK_TREE": top,
            "GIT_OBJECT_DIRECTORY": str(here / objects),
            "GIT_INDEX_FILE": str(here / index),
        }
        diff = _asked([*_GIT, *_DIFF, commit, "--"], root, places)
    if diff is None:
        raise CannotRun(f"git cannot compare the files here with {revision!r}")
    return _parsed(diff)


def _lay_out(folder: Path, form: str) -> None:
    """Make the folder an empty repository whose objects have names of this form."""
    (folder / "objects").mkdir()
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n")
    if form != "sha1":
        version = "[core]\n\trepositoryFormatVersion = 1\n"
        (folder / "config").write_text(f"{version}[extensions]\n\tobjectFormat = {form}\n")


def _asked(command: list[str], root: Path, places: Mapping[str, str] | None = None) -> str | None:
    """Return what git prints, run in ``root``; None where it fails."""
    env = {name: text for name, text in os.environ.items() if not _POINTS.match(name)}
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env={**env, **_KEPT_HERE, **(places or {})},
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotRun(f"git gave no answer: {type(error).__name__}") from None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _parsed(diff: str) -> Lines:
    lines: dict[str, set[int]] = {}
    current: set[int] = set()
    for text in diff.splitlines():
        if name := _FILE.match(text):
            current = lines.setdefault(name[1], set())
        elif hunk := _HUNK.match(text):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            current.update(range(first, first + max(count, 1)))
    return {name: frozenset(found) for name, found in lines.items()}


def within(code: Code, row: Mapping[str, Any], touched: Lines) -> bool:
    """Whether a row's function was changed, or one that its effect comes from."""
    spans = [(row["file"], _span(code, row["file"], row["line"]))]
    for step in row.get("via", ()):
        file, _, line = step.rpartition("@")[2].rpartition(":")
        if line.isdigit():
            spans.append((file, _span(code, file, int(line))))
    return any(touched.get(file, frozenset()) & set(range(*span)) for file, span in spans)


def _span(code: Code, file: str, line: int) -> tuple[int, int]:
    """The first line of the innermost function around a line, and the one after its last."""
    around = [
        function
        for place in code.project.by_path.get(file, ())
        if (function := place.function).name and function.line <= line <= function.end_line
    ]
    if not around:
        return line, line + 1
    inner = min(around, key=lambda function: function.end_line - function.line)
    return inner.line, inner.end_line + 1
