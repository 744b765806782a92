"""Which file of a skill leads to which, over how many hops, and what nothing leads to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .citation import Citation
from .package import Skill

#: Pages for people who read the repository, and folders an installed skill does not need.
_FOR_PEOPLE = frozenset(
    {
        "readme", "changelog", "contributing", "license", "code_of_conduct", "security",
        "agents", "claude", "notice", "authors", "third_party_notices",
    }
)  # fmt: skip
_NOT_KNOWLEDGE = frozenset({"tests", "test", "evals", "benchmarks", "harness", "fixtures"})
_REACHING = frozenset({"ok", "folder", "missing-anchor", "from-root", "letter-case"})


@dataclass(frozen=True)
class Node:
    """``hops`` counts citations from the entry page; ``None`` when nothing leads here."""

    file: str
    kind: str
    hops: int | None


@dataclass(frozen=True)
class LinkGraph:
    nodes: tuple[Node, ...]
    edges: tuple[Citation, ...]
    orphans: tuple[str, ...]

    @property
    def hops(self) -> Mapping[str, int | None]:
        return {node.file: node.hops for node in self.nodes}

    def back_links(self) -> Mapping[str, tuple[str, ...]]:
        """Return for each cited file the pages that cite it, both in path order."""
        found: dict[str, set[str]] = {}
        for edge in self.edges:
            if edge.status in _REACHING and edge.source != edge.target:
                found.setdefault(edge.target, set()).add(edge.source)
        return {target: tuple(sorted(sources)) for target, sources in sorted(found.items())}


def build(skill: Skill, citations: Iterable[Citation]) -> LinkGraph:
    """Return the graph of everything that can be part of the skill's knowledge."""
    edges = tuple(citations)
    hops = _hops(skill, edges)
    files = [name for name in sorted(skill.files) if _is_knowledge(name) or name in hops]
    files.sort(key=lambda name: name != skill.entry)
    nodes = tuple(Node(name, kind_of(name, skill.entry), hops.get(name)) for name in files)
    orphans = tuple(
        node.file for node in nodes if node.hops is None and node.kind in ("page", "script")
    )
    return LinkGraph(nodes, edges, orphans)


def kind_of(name: str, entry: str) -> str:
    """Return entry, page, script, library, probe or asset."""
    if name == entry:
        return "entry"
    folders = name.split("/")[:-1]
    if name.lower().endswith((".md", ".markdown")):
        return "page"
    if folders[:2] == ["scripts", "probes"]:
        return "probe"
    if folders[:1] == ["scripts"]:
        return "script" if len(folders) == 1 else "library"
    return "asset"


def _is_knowledge(name: str) -> bool:
    parts = name.split("/")
    if parts[0].startswith(".") or parts[0] in _NOT_KNOWLEDGE:
        return False
    if len(parts) == 1:
        stem = parts[0].rsplit(".", 1)[0].lower()
        return name.lower().endswith((".md", ".markdown")) and stem not in _FOR_PEOPLE
    return not parts[-1].startswith(".")


def _hops(skill: Skill, edges: Iterable[Citation]) -> dict[str, int]:
    cited: dict[str, set[str]] = {}
    for edge in edges:
        if edge.status == "folder":
            below = _below(skill, edge.target)
            cited.setdefault(edge.source, set()).update(below)
        elif edge.status in _REACHING:
            cited.setdefault(edge.source, set()).add(edge.target)
    hops = {skill.entry: 0}
    queue = deque([skill.entry])
    while queue:
        source = queue.popleft()
        for target in sorted(cited.get(source, ())):
            if target in skill.files and target not in hops:
                hops[target] = hops[source] + 1
                queue.append(target)
    return hops


def _below(skill: Skill, folder: str) -> set[str]:
    # A link to the skill's own root says nothing about any one file in it.
    if folder in (".", ""):
        return set()
    return {name for name in skill.files if name.startswith(folder.rstrip("/") + "/")}
