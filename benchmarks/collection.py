"""What checking a large collection of skills costs, with every rule on.

    python benchmarks/collection.py DIRECTORY [--runs 2]

DIRECTORY holds skills at any depth; name its folders ``owner+name`` after the repositories they
were fetched from and the list is printed too. ``validate.py --format json DIRECTORY`` is run as
often as asked, every rule on, one worker per core; then one process for one skill. CPU seconds
are user and system time of the process and its workers; peak memory is that of the largest one.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from benchmarks import skill_collection  # noqa: E402

ALL_SECONDS, ONE_SECONDS = 10.0, 0.3
VALIDATE = [sys.executable, str(ROOT / "scripts" / "validate.py"), "--format", "json"]


def measure(command: list[str], output: Path) -> tuple[float, float, float, int]:
    """Run a command; return CPU seconds, wall seconds, peak memory in MB and its exit code."""
    with output.open("wb") as stdout:
        start = time.monotonic()
        pid = os.posix_spawn(
            command[0],
            command,
            dict(os.environ),
            file_actions=[(os.POSIX_SPAWN_DUP2, stdout.fileno(), 1)],
        )
        _, status, usage = os.wait4(pid, 0)
    cpu = usage.ru_utime + usage.ru_stime
    wall = time.monotonic() - start
    return cpu, wall, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def _reading(folders: list[Path]) -> float:
    start = time.process_time()
    for folder in folders:
        for page in folder.rglob("*.md"):
            if page.is_file():
                page.read_bytes()
    return time.process_time() - start


def _collection(directory: Path, folders: list[Path], runs: int, output: Path) -> float:
    """Print one line per run; return the CPU seconds per 1,000 skills of the slowest."""
    pages, size = skill_collection.markdown_size(folders)
    print(f"{len(folders)} skills, {pages} Markdown pages, {size / 1e6:.1f} MB")
    print(f"reading all bytes: {_reading(folders) / len(folders) * 1000:.2f} CPU s per 1,000")
    print("run | skills checked | CPU s | per 1,000 | MB/s | wall s | peak MB | findings")
    worst = 0.0
    for run in range(1, runs + 1):
        cpu, wall, peak, code = measure([*VALIDATE, str(directory)], output)
        if code not in (0, 1):
            raise SystemExit(f"validate.py ended with exit code {code}")
        summary = json.loads(output.read_bytes())["summary"]
        each = cpu / summary["skills"] * 1000
        counts = "/".join(str(summary[name]) for name in ("errors", "warnings", "notes"))
        print(
            f"{run} | {summary['skills']} | {cpu:.2f} | {each:.2f} | {size / 1e6 / cpu:.1f}"
            f" | {wall:.2f} | {peak:.0f} | {counts}"
        )
        worst = max(worst, each)
    return worst


def _one(skill: Path, output: Path) -> float:
    spent = sorted(measure([*VALIDATE, str(skill)], output)[0] for _ in range(5))[2]
    print(f"one skill ({skill.name}): {spent:.3f} CPU s, median of 5 processes")
    return spent


def main(argv: Sequence[str] | None = None) -> int:
    """Print both tables; return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--runs", type=int, default=2)
    arguments = parser.parse_args(argv)
    folders = skill_collection.skills(arguments.directory)
    print("repositories:", ", ".join(skill_collection.origins(arguments.directory)))
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch, "findings.json")
        by_size = sorted(folders, key=lambda folder: skill_collection.markdown_size([folder])[1])
        ones = [_one(ROOT, output), _one(by_size[len(by_size) // 2], output)]
        each = _collection(arguments.directory, folders, arguments.runs, output)
    missed = each > ALL_SECONDS or ones[1] > ONE_SECONDS
    verdict = "missed" if missed else "met"
    print(f"targets: {ALL_SECONDS} CPU s per 1,000 skills, {ONE_SECONDS} for one: {verdict}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
