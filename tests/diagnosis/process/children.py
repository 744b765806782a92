"""Real processes to watch: one that leaks, one that stays, one that ends.

Each calls ``ready`` where its fault is in place, or begins.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PROGRAMS = {
    "steady": "ready()\ntime.sleep(60)",
    "leak": "ready()\nkept = []\nwhile True:\n "
    "kept.append(bytearray(b'x' * 400_000)); time.sleep(0.02)",
    "descriptors": "ready()\nkept = []\nwhile True:\n "
    "kept.append(open(os.devnull)); time.sleep(0.02)",
    "many descriptors": "resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))\n"
    "kept = [open(os.devnull) for _ in range(34)]\nready()\ntime.sleep(60)",
    "close wait": "server = socket.create_server(('127.0.0.1', 0))\n"
    "clients = [socket.create_connection(server.getsockname()) for _ in range(3)]\n"
    "for _ in clients:\n server.accept()[0].close()\n"
    "ready()\ntime.sleep(60)",
    "busy": "ready()\nwhile True: pass",
    "ends": "ready()\ntime.sleep(0.5)",
}
_START = "import os, resource, socket, sys, time\ndef ready():\n print('ready', flush=True)\n"


@contextmanager
def child(program: str) -> Iterator[int]:
    """Run a program of the table; give its process identifier."""
    process = subprocess.Popen(
        [sys.executable, "-c", _START + PROGRAMS[program], "--password=hunter2-secret"],
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
