"""Commands of the memory and profiling pages against live runtimes: what they show, what not."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.knowledge.behaviour.page_code import run

pytestmark = pytest.mark.slow
SLEEPER = "class Sleeper { public static void main(String[] a) throws Exception { Thread.sleep(60000); } }"  # noqa: E501
SERVER = "require('http').createServer(() => 0).listen(0, () => console.log('up'));"
HANDLER = "process.on('SIGTERM', () => process.exit(0));"


def program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not here")
    return found


def test_jcmd_shows_the_heap_of_the_service_and_java_version_does_not(tmp_path: Path) -> None:
    """A second JVM reports its own default, whatever the service was given."""
    (tmp_path / "Sleeper.java").write_text(SLEEPER, encoding="utf-8")
    command = [program("java"), "-Xmx64m", "-XX:+UseSerialGC", "Sleeper.java"]
    with subprocess.Popen(command, cwd=tmp_path) as service:
        try:
            flags = _flags(program("jcmd"), service.pid)
        finally:
            service.kill()
    own = f"-XX:MaxHeapSize={64 * 1024 * 1024}"
    assert own in flags and "-XX:+UseSerialGC" in flags
    other = subprocess.run(
        [program("java"), "-XX:+PrintFlagsFinal", "-version"], capture_output=True, text=True
    )
    assert str(64 * 1024 * 1024) not in _line(other.stdout, " MaxHeapSize ")


def _flags(jcmd: str, pid: int) -> list[str]:
    """Ask until the JVM answers: it does so some hundred milliseconds after its start."""
    for _ in range(100):
        done = subprocess.run([jcmd, str(pid), "VM.flags"], capture_output=True, text=True)
        if "MaxHeapSize" in done.stdout:
            return done.stdout.split()
        time.sleep(0.2)
    raise AssertionError(done.stdout + done.stderr)


def _line(text: str, containing: str) -> str:
    return next(line for line in text.splitlines() if containing in line)


@pytest.mark.parametrize("flag", ["--heap-prof", "--cpu-prof"])
@pytest.mark.parametrize(("handles", "written"), [(HANDLER, 1), ("", 0)], ids=["handled", "not"])
def test_node_writes_a_profile_at_a_normal_exit_only(
    flag: str, handles: str, written: int, tmp_path: Path
) -> None:
    command = [program("node"), flag, f"{flag}-dir={tmp_path}", "-e", handles + SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path) as service:
        assert service.stdout and service.stdout.readline() == b"up\n"
        service.send_signal(signal.SIGTERM)
        service.wait(30)
    assert len(list(tmp_path.iterdir())) == written


def test_the_allocator_gives_back_what_is_free() -> None:
    memory = run("references/memory-management.md#fragmentation-and-allocators", "malloc_trim")
    assert memory["give_back"]() in ({0, 1} if sys.platform == "linux" else {None})
