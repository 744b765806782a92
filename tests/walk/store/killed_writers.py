"""Kill writers of a session at random moments; print what they acknowledged and what is there.

    python -m tests.walk.store.killed_writers FILE KILLS

A process of its own, because it forks: one line per acknowledged decision, a dash, one line per
decision in the file.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from backend_performance.walk.store import store

from tests.walk.walk_examples import INSTALLED, decided


def write_until_killed(path: Path, first: int, acknowledged: int) -> None:
    """Record one decision after the other; say each number once its call has returned."""
    number = first
    while True:
        store.update(path, INSTALLED, lambda s, n=number: decided(s, s.steps[0].id, note=str(n)))
        os.write(acknowledged, f"{number}\n".encode())
        number += 1


def main(file: str, kills: str) -> None:
    chance, path = random.Random(7), Path(file)
    began = time.perf_counter()
    store.update(path, INSTALLED, lambda current: current)
    some_updates_s = 8 * (time.perf_counter() - began)
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    for number in range(int(kills)):
        child = os.fork()
        if child == 0:
            write_until_killed(path, number * 1_000, writer)
        time.sleep(chance.uniform(0, some_updates_s))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with suppress(BlockingIOError):
            sys.stdout.write(os.read(reader, 1 << 16).decode())
    print("-")
    for decision in store.load(path, INSTALLED).decisions:
        print(decision.note)


if __name__ == "__main__":
    main(*sys.argv[1:])
