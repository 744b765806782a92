"""How many of the planted problems a walk finds, and what it says that is wrong.

    python -m harness.booking [--root FOLDER] [--keep FOLDER]

Starts PostgreSQL, Redis and MariaDB in temporary folders, plants problems and look-alikes, walks
them with the scripts of this repository, or with those of ``--root``, an older copy of it. Exit
codes: 0 all found and nothing false, 1 otherwise, 2 a server could not be started.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from harness.booking import postgres, stores
from harness.booking.planted import LOOKALIKES, PROBLEMS, Planted
from harness.child import ServerFailed
from harness.mariadb_server import mariadb_server
from harness.postgres_server import find_postgres, postgres_server
from harness.redis_server import redis_server

ROOT = Path(__file__).resolve().parents[2]
#: Statements of the database are counted, and a slot may keep WAL.
_POSTGRES = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_replication_slots": "4",
    "max_slot_wal_keep_size": "-1",
}
_REDIS = {"maxmemory": "64mb", "maxmemory-policy": "noeviction"}
_MARIADB = {"performance_schema": "ON"}


def main(argv: Sequence[str] | None = None) -> int:
    """Walk the booking site; print a table."""
    parser = argparse.ArgumentParser(prog="python -m harness.booking", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="repository whose scripts walk")
    parser.add_argument("--keep", type=Path, help="folder that keeps session and digest")
    arguments = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="bp-booking-") as folder:
            kept = arguments.keep or Path(folder)
            kept.mkdir(parents=True, exist_ok=True)
            return _tell(_walked(arguments.root, kept))
    except ServerFailed as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 2


def _walked(root: Path, folder: Path) -> list[Mapping[str, Any]]:
    """Return the evidence of one walk over all three servers."""
    with ExitStack() as stack:
        chosen = find_postgres()
        server = stack.enter_context(postgres_server(_POSTGRES, installation=chosen))
        cache = stack.enter_context(redis_server(_REDIS))
        reviews = stack.enter_context(mariadb_server(_MARIADB))
        stores.fill_redis(cache)
        environment = {
            **os.environ,
            "PYTHONUTF8": "1",
            "BOOKING_CACHE": cache.url,
            "BOOKING_REVIEWS": stores.fill_mariadb(reviews),
            "BOOKING_DATABASE": stack.enter_context(postgres.running(server)),
        }
        return _asked(root, folder, environment)


def _asked(root: Path, folder: Path, environment: Mapping[str, str]) -> list[Mapping[str, Any]]:
    session = folder / "session.json"
    started = time.monotonic()
    done = subprocess.run(
        [
            *(sys.executable, str(root / "scripts" / "walk.py"), "start", "--force"),
            *("--session", str(session), "--postgres-env", "BOOKING_DATABASE"),
            *("--redis-env", "BOOKING_CACHE", "--redis-role", "cache"),
            *("--mysql-env", "BOOKING_REVIEWS"),
            *("--instances", "1", "--processes", "1", "--pool-size", "140"),
        ],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise ServerFailed(f"walk.py start ended with {done.returncode}: {done.stderr}")
    (folder / "digest.txt").write_text(done.stdout, encoding="utf-8")
    print(f"walk.py start took {time.monotonic() - started:.1f} s, {len(done.stdout)} characters")
    evidence: list[Mapping[str, Any]] = json.loads(session.read_text(encoding="utf-8"))["evidence"]
    return evidence


def _texts(evidence: Sequence[Mapping[str, Any]], *verdicts: str) -> Iterator[str]:
    """Yield each row of those verdicts, with its probe and reason, as text."""
    for reading in evidence:
        rows = [row for row in reading["rows"] if row.get("verdict") in verdicts]
        if not rows and reading["verdict"] in verdicts:
            rows = [reading["observed"]]
        for row in rows:
            yield " ".join((reading["probe"], json.dumps(row), reading["reason"])).lower()


def _is_in(planted: Planted, texts: Sequence[str]) -> bool:
    return any(
        text.startswith(planted.engine) and all(word.lower() in text for word in planted.words)
        for text in texts
    )


def _tell(evidence: Sequence[Mapping[str, Any]]) -> int:
    shown, failing = list(_texts(evidence, "fail", "judge")), list(_texts(evidence, "fail"))
    missed = [problem for problem in PROBLEMS if not _is_in(problem, shown)]
    false = [each for each in LOOKALIKES if _is_in(each, failing)]
    leads = [each for each in LOOKALIKES if each not in false and _is_in(each, shown)]
    for problem in PROBLEMS:
        mark = "missed" if problem in missed else "found"
        print(f"  {problem.engine:<9} {problem.what:<42} {mark}")
    for each in LOOKALIKES:
        mark = "FALSE" if each in false else "a lead" if each in leads else "left alone"
        print(f"  {each.engine:<9} {each.what:<48} {mark}")
    print(
        f"{len(PROBLEMS) - len(missed)} of {len(PROBLEMS)} problems found, {len(missed)} missed; "
        f"{len(false)} of {len(LOOKALIKES)} look-alikes failed, {len(leads)} more are leads"
    )
    return 1 if missed or false else 0


if __name__ == "__main__":
    raise SystemExit(main())
