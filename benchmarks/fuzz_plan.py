"""Coverage-guided fuzzing of everything that reads a plan.

    python3.11 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris . && \\
        /tmp/fuzz/bin/python benchmarks/fuzz_plan.py --seeds corpus/ && \\
        /tmp/fuzz/bin/python benchmarks/fuzz_plan.py corpus/ -max_total_time=600 -max_len=8000

``--seeds DIR`` writes the forms of the tests as first inputs; the other arguments are libFuzzer's.
One input is one file: it is read, every rule judges it, and the document and its text form are
built. Only ``PlanError`` may come out. A unit that takes longer than ``SLOW`` seconds fails.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT, ROOT / "scripts"):
    sys.path.insert(0, str(folder))

with atheris.instrument_imports(include=["backend_performance"]):
    from backend_performance.diagnosis import plan
    from backend_performance.diagnosis.evidence import document

#: CPU seconds for one unit of at most a few kilobytes, under instrumentation.
SLOW = 2.0

_slowest = 0.0


def read_one(data: bytes) -> None:
    """Read ``data`` as a file with plans; raise for a crash or a slow unit."""
    global _slowest
    start = time.process_time()
    try:
        result = document.document(*plan.examine(plan.read(data)))
        for form in ("text", "json"):
            document.rendered(result, form)
    except plan.PlanError:
        pass
    spent = time.process_time() - start
    if spent > _slowest:
        _slowest = spent
        print(f"slowest: {spent * 1000:.0f} ms, {len(data)} bytes: {data[:60]!r}", flush=True)
    if spent > SLOW:
        raise AssertionError(f"{len(data)} bytes took {spent:.1f} s")


def write_seeds(folder: Path) -> None:
    """Write the forms of the tests, one to a file."""
    from tests.diagnosis.plan import written_mysql_plans, written_plans

    folder.mkdir(parents=True, exist_ok=True)
    forms = [*written_plans.FORMS.values(), *written_mysql_plans.MYSQL_FORMS.values()]
    for number, text in enumerate([*forms, *written_mysql_plans.TABLES.values()]):
        (folder / f"{number:03}").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--seeds"]:
        write_seeds(Path(sys.argv[2]))
    else:
        atheris.Setup(sys.argv, read_one)
        atheris.Fuzz()
