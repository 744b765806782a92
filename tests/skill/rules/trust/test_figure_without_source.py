"""A figure with a unit needs a source, in a skill that has promised so."""

from pathlib import Path

import pytest
from backend_performance.skill import inspection, package
from backend_performance.skill.rules.trust import figure_without_source

FRONT = "---\nname: demo\ndescription: d\nmetadata:\n  figures: {mode}\n---\n# Demo\n\n"
SOURCE = "[manual](https://www.example.org/manual)"
CASE = "[measured](examples/cases.md#a)"

UNSOURCED = {
    "milliseconds": "The call takes 5 ms.",
    "per cent": "Hit ratio above 99 %.",
    "range": "Pools of 10–20 connections answer in 3–4 seconds.",
    "thousands": "It is 1,000 times slower.",
    "list item": "- Wait 30 s before retrying",
    "second item": f"- 5 ms {SOURCE}\n- 6 ms without",
    "table row": "| a | b |\n|---|---|\n| x | 5 MB |",
    "source in another paragraph": f"See {SOURCE}.\n\nIt takes 5 ms.",
    "link within the page": "It takes 5 ms, see [below](#below).",
}
SOURCED = {
    "external link": f"It takes 5 ms ({SOURCE}).",
    "measured case": f"It takes 5 ms, {CASE}.",
    "source deeper in the item": f"- [ ] **Wait 30 s.**\n  - Why: {SOURCE}",
    "source below the table": f"| a | b |\n|---|---|\n| x | 5 MB |\n\nFrom the {SOURCE}.",
    "own default": "Our default is 30 s.",
    "code span": "Set `statement_timeout = 5 s`.",
    "fence": "```sql\n-- takes 5 ms\n```",
    "percentile name": "Look at p95 and p99.",
    "version": "PostgreSQL 17 s1 and 2.5 stars",
    "status class": "Fast 500s and 429s spoil the graph.",
    "heading": "## The 5 s rule",
    "target of a link": "See [this](notes-5-ms.md).",
}


def _lines(tmp_path: Path, body: str, mode: str = "sourced") -> list[int]:
    (tmp_path / "SKILL.md").write_text(FRONT.format(mode=mode) + body + "\n", encoding="utf-8")
    found = figure_without_source.check(inspection.inspect(package.load(tmp_path)))
    return [diagnostic.line for diagnostic in found]


@pytest.mark.parametrize("body", UNSOURCED.values(), ids=UNSOURCED.keys())
def test_unsourced_figure_is_found_once(tmp_path, body):
    assert len(_lines(tmp_path, body)) == 1


@pytest.mark.parametrize("body", SOURCED.values(), ids=SOURCED.keys())
def test_sourced_figures_and_other_numbers_are_left_alone(tmp_path, body):
    assert _lines(tmp_path, body) == []


def test_the_line_is_that_of_the_item(tmp_path):
    assert _lines(tmp_path, f"- fine\n- 6 ms\n- 7 ms {SOURCE}") == [10]


def test_skills_that_have_not_opted_in_are_left_alone(tmp_path):
    assert _lines(tmp_path, "It takes 5 ms.", mode="any") == []
