"""Where the harness looks for programs. One variable narrows it, so that any machine can show
how the tests behave on a machine with less:

    BACKEND_PERFORMANCE_ENGINES=all      installed programs, then PyPI wheels (the default)
    BACKEND_PERFORMANCE_ENGINES=wheels   only what PyPI wheels carry
    BACKEND_PERFORMANCE_ENGINES=none     nothing
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "BACKEND_PERFORMANCE_ENGINES"
CHOICES = ("all", "wheels", "none")


def choice() -> str:
    """Return which programs may be used.

    Raises:
        ValueError: the variable has another value than the three.
    """
    chosen = os.environ.get(VARIABLE, "").strip() or "all"
    if chosen not in CHOICES:
        raise ValueError(f"{VARIABLE}={chosen}: expected one of {', '.join(CHOICES)}")
    return chosen


def installed(*names: str, path: str | None = None) -> Path | None:
    """Return the first of these programs on PATH, then on ``path`` (folders joined by colons)."""
    if choice() != "all":
        return None
    for name in names:
        if found := shutil.which(name) or (shutil.which(name, path=path) if path else None):
            return Path(found)
    return None


def version_of(program: Path, *options: str, after: str = "") -> str | None:
    """Return the version that a program tells, the first number after a text.

    None: it does not start, ends with an error, or tells none.
    """
    try:
        done = subprocess.run([program, *options, "--version"], capture_output=True, text=True)
    except OSError:
        return None
    told = re.search(re.escape(after) + r"(\d+(?:\.\d+)*)", done.stdout)
    return told.group(1) if told and done.returncode == 0 else None


def in_wheel(package: str, pattern: str) -> Iterator[Path]:
    """Yield the files of an installed Python package that match a glob pattern, sorted."""
    if choice() == "none":
        return
    spec = importlib.util.find_spec(package)
    for location in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(location).glob(pattern))
