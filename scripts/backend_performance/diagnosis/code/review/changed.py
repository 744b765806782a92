"""What a branch changed: lines by file, and the rows that they bear on."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...trouble import CannotRun
from ..base import Code

_REVISION = re.compile(r"[A-Za-z0-9_@][\w./^~@{}+-]{0,200}")
_FILE = re.compile(r"^\+\+\+ (?:b/)?(.*?)\t?$")
_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
#: Nothing that the repository configures is run.
_SAFE = ("-c", "core.quotePath=false", "-c", "diff.external=", "-c", "core.fsmonitor=false")
_PLAIN = (
    *("--no-ext-diff", "--no-textconv", "--no-color", "--unified=0", "--relative"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
_SECONDS = 60
Lines = Mapping[str, frozenset[int]]


def changed_lines(root: Path, revision: str) -> Lines:
    """Return the lines that differ from a revision, by path below ``root``.

    Raises:
        CannotRun: it is no revision, or the folder is no git repository.
    """
    if not _REVISION.fullmatch(revision):
        raise CannotRun("--changed takes a git revision, such as main or HEAD~1")
    command = ["git", *_SAFE, "-C", str(root), "diff", *_PLAIN, revision, "--"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotRun(f"git gave no answer: {type(error).__name__}") from None
    if done.returncode != 0:
        raise CannotRun(f"git knows no revision {revision!r} here")
    return _parsed(done.stdout.decode("utf-8", "replace"))


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
