"""What a log line can cost, and the code that bounds it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time

import pytest

from tests.knowledge.behaviour.page_code import run

PAGE = "references/profiling-and-monitoring.md"
#: Logs without end and says on another channel how many bytes were accepted.
CHATTY = """
import os, sys
written = 0
while True:
    written += os.write(1, b"x" * 1023 + b"\\n")
    os.pwrite(int(sys.argv[1]), str(written).encode(), 0)
"""


@pytest.mark.slow
def test_a_process_stops_when_nobody_reads_its_log(tmp_path) -> None:
    with open(tmp_path / "count", "w+b") as count:
        command = [sys.executable, "-c", CHATTY, str(count.fileno())]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, pass_fds=[count.fileno()]
        ) as service:
            try:
                seen = _settled(lambda: os.pread(count.fileno(), 20, 0))
                assert seen == b"65536"
                assert service.poll() is None, "it waits; it has not ended"
                os.read(service.stdout.fileno(), 65536)  # type: ignore[union-attr]
                assert _settled(lambda: os.pread(count.fileno(), 20, 0)) == b"131072"
            finally:
                service.kill()


def _settled(read) -> bytes:
    """Return what no longer changes for half a second."""
    last, since = b"", time.monotonic()
    while not last or time.monotonic() - since < 0.5:
        now = read()
        if now != last:
            last, since = now, time.monotonic()
        time.sleep(0.02)
    return last


def test_a_full_queue_drops_lines_and_blocks_nobody() -> None:
    code = run(f"{PAGE}#logging-cost", "def bounded_logging")
    handler, _ = code["bounded_logging"](logging.NullHandler(), size=10)
    log = logging.Logger("busy")
    log.addHandler(handler)
    started = time.monotonic()
    for number in range(1000):
        log.info("line %s", number)
    assert time.monotonic() - started < 2
    assert handler.dropped == 990


def test_the_line_of_a_request_has_its_parts_and_the_rest(caplog) -> None:
    code = run(f"{PAGE}#without-tracing", "def spent")
    with caplog.at_level(logging.INFO, logger="request"), code["request"]("/orders", "r1"):
        for _ in range(3):
            with code["spent"]("db"):
                time.sleep(0.05)
        time.sleep(0.2)
    [line] = caplog.messages
    assert line.startswith("/orders r1 ") and "'db': (3, " in line
    rest = float(line.split("rest=")[1].split()[0])
    assert 0.15 < rest < 0.4
