"""The guard of memory counts what this program took, not what started it."""

import subprocess
import sys

import pytest

_CHILD = "from backend_performance.diagnosis.guards import memory; print(memory.peak_bytes())"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such mark")
def test_a_large_parent_is_not_counted():
    large = bytearray(b"x" * 200_000_000)
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {_CHILD}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert 1_000_000 < int(done.stdout) < len(large)
