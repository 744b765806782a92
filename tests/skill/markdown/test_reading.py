"""What a page is read as: frontmatter, links, items, tables, fences, generated blocks."""

from __future__ import annotations

import pytest
from backend_performance.skill.checklists import generated
from backend_performance.skill.markdown import yaml_block
from backend_performance.skill.markdown.document import Document
from backend_performance.skill.markdown.reading import parse


def page(text: str) -> Document:
    return parse(text.encode(), "a.md")


FRONT = "---\nname: demo\nmetadata:\n  author: me\n  deep:\n    - {x: 1}\n---\n# Title\n"


def test_frontmatter_knows_the_place_of_every_key() -> None:
    matter = page(FRONT).frontmatter
    assert matter.data["metadata"]["deep"] == [{"x": 1}]
    assert matter.positions[("metadata", "author")] == (4, 3)
    assert matter.position(("metadata", "deep", "0", "x")) == (6, 8)
    assert matter.position(("metadata", "nothing")) == (3, 1)
    assert matter.body_line == 7


def test_lines_of_the_body_are_those_of_the_file_whatever_ends_them() -> None:
    for line_end in ("\n", "\r\n", "\r"):
        [heading] = page(FRONT.replace("\n", line_end)).headings
        assert (heading.line, heading.column) == (8, 3)


@pytest.mark.parametrize(
    "line",
    ["description: a: b", "description: it's: x # y", 'description: say "x": y', "license: @x"],
)
def test_a_value_that_only_needs_quotes_gets_them(line: str) -> None:
    text = f"name: demo\n{line}"
    new = yaml_block.repaired(text, 2)
    assert new is not None
    block = yaml_block.read(f"name: x\n{new}")
    assert block.problem is None
    key, _, value = line.partition(": ")
    assert block.data[key] == value


@pytest.mark.parametrize("text", ["a: [1", 'a: "x', "a:\n\tb: 1", "- a\nb: 1"])
def test_what_quotes_do_not_repair_is_left_alone(text: str) -> None:
    assert yaml_block.read(text).problem is not None
    assert yaml_block.repaired(text, 1) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a [b](c.md) d", [("link", "c.md", 1, 3)]),
        ("[b](<c d.md> 'title')", [("link", "c d.md", 1, 1)]),
        ("[b](c%20d.md)", [("link", "c d.md", 1, 1)]),
        ("x\ny [b][r] z\n\n[r]: c.md", [("reference", "c.md", 2, 3)]),
        ("![alt](a.png)", [("image", "a.png", 1, 1)]),
        ("<https://x.org>", [("autolink", "https://x.org", 1, 1)]),
        ("see https://x.org/a_(b), ok", [("bare", "https://x.org/a_(b)", 1, 5)]),
        ('<a href="c.md">x</a>', [("html", "c.md", 1, 1)]),
        ("<p>\n  <img src='i.png'>\n</p>", [("image", "i.png", 2, 3)]),
        ("> - | [b](c.md)", [("link", "c.md", 1, 7)]),
        (
            "| a | [b](c.md) |\n|---|---|\n| `x\\|y` | [d](e.md) |",
            [("link", "c.md", 1, 7), ("link", "e.md", 3, 12)],
        ),
        ("`[b](c.md)` \\[b](c.md) <!-- [b](c.md) -->", []),
        ("    [b](c.md)\n\n```\n[b](c.md)\n```", []),
        ("[^1] text\n\n[^1]: note", []),
        ("[a](b (c).md) [a](b(c).md)", [("link", "b(c).md", 1, 15)]),
        ("[a [b](c.md) d](e.md)", [("link", "c.md", 1, 4)]),
        (
            "[x](file:///a) [y](javascript:z)",
            [("link", "file:///a", 1, 1), ("link", "javascript:z", 1, 16)],
        ),
    ],
)
def test_links_and_their_places(text: str, found: list[tuple[str, str, int, int]]) -> None:
    assert [(k.style, k.target, k.line, k.column) for k in page(text).links] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- [ ] a\n- [x] b", [("open", "a", 0), ("done", "b", 0)]),
        ("1. [X] a\n   - [ ] b\n", [("done", "a", 0), ("open", "b", 1)]),
        ("- plain\n  * [ ] c", [("open", "c", 1)]),
        ("> + [ ] quoted", [("open", "quoted", 0)]),
        ("- [ ] two\n  lines", [("open", "two\nlines", 0)]),
        ("- [ ]\n  below", [("open", "below", 0)]),
        ("- [ ] a\n</steps>\n", [("open", "a", 0)]),
        ("- b\n  - [ ] c\n\t</steps>\n", [("open", "c\n</steps>", 1)]),
        ("- [ ] a\n  <b>\nd", [("open", "a\n<b>\nd", 0)]),
        ("- [ ] a\n<b> c", [("open", "a\n<b> c", 0)]),
        ("- [] a\n- [ ]b\n-[ ] c\n- [-] d\n- `[ ] e`", []),
        ("    - [ ] code\n\n```\n- [ ] fence\n```", []),
    ],
)
def test_items(text: str, found: list[tuple[str, str, int]]) -> None:
    tasks = page(text).tasks
    assert [(t.state, t.text, t.depth) for t in tasks] == found


def test_tables_keep_the_line_of_each_row_and_escaped_bars() -> None:
    [table] = page("text\n\n| a | b |\n|---|:-:|\n| 1 | x\\|y |\n| 2 |\n").tables
    assert (table.header.cells, table.header.line) == (("a", "b"), 3)
    assert [(row.cells, row.line) for row in table.rows] == [(("1", "x|y"), 5), (("2", ""), 6)]


def test_fences_know_whether_they_are_closed() -> None:
    fences = page("```js x\na\n```\n\n~~~\nb\n\n- c").fences
    assert [(f.info, f.line, f.end, f.closed) for f in fences] == [
        ("js x", 1, 3, True),
        ("", 5, 8, False),
    ]


def test_generated_blocks_are_rewritten_once_and_nothing_else_is() -> None:
    text = (
        "# T\n\n<!-- generated:toc -->\nold\n<!-- /generated:toc -->\n\n## A `b` [c]\n\n### Deep\n"
        "\n```\n<!-- generated:toc -->\n```\n"
    )
    new = generated.updated(page(text), ())
    assert "\n\n- [A b \\[c\\]](#a-b-c)\n\n" in new
    assert "old" not in new
    assert new.endswith(text.partition("<!-- /generated:toc -->")[2])
    assert generated.updated(page(new), ()) == new
    assert [(b.name, b.start) for b in generated.blocks(page(text))] == [("toc", 3)]
