"""What squawk, where it is installed, reports about migrations in the SQL of PostgreSQL.

It is started once, in an empty folder, with copies of the statements that were read: no name, link
or settings file of the code base reaches it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer

from ...base import Code

_SECONDS = 20.0
_MOST_FILES = 200
_MAX_OUTPUT = 8_000_000

Rules = Mapping[str, Mapping[int, frozenset[str]]]


def rules(code: Code, paths: Sequence[str]) -> Rules:
    """Return the names of the rules that speak against a line, by path and line.

    Whether squawk was asked is noted in ``code.notes``.
    """
    if not paths:
        return {}
    program = _program(code.root)
    found = None
    if program is not None:
        chosen = paths[:_MOST_FILES]
        with tempfile.TemporaryDirectory() as folder:
            for number, path in enumerate(chosen):
                Path(folder, f"{number}.sql").write_text(_copy(code, path), encoding="utf-8")
            Path(folder, ".squawk.toml").touch()
            found = _parsed(_asked(program, folder, len(chosen)), chosen)
    said = "squawk is not installed" if program is None else "squawk gave no answer"
    own = f"our own rules; {said}"
    code.notes["migration"] = own if found is None else "our own rules, and those of squawk"
    return found or {}


def _program(root: Path | None) -> str | None:
    """The squawk of this Python, or one on PATH; never one that the code base holds."""
    inside = root.resolve() if root else None
    known = [Path(name).resolve() for name in os.get_exec_path() if os.path.isabs(name)]
    folders = [str(one) for one in known if inside is None or not one.is_relative_to(inside)]
    return shutil.which(
        "squawk", path=os.pathsep.join([str(Path(sys.executable).parent), *folders])
    )


def _copy(code: Code, path: str) -> str:
    """The statements of a file, each on its line."""
    text, line = "", 1
    for one in code.project.by_path[path][0].function.statements:
        text += "\n" * (one.line - line) + one.text + ";"
        line = max(line, one.line) + one.text.count("\n")
    return text


def _asked(program: str, folder: str, files: int) -> bytes:
    """What it prints, bounded in time and size; without variables of this environment."""
    command = [program, "--reporter", "Json", *(f"{number}.sql" for number in range(files))]
    with (
        suppress(OSError),
        subprocess.Popen(
            command,
            cwd=folder,
            env={"HOME": folder, "PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process,
    ):
        timer = Timer(_SECONDS, _end, [process])
        timer.start()
        try:
            return process.stdout.read(_MAX_OUTPUT + 1) if process.stdout else b""
        finally:
            _end(process)
            timer.cancel()
    return b""


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _parsed(text: bytes, paths: Sequence[str]) -> Rules | None:
    """The rules by path and line, which squawk counts from 0; None where it is no answer."""
    found: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    try:
        answer: list[dict[str, str]] = json.loads(text[: _MAX_OUTPUT + 1])
        for one in answer:
            lines = found[paths[int(one["file"].removesuffix(".sql"))]]
            line = int(one["line"]) + 1
            lines[line] = lines.get(line, frozenset()) | {one["rule_name"]}
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return None
    return found
