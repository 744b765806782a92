"""Measure the cases of `examples/common-bottlenecks.md` and rewrite or check their tables.

    python -m harness.measure                    all cases, page rewritten
    python -m harness.measure --case SLUG …      only these
    python -m harness.measure --check            compare instead; exit 1 when a figure parted

Exit codes: 0 nothing wrong, 1 a figure parted, 2 could not run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from harness.bench import ENGINES, Bench, Incomparable, describe_environment
from harness.cases import SPECIAL
from harness.child import ServerFailed
from harness.engines import EngineMissing
from harness.figures import Difference, Table, compare, read_table, settle
from harness.page import (
    ENVIRONMENT,
    PAGE,
    Case,
    PageError,
    block,
    read_cases,
    replace_block,
)
from harness.run import CaseRun

# Page counts may change with a major version; a figure holds for the one it was measured on.
# Node's figures are counts of answers, which no version changes.
SIGNIFICANT = {"PostgreSQL": 1, "MariaDB": 2, "Redis": 1, "Node": 0}
ATTEMPTS = 3


def measure(case: Case, bench: Bench) -> Table:
    try:
        with CaseRun(case, bench) as run:
            return SPECIAL.get(case.slug, CaseRun.table)(run)
    except Exception as error:
        error.add_note(f"while measuring {case.slug}, line {case.line} of the page")
        raise


def comparable(case: Case, text: str) -> None:
    """Refuse to compare figures of one major version with a measurement on another."""
    stated = block(text, ENVIRONMENT)
    for engine in case.engines:
        name, version = ENGINES[engine]
        if not SIGNIFICANT[name]:
            continue
        significant = ".".join(version().split(".")[: SIGNIFICANT[name]])
        if f"{name} {significant}." not in stated:
            raise Incomparable(f"the page was not measured on {name} {significant}")


def check(case: Case, text: str, bench: Bench) -> list[Difference]:
    """Where the page and a measurement part, empty as soon as one confirms the whole table.

    What else the machine does can part the two, but cannot make a wrong figure come true.
    """
    comparable(case, text)
    page = read_table(block(text, f"measured:{case.slug}"))
    for _ in range(ATTEMPTS):
        found = list(compare(case.slug, page, measure(case, bench)))
        if not found:
            break
    return found


def chosen(cases: Sequence[Case], slugs: Sequence[str]) -> list[Case]:
    known = {case.slug: case for case in cases}
    for slug in slugs:
        if slug not in known:
            raise PageError(f"no case {slug!r} in the page; there are: {', '.join(known)}")
    return [known[slug] for slug in slugs] if slugs else list(cases)


def progress(cases: Sequence[Case]) -> Iterator[Case]:
    """One line per case on a terminal, nothing elsewhere."""
    tell: Callable[[str], object] = sys.stderr.write if sys.stderr.isatty() else lambda text: None
    for position, case in enumerate(cases, 1):
        start = time.monotonic()
        tell(f"[{position}/{len(cases)}] {case.slug} … ")
        yield case
        tell(f"{time.monotonic() - start:.1f} s\n")


def rewrite(page: Path, slugs: Sequence[str]) -> int:
    text = page.read_text(encoding="utf-8")
    with Bench() as bench:
        for case in progress(chosen(read_cases(text), slugs)):
            measured, name = measure(case, bench), f"measured:{case.slug}"
            text = page.read_text(encoding="utf-8")  # again: people write while we measure
            table = settle(read_table(block(text, name)), measured)
            text = replace_block(text, name, table.render())
            page.write_text(text, encoding="utf-8")
    page.write_text(replace_block(text, ENVIRONMENT, describe_environment()), encoding="utf-8")
    return 0


def check_all(page: Path, slugs: Sequence[str]) -> int:
    text = page.read_text(encoding="utf-8")
    found: list[Difference] = []
    with Bench() as bench:
        for case in progress(chosen(read_cases(text), slugs)):
            found += check(case, text, bench)
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
    parser.add_argument("--page", type=Path, default=PAGE, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    try:
        return (check_all if arguments.check else rewrite)(arguments.page, arguments.case)
    except (PageError, EngineMissing, Incomparable, ServerFailed, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
