"""Anchors are those that GitHub gives to headings."""

from __future__ import annotations

import pytest
from backend_performance.skill.markdown.anchors import Slugger, slug
from backend_performance.skill.markdown.reading import parse


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Hello World", "hello-world"),
        ("FAQ & answers", "faq--answers"),
        ("What's new?", "whats-new"),
        ("snake_case stays", "snake_case-stays"),
        ("1.2.3 Release", "123-release"),
        ("A - B", "a---b"),
        ("C++ / C#", "c--c"),
        ("Über uns", "über-uns"),
        ("Привет мир", "привет-мир"),
        ("数据库（优化）", "数据库优化"),
        ("🚀 Rocket", "-rocket"),
        ("⚙️ Gear", "️-gear"),
        ("tabs\tgo", "tabsgo"),
        ("x² and ½", "x-and-"),
        ("Ⅳ and ٣", "ⅳ-and-٣"),
        ("ⓐ circled", "ⓐ-circled"),
        ("“Quoted” — dash", "quoted--dash"),
        ("İstanbul", "i̇stanbul"),
        ("", ""),
    ],
)
def test_slug(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor


def test_repetitions_are_numbered_and_never_meet_a_heading_of_that_name() -> None:
    slugger = Slugger()
    given = ["Notes", "Notes", "Notes-1", "Notes", "notes"]
    assert [slugger.unique(text) for text in given] == [
        "notes",
        "notes-1",
        "notes-1-1",
        "notes-2",
        "notes-3",
    ]


@pytest.mark.parametrize(
    ("source", "anchor"),
    [
        ("## **Bold** and *soft*", "bold-and-soft"),
        ("## The `run` command", "the-run-command"),
        ("## A [link](https://example.org/x)", "a-link"),
        ("## ![icon](x.png) Image", "-image"),
        ("## <b>Tag</b> text", "tag-text"),
        ("## Closed ##", "closed"),
        ("Setext\n------", "setext"),
        ("## a \\* b", "a--b"),
        ("## Fish &amp; chips", "fish--chips"),
        ("> ## Quoted", "quoted"),
        ("- ## In a list", "in-a-list"),
        ("<h2>Raw</h2>", "raw"),
    ],
)
def test_the_anchor_comes_from_what_a_reader_sees(source: str, anchor: str) -> None:
    assert [h.anchor for h in parse(source.encode(), "a.md").headings] == [anchor]
