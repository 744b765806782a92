"""Pages that are written to exhaust a reader cost no more than their size allows.

Each case is one whole validation in a process of its own that may not take more memory or time
than a limit enforces. ``hostile_pages.py`` prints the whole table.
"""

import resource
import subprocess
import sys

import pytest

from tests.robustness import hostile_pages

pytestmark = pytest.mark.slow

MEGABYTE = 1_000_000
#: Address space, which is more than what is resident; CPU seconds for a slow shared machine.
MEMORY_LIMIT, CPU_LIMIT = 1_500 * MEGABYTE, 60
PEAK_MEGABYTES = 300
#: For the 1 MB of a page that is read, and so for a page of any size.
SECONDS = 5.0


def _limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT))


def _validate(case, size):
    result = subprocess.run(
        [sys.executable, hostile_pages.__file__, case, str(size)],
        capture_output=True,
        text=True,
        timeout=180,
        preexec_fn=_limit,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    spent, peak, findings = result.stdout.split()
    return float(spent), float(peak), int(findings)


@pytest.mark.parametrize(
    "case",
    [
        "lists nested by indent",
        "links",
        "code spans",
        "tasks",
        "short rows",
        "open comments in lines",
        "paths",
        "fences",
        "one paragraph",
    ],
)
def test_ten_megabytes_of_one_kind(case):
    spent, peak, findings = _validate(case, 10 * MEGABYTE)
    assert spent < SECONDS
    assert peak < PEAK_MEGABYTES
    assert findings > 0


@pytest.mark.parametrize("unit", [">", "> ", "- ", "[", "![", "[]", "1. ", "> - ", "<"])
def test_a_hundred_thousand_levels(unit):
    names = {
        ">": "quotes on one line",
        "> ": "quotes and spaces",
        "- ": "list marks on one line",
        "[": "opening brackets",
        "![": "open images",
        "[]": "brackets in pairs",
        "1. ": "numbered marks on one line",
        "> - ": "list in quote in list",
        "<": "open tags",
    }
    spent, peak, _ = _validate(names[unit], 100_000 * len(unit))
    assert spent < 2
    assert peak < PEAK_MEGABYTES


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("aliases", "frontmatter-alias-bomb"),
        ("flow", "frontmatter-too-large"),
        ("block flow", "frontmatter-too-large"),
        ("anchors", "frontmatter-invalid-yaml"),
        ("indented", "frontmatter-too-deep"),
    ],
)
def test_frontmatter_that_expands_or_nests_is_refused(case, code):
    from backend_performance.skill.markdown import reading

    page = reading.parse(hostile_pages.PAGES[case](MEGABYTE // 2).encode(), "SKILL.md")
    assert [problem.code for problem in page.problems] == [code]


def test_what_grew_with_the_square_of_the_size_does_not():
    """Each of these once took more than ten times the seconds for three times the bytes."""
    for case in (
        "tasks",
        "nested tasks",
        "paths",
        "fences",
        "open sections",
        "control characters",
        "open headings",
        "tasks under headings",
        "nested link texts",
    ):
        spent, _, _ = _validate(case, 400_000)
        assert spent < 4, case


def test_a_page_that_was_cut_short_says_so():
    from backend_performance.skill.markdown import reading

    for case in ("links", "empty lines", "tasks"):
        page = reading.parse(hostile_pages.PAGES[case](4 * MEGABYTE).encode(), "SKILL.md")
        assert "page-too-dense" in [problem.code for problem in page.problems], case


def test_every_hostile_page_can_be_made():
    assert len(hostile_pages.PAGES) > 80
    for case, page in hostile_pages.PAGES.items():
        assert page(5_000).startswith("---\n"), case
