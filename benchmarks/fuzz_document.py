"""Coverage-guided fuzzing of everything that reads a page.

    python3.11 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris . && \\
        /tmp/fuzz/bin/python benchmarks/fuzz_document.py corpus/ -max_total_time=600 \\
        -print_final_stats=1

The arguments are libFuzzer's; ``corpus/`` is a folder for inputs that reach new code, which may
start out with a few pages. One input is one page: it is read, every place in it is checked
(``tests/robustness/document_claims.py``), and all
rules judge it as the only page of a skill. A unit that takes longer than ``SLOW`` seconds fails.
Each unit slower than all before is printed; libFuzzer prints the number of executions.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT, ROOT / "scripts", ROOT / "tests" / "robustness"):
    sys.path.insert(0, str(folder))

with atheris.instrument_imports(include=["backend_performance", "markdown_it"]):
    import document_claims
    from backend_performance.skill import inspection, rules
    from backend_performance.skill.markdown import reading
    from backend_performance.skill.package import Skill


#: CPU seconds for one unit of at most a few kilobytes, under instrumentation.
SLOW = 1.0
NOWHERE = Path("/nonexistent/skill")

_slowest = (0.0, b"")


def read_one(data: bytes) -> None:
    """Read ``data`` as a page; raise for a wrong place or a slow unit."""
    global _slowest
    start = time.process_time()
    page = reading.parse(data, "SKILL.md")
    files = frozenset({"SKILL.md", "references/x.md", "scripts/run.py"})
    skill = Skill(NOWHERE, "SKILL.md", {"SKILL.md": page}, files, frozenset({"references"}))
    rules.run(inspection.inspect(skill))
    spent = time.process_time() - start
    if spent > _slowest[0]:
        _slowest = (spent, data)
        print(f"slowest: {spent * 1000:.0f} ms, {len(data)} bytes: {data[:60]!r}", flush=True)
    if spent > SLOW:
        raise AssertionError(f"{len(data)} bytes took {spent:.1f} s")
    claims = document_claims.false_claims(page)
    if claims:
        raise AssertionError(claims[0])


if __name__ == "__main__":
    atheris.Setup(sys.argv, read_one)
    atheris.Fuzz()
