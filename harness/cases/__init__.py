"""Cases that need more than running each fence in turn: two sessions, a load, a clock.

Each is a function from a `CaseRun` to its `Table`; the code under test still stands in the page.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.figures import Table
from harness.run import CaseRun

SPECIAL: dict[str, Callable[[CaseRun], Table]] = {}
