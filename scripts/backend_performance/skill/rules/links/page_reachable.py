"""Pages that nothing leads to are never read; pages behind another page are read too late.

The specification asks for references one level deep from SKILL.md: an agent that must open a
page to learn of the next one often stops before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ...diagnostic import Diagnostic, note, warning
from ...inspection import Inspection
from ...links import around, paths
from ...links.graph import LinkGraph, Node, is_for_people

CODES = {
    "asset-orphaned": (
        "No page and no script names this file, so no agent opens it; it only makes the skill "
        "larger. Say what it is for, or remove it."
    ),
    "page-orphaned": (
        "Nothing leads to this page, so no agent reads it. Name it in `SKILL.md` and say when to "
        "read it, or remove it. A warning in `references/` and beside pages of the root that are "
        "read, if nothing that agents read has the words of its name; otherwise a note."
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
#: Folders that are there to be read.
_TO_READ = frozenset({"references", "reference"})
#: What separates the words of a name.
_GAP = re.compile(r"[\s_-]+")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per page without a short way from the entry page."""
    graph, entry = inspection.graph, inspection.skill.entry
    orphans = set(graph.orphans) - _meant(inspection)
    if orphans:
        orphans -= around.named(inspection.skill, orphans)
    texts = _Texts(inspection, orphans) if orphans else None
    for node in graph.nodes:
        if node.file in orphans and texts:
            found = _orphan(node, graph.back_links.get(node.file, ()), entry)
            is_certain = _is_to_be_read(node, inspection) and not texts.name(node.file)
            yield found if is_certain else replace(found, severity="note")
        elif (node.hops or 0) > MAX_HOPS and _is_knowledge(node):
            yield _too_far(node, graph, entry)


class _Texts:
    """All that is read or run, to ask whether it has the words of a name anywhere at all."""

    def __init__(self, inspection: Inspection, orphans: set[str]) -> None:
        unread = {file for file in orphans if file in inspection.skill.documents}
        self._texts = {
            each.path: _GAP.sub(" ", each.text.lower())
            for each in inspection.written
            if each.path not in unread
        }

    def name(self, file: str) -> bool:
        """Return whether another file has the words of a file's name, `setup guide`."""
        words = _GAP.sub(" ", file.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()).strip()
        return any(words in text for path, text in self._texts.items() if path != file)


def _is_to_be_read(node: Node, inspection: Inspection) -> bool:
    """Return whether a page lies in `references/`, or in the root or below beside pages read."""
    folder = node.file.rpartition("/")[0]
    top = node.file.partition("/")[0] if folder else ""
    if node.kind != "page" or inspection.skill.outer is not None:
        return False
    if folder and top in _TO_READ and folder == top:
        return True
    is_read = any(
        hops and file.rpartition("/")[0] == folder and file in inspection.skill.documents
        for file, hops in inspection.graph.hops.items()
    )
    return is_read and (not folder or top in _TO_READ)


def _meant(inspection: Inspection) -> set[str]:
    """Return the orphans that a wrong path most likely means; that path has its own finding."""
    missing = {
        paths.base_name(cited.target)
        for cited in inspection.graph.edges
        if cited.status == "missing-file"
    }
    return {file for file in inspection.graph.orphans if paths.base_name(file) in missing}


def _too_far(node: Node, graph: LinkGraph, entry: str) -> Diagnostic:
    hops = graph.hops
    near = [file for file in graph.back_links.get(node.file, ()) if hops.get(file) is not None]
    nearest = min(near, key=lambda file: hops[file] or 0, default=entry)
    # A note only: two steps mostly work, and pages further away are seldom meant to be opened.
    return note(
        "page-too-far",
        node.file,
        1,
        f"{entry} does not name this page; {nearest} does ({node.hops} steps)",
        f"name it in {entry}, too",
    )


def _orphan(node: Node, cited_by: tuple[str, ...], entry: str) -> Diagnostic:
    what = "no page names this one"
    if cited_by:
        what = f"only {cited_by[0]} names this page, and nothing leads to {cited_by[0]}"
    if node.kind == "script":
        return note(
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


def _is_knowledge(node: Node) -> bool:
    """Return whether agents need the page by name: they find examples through an index."""
    is_page = node.kind == "page" and not node.file.startswith("examples/")
    is_other = paths.is_for_developers(node.file) or is_for_people(node.file)
    return is_page and not is_other and not paths.is_material(node.file)
