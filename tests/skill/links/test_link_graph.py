"""Who cites whom, in which style, over how many hops; what nothing leads to; how it is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from backend_performance.commands import crosslink, link_views
from backend_performance.skill import inspection, package
from backend_performance.skill.links.graph import LinkGraph

HEAD = "---\nname: demo\ndescription: Shows one thing.\n---\n# Demo\n\n"
FILES = {
    "SKILL.md": HEAD + "Read [a](references/a.md#part), `references/b.md`, c.md and `data/`.\n\n"
    "```bash\npython scripts/run.py --all\n```\n\n[site](https://example.org/)\n",
    "references/a.md": "# A\n\n## Part\n\nThen [deep](deep.md), <a href='b.md'>b</a>, [d][d].\n\n"
    "[d]: deep.md\n",
    "references/b.md": "# B\n\n![flow](../assets/flow.svg)\n",
    "references/c.md": "# C\n",
    "references/deep.md": "# Deep\n\nBack to [a](a.md).\n",
    "references/lonely.md": "# Lonely\n\nSee [friend](friend.md).\n",
    "references/friend.md": "# Friend\n\nSee [lonely](lonely.md).\n",
    "data/table.csv": "a,b\n",
    "assets/flow.svg": "<svg/>\n",
    "scripts/run.py": "import helper\n",
    "scripts/helper.py": "X = 1\n",
    "scripts/unused.py": "Y = 1\n",
    "README.md": "# Demo\n\nSee [people](docs/people.md).\n",
    "docs/people.md": "# For people\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "demo" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "demo"


@pytest.fixture
def graph(root: Path) -> LinkGraph:
    return inspection.inspect(package.load(root)).graph


def test_every_style_of_citing_is_an_edge_with_its_place(graph: LinkGraph) -> None:
    edges = {(e.source, e.line, e.target, e.style, e.status) for e in graph.edges}
    assert edges >= {
        ("SKILL.md", 7, "references/a.md", "link", "ok"),
        ("SKILL.md", 7, "references/b.md", "code-span", "ok"),
        ("SKILL.md", 7, "references/c.md", "text", "ok"),
        ("SKILL.md", 7, "data", "folder", "folder"),
        ("SKILL.md", 10, "scripts/run.py", "fence", "ok"),
        ("SKILL.md", 13, "https://example.org/", "link", "external"),
        ("references/a.md", 5, "references/b.md", "html", "ok"),
        ("references/a.md", 5, "references/deep.md", "reference", "ok"),
        ("references/b.md", 3, "assets/flow.svg", "image", "ok"),
        ("scripts/run.py", 1, "scripts/helper.py", "script", "ok"),
    }


def test_hops_are_counted_from_the_entry_page_by_the_shortest_way(graph: LinkGraph) -> None:
    assert {name: graph.hops[name] for name in FILES if name in graph.hops} == {
        "SKILL.md": 0,
        "references/a.md": 1,
        "references/b.md": 1,
        "references/c.md": 1,
        "references/deep.md": 2,
        "references/lonely.md": None,
        "references/friend.md": None,
        "data/table.csv": 1,
        "assets/flow.svg": 2,
        "scripts/run.py": 1,
        "scripts/helper.py": 2,
        "scripts/unused.py": None,
    }


def test_orphans_are_what_no_way_leads_to(graph: LinkGraph) -> None:
    assert graph.orphans == ("references/friend.md", "references/lonely.md", "scripts/unused.py")


def test_back_links_name_each_citing_file_once(graph: LinkGraph) -> None:
    assert graph.back_links["references/a.md"] == ("SKILL.md", "references/deep.md")
    assert graph.back_links["references/b.md"] == ("SKILL.md", "references/a.md")
    assert "references/c.md" in graph.back_links
    assert "scripts/unused.py" not in graph.back_links


def test_pages_for_people_lead_an_agent_nowhere_and_are_no_orphans(graph: LinkGraph) -> None:
    assert "docs/people.md" not in graph.hops
    assert "docs/people.md" not in graph.orphans


def test_the_picture_says_style_distance_and_orphans(graph: LinkGraph) -> None:
    picture = link_views.mermaid(graph, 10**6)
    number = {
        line.split('"')[1].split("<")[0]: line.split("[")[0].strip()
        for line in picture.split("\n")
        if '["' in line
    }
    a, b = number["references/a.md"], number["references/b.md"]
    assert f"{number['SKILL.md']} -->|link| {a}" in picture
    assert f"{a} -->|html| {b}" in picture
    assert '["references/deep.md<br/>2 hops"]' in picture
    assert '["scripts/unused.py<br/>unreachable"]:::orphan' in picture


def test_a_picture_that_is_too_large_leaves_out_leaves_and_says_so(graph: LinkGraph) -> None:
    picture = link_views.mermaid(graph, 300)
    assert picture.startswith("%% 2 probes, libraries and assets are left out")
    assert "flow.svg" not in picture
    assert "references/a.md" in picture


def test_text_is_bounded_and_says_how_much_is_left(graph: LinkGraph) -> None:
    whole = link_views.text(graph, 10**6)
    assert "cited by SKILL.md (link), references/deep.md (link)" in whole
    short = link_views.text(graph, 600)
    assert len(short) < 700
    assert "files more; --all shows them" in short


def test_one_file_can_be_asked_for(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crosslink.main([str(root), "--of", "references/b.md", "--graph", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {edge["from"] for edge in shown["edges"]} == {
        "SKILL.md",
        "references/a.md",
        "references/b.md",
    }
    assert crosslink.main([str(root), "--of", "references/no.md"]) == 2
    assert "no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[x](references/no.md)", "[link-target-missing]"),
        ("[x](references/a.md#no)", "[link-anchor-missing]"),
        ("[x](references/A.md)", "write `references/a.md`"),
        ("[the text][nowhere in sight]\n\n[shop]: https://example.org/", "[link-label-undefined]"),
        ("<!-- generated:toc -->\n<!-- /generated:toc -->\n\n## New", "[generated-block-stale]"),
        ("", "[page-orphaned]"),
    ],
)
def test_check_fails_on_anything_broken(
    root: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    orphans = ("references/lonely.md", "references/friend.md", "scripts/unused.py")
    names = " ".join(f"`{name}`" for name in (*orphans, "references/deep.md")) if text else ""
    page = root / "SKILL.md"
    page.write_text(f"{FILES['SKILL.md']}\n{names}\n\n{text}\n", encoding="utf-8")
    assert crosslink.main([str(root), "--check"]) == 1
    assert says in capsys.readouterr().out
    if text:
        page.write_text(f"{FILES['SKILL.md']}\n{names}\n", encoding="utf-8")
        assert crosslink.main([str(root), "--check"]) == 0
