"""How other validators do on the same defects, the same look-alikes and the same collection.

    python benchmarks/peers.py [--collection DIRECTORY] [--tools FOLDER] [--misses]

Installs the tools from PyPI into a virtual environment of its own (in FOLDER, kept for the next
time; by default a temporary one). Each case below ``tests/skill/rules/`` is written to a folder and
given to each tool. A tool *catches* a defect when it reports something that it does not report
for the plain skill without defects; on a look-alike the same is a *false alarm*. A *crash* is a
traceback, a panic, a signal or more than a minute. With a collection, CPU seconds per 1,000
skills follow; a tool gets five minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts"), str(ROOT / "tests" / "skill" / "rules")]

import skill_folders  # noqa: E402

from benchmarks import skill_collection  # noqa: E402

PACKAGES = ("agnix", "skillscheck", "skillsaw", "skills-ref", "skill-linter")
CASE_SECONDS, COLLECTION_SECONDS = 60, 300
_CRASH = re.compile(r"Traceback \(most recent|panicked at|RecursionError|Segmentation fault")
_VARYING = re.compile(r"\d+|/\S+")
Reports = Callable[[str], Iterator[str]]


@dataclass(frozen=True)
class Tool:
    """``command`` takes the skill's folder at ``{skill}``, ``many`` a tree at ``{tree}``."""

    name: str
    command: tuple[str, ...]
    many: tuple[str, ...] | None
    reports: Reports


def _objects(key: str, identifier: str) -> Reports:
    def read(output: str) -> Iterator[str]:
        for each in json.loads(output)[key]:
            yield each[identifier]

    return read


def _nested(output: str) -> Iterator[str]:
    """Read skillscheck's output: lists of findings anywhere below."""
    waiting: list[Any] = [json.loads(output)]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict) and "check" in here:
            yield here["check"]
        elif isinstance(here, (dict, list)):
            waiting.extend(here.values() if isinstance(here, dict) else here)


def _lines(output: str) -> Iterator[str]:
    for line in output.splitlines():
        if not line.startswith("Valid skill"):
            yield _VARYING.sub("#", line.strip())


def tools(binaries: Path) -> list[Tool]:
    """Return this validator and its peers."""
    own = (sys.executable, str(ROOT / "scripts" / "validate.py"), "--format", "json")
    agnix = (str(binaries / "agnix"), "--format", "json")
    skillscheck = (str(binaries / "skillscheck"), "--format", "json")
    skillsaw = (str(binaries / "skillsaw"), "lint", "--format", "json")
    linter = (str(binaries / "skill-linter"), "check", "--format", "json", "--root", "{root}")
    reference = (str(binaries / "agentskills"), "validate", "{skill}")
    return [
        Tool("this", (*own, "{skill}"), (*own, "{skills}"), _objects("diagnostics", "code")),
        Tool("agnix", (*agnix, "{skill}"), (*agnix, "{tree}"), _objects("diagnostics", "rule")),
        Tool("skillscheck", (*skillscheck, "{skill}"), (*skillscheck, "{tree}"), _nested),
        Tool(
            "skillsaw",
            (*skillsaw, "{skill}"),
            (*skillsaw, "{tree}"),
            _objects("violations", "rule_id"),
        ),
        Tool("skills-ref", reference, None, _lines),
        Tool("skill-linter", (*linter, "--skill", "{name}"), None, _objects("issues", "rule")),
    ]


def install(folder: Path) -> Path:
    """Return the folder of the tools' commands, installed there unless they are already."""
    binaries = folder / "bin"
    if not (binaries / "agnix").exists():
        venv.create(folder, with_pip=True)
        command = [str(binaries / "pip"), "install", "--quiet", *PACKAGES]
        subprocess.run(command, check=True)
    listed = subprocess.run(
        [str(binaries / "pip"), "list", "--format", "json"], capture_output=True, check=True
    )
    versions = {each["name"]: each["version"] for each in json.loads(listed.stdout)}
    print("versions:", ", ".join(f"{name} {versions[name]}" for name in PACKAGES))
    return binaries


