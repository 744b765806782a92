"""What the programs are called where this process was started: scripts or console commands."""

from __future__ import annotations

import sys
from pathlib import PurePath

_PREFIX = "backend-performance-"


def called(name: str) -> str:
    """Return what the program ``name`` is called beside the one that is running.

    ``probe.py`` beside ``walk.py``, ``backend-performance-probe`` beside
    ``backend-performance-walk``.
    """
    started = PurePath(sys.argv[0] if sys.argv else "").name
    return f"{_PREFIX}{name}" if started.startswith(_PREFIX) else f"{name}.py"
