"""Measure the cases in `examples/` and rewrite or check their tables.

    python -m harness.measure                    all cases, pages and index rewritten
    python -m harness.measure --case SLUG …      only these
    python -m harness.measure --check            compare instead; exit 1 when a figure differs

A slug is the name of a case's page. Exit codes: 0 nothing wrong, 1 a figure differs, 2 could not
run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from harness.cases import SPECIAL
from harness.measuring import case_index
from harness.measuring.bench import ENGINES, Bench, Incomparable, describe_environment
from harness.measuring.figures import Difference, Table, compare, read_table, settle
from harness.measuring.page import (
    ENVIRONMENT,
    FOLDER,
    INDEX,
    MEASURED,
    Case,
    PageError,
    block,
    read_cases,
    replace_block,
)
from harness.measuring.run import CaseRun
from harness.servers.child import ServerFailed
from harness.servers.engines import EngineMissing

# Page counts may change with a major version; a figure holds for the one it was measured on.
# Node's figures are counts of answers, which no version changes.
SIGNIFICANT = {"PostgreSQL": 1, "MariaDB": 2, "Redis": 1, "Node": 0}
ATTEMPTS = 3


def measure(case: Case, bench: Bench) -> Table:
    try:
        with CaseRun(case, bench) as run:
            return SPECIAL.get(case.slug, CaseRun.table)(run)
    except Exception as error:
        error.add_note(f"while measuring {case.slug}")
        raise


def comparable(case: Case, environment: str) -> None:
    """Refuse to compare figures of one major version with a measurement on another."""
    for engine in case.engines:
        name, version = ENGINES[engine]
        if not SIGNIFICANT[name]:
            continue
        significant = ".".join(version().split(".")[: SIGNIFICANT[name]])
        if f"{name} {significant}." not in environment:
            raise Incomparable(f"the page was not measured on {name} {significant}")


def check(case: Case, environment: str, bench: Bench) -> list[Difference]:
    """Where page and measurement differ; empty as soon as one measurement confirms the whole table.

    A busy machine can make them differ, but it cannot make a wrong figure come true.
    """
    comparable(case, environment)
    page = read_table(block(case.text, MEASURED))
    for _ in range(ATTEMPTS):
        found = list(compare(case.slug, page, measure(case, bench)))
        if not found:
            break
    return found


def chosen(cases: Mapping[str, Case], slugs: Sequence[str]) -> list[Case]:
    for slug in slugs:
        if slug not in cases:
            raise PageError(f"there is no case {slug!r}; there are: {', '.join(cases)}")
    return [cases[slug] for slug in slugs] if slugs else list(cases.values())


def progress(cases: Sequence[Case]) -> Iterator[Case]:
    """One line per case on a terminal, nothing elsewhere."""
    tell: Callable[[str], object] = sys.stderr.write if sys.stderr.isatty() else lambda text: None
    for position, case in enumerate(cases, 1):
        start = time.monotonic()
        tell(f"[{position}/{len(cases)}] {case.slug} … ")
        yield case
        tell(f"{time.monotonic() - start:.1f} s\n")


def rewrite(folder: Path, slugs: Sequence[str]) -> int:
    with Bench() as bench:
        for case in progress(chosen(read_cases(folder), slugs)):
            measured, page = measure(case, bench), folder / f"{case.slug}.md"
            text = page.read_text(encoding="utf-8")  # again: people write while we measure
            table = settle(read_table(block(text, MEASURED)), measured)
            page.write_text(replace_block(text, MEASURED, table.render()), encoding="utf-8")
    index = folder / INDEX
    text = case_index.refresh(index.read_text(encoding="utf-8"), read_cases(folder))
    index.write_text(replace_block(text, ENVIRONMENT, describe_environment()), encoding="utf-8")
    return 0


def check_all(folder: Path, slugs: Sequence[str]) -> int:
    environment = block((folder / INDEX).read_text(encoding="utf-8"), ENVIRONMENT)
    found: list[Difference] = []
    with Bench() as bench:
        for case in progress(chosen(read_cases(folder), slugs)):
            found += check(case, environment, bench)
    for difference in found:
        print(difference)
    return 1 if found else 0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m harness.measure",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--case", nargs="+", default=[], metavar="SLUG", help="only these cases")
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    try:
        return (check_all if arguments.check else rewrite)(arguments.folder, arguments.case)
    except (PageError, EngineMissing, Incomparable, ServerFailed, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
