"""Pages that nothing leads to are never read; pages behind another page are read too late.

The specification asks for references one level deep from SKILL.md: an agent that must open a
page to learn of the next one often stops before.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostic import Diagnostic, note, warning
from ..inspection import Inspection
from ..links import paths
from ..links.graph import Node, is_for_people

CODES = {
    "asset-orphaned": (
        "No page and no script names this file, so no agent opens it; it only makes the skill "
        "larger. Say what it is for, or remove it."
    ),
    "page-orphaned": (
        "Nothing leads to this page, so no agent reads it. Name it in `SKILL.md` and say when to "
        "read it, or remove it."
    ),
    "page-too-far": (
        "The page is found only by reading another page first; agents often stop before. Name it "
        "in `SKILL.md`."
    ),
    "script-orphaned": (
        "No page and no other script names this script, so no agent runs it. Say when to run it, "
        "or remove it."
    ),
}

MAX_HOPS = 1


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per page without a short way from the entry page."""
    graph, entry = inspection.graph, inspection.skill.entry
    orphans = set(graph.orphans)
    for node in graph.nodes:
        if node.file in orphans:
            yield _orphan(node, graph.back_links.get(node.file, ()), entry)
        elif node.kind == "page" and (node.hops or 0) > MAX_HOPS and _is_knowledge(node.file):
            yield warning(
                "page-too-far",
                node.file,
                1,
                f"{entry} leads here only over {node.hops} steps",
                f"name it in {entry} directly",
            )


def _orphan(node: Node, cited_by: tuple[str, ...], entry: str) -> Diagnostic:
    what = "nothing leads here"
    if cited_by:
        what = f"only {cited_by[0]} leads here, and nothing leads there"
    if node.kind == "script":
        return warning(
            "script-orphaned",
            node.file,
            1,
            "no page and no other script names this script",
            f"say in {entry} when to run it, or remove it",
        )
    if node.kind != "page":
        return note(
            "asset-orphaned",
            node.file,
            1,
            "no page and no script names this file",
            f"say in {entry} what it is for, or remove it",
        )
    return warning(
        "page-orphaned",
        node.file,
        1,
        what,
        f"name it in {entry} and say when to read it, or remove it",
    )


def _is_knowledge(file: str) -> bool:
    """Return whether an agent needs the page: examples are read on demand, found by their index."""
    is_example = file.startswith("examples/")
    return not is_example and not paths.is_material(file) and not is_for_people(file)