def run_case(tool: Tool, case: skill_folders.Case) -> set[str] | None:
    """Return what the tool reports about a case; ``None`` when it crashes."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "pyproject.toml").write_text("[tool.skill-linter]\n", encoding="utf-8")
        (root / "skills").mkdir()
        skill = skill_folders.write(case, root / "skills")
        command = [part.format(skill=skill, root=root, name=skill.name) for part in tool.command]
        try:
            done = subprocess.run(
                command, cwd=root, capture_output=True, timeout=CASE_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return None
    output, errors = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    if done.returncode < 0 or _CRASH.search(output) or _CRASH.search(errors):
        return None
    try:
        return set(tool.reports(output or errors))
    except (json.JSONDecodeError, KeyError):
        # No report but a message: the skill could not be read, which is a finding too.
        return set(_lines(errors)) if done.returncode else set()


def _cases(folder: str) -> list[skill_folders.Case]:
    paths = sorted((ROOT / "tests" / "skill" / "rules" / folder).glob("*.txt"))
    if not paths:
        raise SystemExit(f"no cases below tests/skill/rules/{folder}")
    return [case for path in paths for case in skill_folders.read(path)]


def suite(found: list[Tool], show_misses: bool) -> None:
    """Print how many defects each tool catches and how many look-alikes it flags."""
    plain = skill_folders.Case(
        "plain", "", files=[skill_folders.File("SKILL.md", "{head}\n# Demo\n")]
    )
    defects, look_alikes = _cases("defects"), _cases("lookalikes")
    print(f"{len(defects)} defects, {len(look_alikes)} look-alikes")
    print("tool | caught | missed | false alarms | crashes")
    caught_by_peers: set[str] = set()
    for tool in found:
        usual = run_case(tool, plain) or set()
        counts: Counter[str] = Counter()
        for case in defects:
            reported = run_case(tool, case)
            verdict = "crash" if reported is None else "caught" if reported - usual else "missed"
            counts[verdict] += 1
            if verdict == "caught" and tool.name != "this":
                caught_by_peers.add(case.origin)
            if show_misses and verdict != "caught":
                print(f"  {tool.name}: {verdict}: {case.name} ({case.origin})")
        for case in look_alikes:
            reported = run_case(tool, case)
            verdict = "crash" if reported is None else "false" if reported - usual else "silent"
            counts[verdict] += 1
            if show_misses and verdict != "silent":
                rules = sorted(reported - usual) if reported else ""
                print(f"  {tool.name}: {verdict}: {case.name} ({case.origin}) {rules}")
        print(
            f"{tool.name} | {counts['caught']} | {counts['missed']} | {counts['false']}"
            f" | {counts['crash']}",
            flush=True,
        )
    print(f"all peers together | {len(caught_by_peers)} | {len(defects) - len(caught_by_peers)}")


def _cpu(command: list[str], limit: float) -> tuple[float, bool]:
    """Return CPU seconds of a command with its children, and whether it ended in time."""
    start, before = time.monotonic(), os.times()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
    after = os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    return spent, time.monotonic() - start < limit


def speed(found: list[Tool], directory: Path) -> None:
    """Print CPU seconds per 1,000 skills; tools without a mode for trees run one by one."""
    folders = skill_collection.skills(directory)
    print(f"collection: {len(folders)} skills")
    print("tool | CPU s per 1,000 skills | how")
    for tool in found:
        if tool.many:
            command = [str(directory) if part == "{tree}" else part for part in tool.many]
            if "{skills}" in command:
                command[-1:] = [str(folder) for folder in folders]
            spent, in_time = _cpu(command, COLLECTION_SECONDS)
            how = "one process" if in_time else f"not done after {COLLECTION_SECONDS} s"
            print(f"{tool.name} | {spent / len(folders) * 1000:.1f} | {how}", flush=True)
        elif tool.name == "skills-ref":
            sample = folders[:: max(1, len(folders) // 50)]
            each = [part for part in tool.command if part != "{skill}"]
            spent = sum(_cpu([*each, str(folder)], 30)[0] for folder in sample)
            print(f"{tool.name} | {spent / len(sample) * 1000:.1f} | one by one, {len(sample)}")


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--collection", type=Path)
    parser.add_argument("--tools", type=Path)
    parser.add_argument("--misses", action="store_true", help="name what each tool gets wrong")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        found = tools(install((arguments.tools or Path(scratch)).resolve()))
        print(f"date: {time.strftime('%Y-%m-%d')}")
        suite(found, arguments.misses)
        if arguments.collection:
            speed(found, arguments.collection)
    return 0


if __name__ == "__main__":
    sys.exit(main())
