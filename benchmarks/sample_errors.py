"""Draw findings of one severity at random, to be judged by eye.

    python benchmarks/sample_errors.py DIRECTORY [--severity error] [--count 60] [--seed 6]

Checks every skill below DIRECTORY and prints the drawn findings with their source lines.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from backend_performance.skill import inspection, package, rules  # noqa: E402
from backend_performance.skill.diagnostic import SEVERITIES  # noqa: E402

from benchmarks import skill_collection  # noqa: E402


def main(argv: Sequence[str] | None = None) -> int:
    """Print the sample; return 0."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--severity", choices=SEVERITIES, default="error")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=6)
    arguments = parser.parse_args(argv)
    found = []
    for folder in skill_collection.skills(arguments.directory):
        skill = package.load(folder)
        for each in rules.run(inspection.inspect(skill)):
            if each.severity == arguments.severity:
                page = skill.documents.get(each.file)
                source = page.lines[each.line - 1] if page else ""
                found.append((folder.relative_to(arguments.directory), each, source))
    counts = Counter(each.code for _, each, _ in found)
    print(f"{len(found)} of severity {arguments.severity}:", dict(counts.most_common()))
    drawn = random.Random(arguments.seed).sample(found, min(arguments.count, len(found)))
    for number, (folder, each, source) in enumerate(drawn, start=1):
        print(f"\n{number}. {folder}/{each.file}:{each.line}:{each.column} [{each.code}]")
        print(f"   {each.message}\n   | {source[:300]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
