"""Coverage-guided fuzzing of one reader of foreign bytes.

    python3.11 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris '.[all]' && \\
        /tmp/fuzz/bin/python benchmarks/fuzz_readers.py plan -max_total_time=300

The first argument is a reader of ``tests/robustness/foreign_bytes.py``, all others are libFuzzer's.
Only what the reader documents may be raised; a unit that takes longer than ``SLOW`` seconds fails.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT, ROOT / "scripts"):
    sys.path.insert(0, str(folder))

with atheris.instrument_imports(include=["backend_performance"]):
    from tests.robustness.foreign_bytes import read
    from tests.robustness.foreign_seeds import SEEDS

#: CPU seconds for one unit of at most a few kilobytes, under instrumentation.
SLOW = 2.0


def main(reader: str, *options: str) -> None:
    def read_one(data: bytes) -> None:
        began = time.process_time()
        read(reader, data)
        if (spent := time.process_time() - began) > SLOW:
            raise AssertionError(f"{len(data)} bytes took {spent:.1f} s")

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS[reader]):
            Path(corpus, str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, corpus], read_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
