"""Systems planted with problems: walk one, and count what was found, missed and false."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.servers.child import ServerFailed

ROOT = Path(__file__).resolve().parents[1]
#: Yields the environment and the arguments of `walk.py start` while the servers run.
Running = Callable[[], AbstractContextManager[tuple[Mapping[str, str], Sequence[str]]]]
Evidence = Mapping[str, Any]


@dataclass(frozen=True)
class Planted:
    """One problem, or one look-alike.

    Args:
        what: In words, for the table of results.
        engine: How the evidence begins: postgres, redis, mysql, or a probe such as code/keys.
        words: All of these must occur in one row of evidence that fails or is left to judge.
    """

    what: str
    engine: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class System:
    """A planted system: its name, what starts it, and what was planted."""

    name: str
    about: str
    running: Running
    problems: tuple[Planted, ...]
    lookalikes: tuple[Planted, ...]


def main(system: System, argv: Sequence[str] | None = None) -> int:
    """Walk the system, print a table; return 0 if all was found and nothing is false, else 1."""
    parser = argparse.ArgumentParser(prog=f"python -m harness.{system.name}")
    parser.description = system.about
    parser.add_argument("--root", type=Path, default=ROOT, help="repository whose scripts walk")
    parser.add_argument("--keep", type=Path, help="folder that keeps session and digest")
    arguments = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="bp-planted-") as folder:
            kept = arguments.keep or Path(folder)
            kept.mkdir(parents=True, exist_ok=True)
            with system.running() as (environment, options):
                evidence = _asked(arguments.root, kept, environment, options)
            return _tell(system, evidence)
    except ServerFailed as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 2


def _asked(
    root: Path, folder: Path, environment: Mapping[str, str], options: Sequence[str]
) -> list[Evidence]:
    session = folder / "session.json"
    walk = str(root / "scripts" / "walk.py")
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, walk, "start", "--force", "--session", str(session), *options],
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise ServerFailed(f"walk.py start ended with {done.returncode}: {done.stderr}")
    (folder / "digest.txt").write_text(done.stdout, encoding="utf-8")
    print(f"walk.py start took {time.monotonic() - started:.1f} s, {len(done.stdout)} characters")
    evidence: list[Evidence] = json.loads(session.read_text(encoding="utf-8"))["evidence"]
    return evidence


def _texts(evidence: Sequence[Evidence], *verdicts: str) -> Iterator[str]:
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


def _tell(system: System, evidence: Sequence[Evidence]) -> int:
    shown, failing = list(_texts(evidence, "fail", "judge")), list(_texts(evidence, "fail"))
    problems, lookalikes = system.problems, system.lookalikes
    missed = [problem for problem in problems if not _is_in(problem, shown)]
    false = [each for each in lookalikes if _is_in(each, failing)]
    leads = [each for each in lookalikes if each not in false and _is_in(each, shown)]
    for problem in problems:
        mark = "missed" if problem in missed else "found"
        print(f"  {problem.engine:<28} {problem.what:<42} {mark}")
    for each in lookalikes:
        mark = "FALSE" if each in false else "a lead" if each in leads else "left alone"
        print(f"  {each.engine:<28} {each.what:<48} {mark}")
    print(
        f"{len(problems) - len(missed)} of {len(problems)} problems found, {len(missed)} missed; "
        f"{len(false)} of {len(lookalikes)} look-alikes failed, {len(leads)} more are leads"
    )
    return 1 if missed or false else 0
