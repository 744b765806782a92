"""How much memory this process has taken."""

from __future__ import annotations

import re
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_HIGH_WATER = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def peak_bytes() -> int:
    """Return the most memory that this process has had so far; 0 where the system does not say.

    Linux is asked for the high-water mark of the program itself (proc_pid_status(5)): ``ru_maxrss``
    outlives exec, so it would begin with the size of the process that started this one.
    """
    try:
        found = _HIGH_WATER.search(_STATUS.read_text(encoding="ascii", errors="replace"))
    except OSError:
        found = None
    if found:
        return int(found[1]) * 1024
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
