"""Start a command as a user whom file permissions bind, also where the tests run as root."""

import os
import shutil

import pytest


def bound(*more: str) -> list[str]:
    """Return what to put before a command; skips the test where root cannot give up its rights.

    Args:
        more: Further capabilities to give up than that of reading every file.
    """
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may read everything, and setpriv is not here to change that")
    lost = ("dac_override", "dac_read_search", *more)
    return ["setpriv", "--bounding-set=" + ",".join(f"-{name}" for name in lost)]
