"""The graph of links: which file leads to which, over how many hops, and the orphans."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..package import Skill, is_page
from . import by_name, paths
from .citation_model import Citation
from .scripts import is_supply

#: Pages for people who read the repository, and folders an installed skill does not need.
_FOR_PEOPLE = frozenset(
    {
        "readme",
        "changelog",
        "contributing",
        "license",
        "code_of_conduct",
        "security",
        "agents",
        "claude",
        "gemini",
        "notice",
        "authors",
        "third_party_notices",
        "maintainers",
        "metadata",
        "codeowners",
        "roadmap",
        "todo",
        "history",
        "releases",
        "installation",
        "power",
        "warp",
        "acknowledgements",
        "acknowledgments",
        "credits",
        "eval",
        "evaluation",
        "how_to_use",
    }
)
#: `CREATION-LOG.md`, `EVIDENCE-LEDGER.md`: how the skill came to be.
_RECORD = re.compile(r"[_-](?:log|ledger|notice)\Z")
_LICENCES = frozenset({"licenses", "licences"})
#: Files beside scripts that are not scripts.
_CONFIGURATION = (".json", ".toml", ".txt", ".lock", ".cfg", ".ini", ".yml", ".yaml")
_REACHING = frozenset(
    {"ok", "folder", "missing-anchor", "from-root", "letter-case", "backslash", "absolute"}
)


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

    @cached_property
    def hops(self) -> Mapping[str, int | None]:
        return {node.file: node.hops for node in self.nodes}

    @cached_property
    def back_links(self) -> Mapping[str, tuple[str, ...]]:
        """For each cited file the files that cite it, both in path order."""
        found: dict[str, set[str]] = {}
        for edge in self.edges:
            if edge.status in _REACHING and edge.source != edge.target:
                found.setdefault(edge.target, set()).add(edge.source)
        return {target: tuple(sorted(sources)) for target, sources in sorted(found.items())}


def build(skill: Skill, citations: Iterable[Citation]) -> LinkGraph:
    """Return the graph of all files that can be part of the skill's knowledge."""
    edges = tuple(citations)
    leads_to = {
        source: targets
        for source, targets in _targets(skill, edges).items()
        if not paths.is_for_developers(source)
    }
    leads_to.setdefault(skill.entry, set()).update(by_name.named(skill))
    # Agents do not read pages for people, so nothing is reached through them.
    hops = _hops_from(
        [skill.entry],
        {source: to for source, to in leads_to.items() if not is_for_people(source)},
    )
    for_people = _hops_from([name for name in skill.documents if is_for_people(name)], leads_to)
    files = [
        name
        for name in sorted(skill.files)
        if name in hops or (_is_knowledge(name) and name not in for_people)
    ]
    files.sort(key=lambda name: name != skill.entry)
    nodes = tuple(Node(name, kind_of(name, skill.entry), hops.get(name)) for name in files)
    named = {target for source, targets in leads_to.items() for target in targets - {source}}
    orphans = tuple(
        node.file
        for node in nodes
        if node.hops is None
        and (node.kind == "page" or node.file not in named)
        and (node.kind == "page" or is_supply(node.file) or _is_script(node))
        and not node.file.lower().endswith("/readme.md")
    )
    return LinkGraph(nodes, edges, orphans)


def _is_script(node: Node) -> bool:
    return node.kind == "script" and not node.file.endswith(_CONFIGURATION)


def kind_of(name: str, entry: str) -> str:
    """Return entry, page, script, library, probe or asset."""
    if name == entry:
        return "entry"
    folders = name.split("/")[:-1]
    if is_page(name):
        return "page"
    if folders[:2] == ["scripts", "probes"]:
        return "probe"
    if folders[:1] == ["scripts"]:
        return "script" if len(folders) == 1 else "library"
    return "asset"


def _is_knowledge(name: str) -> bool:
    parts = name.split("/")
    if any(part.startswith(".") for part in parts):
        return False
    if is_for_people(name) or paths.is_for_developers(name) or not _LICENCES.isdisjoint(parts):
        return False
    # A build leaves out `_template.md` and the like by their first character.
    return not parts[-1].startswith("_") if is_page(name) else len(parts) > 1


def is_for_people(name: str) -> bool:
    """Return whether a page speaks to people who find the repository, such as its README.

    The README of a folder is not one of them: it is an index that an agent follows.
    """
    if name.startswith(("references/", "reference/")):
        return False
    stem = paths.stem(name).lower()
    return stem.replace("-", "_") in _FOR_PEOPLE or bool(_RECORD.search(stem))


def _targets(skill: Skill, edges: Iterable[Citation]) -> dict[str, set[str]]:
    """Return for each citing file the files it leads to; a folder leads to all below it."""
    cited: dict[str, set[str]] = {}
    by_lower_case: dict[str, str] = {}
    for edge in edges:
        if edge.status == "letter-case":
            # The intended file is clear; the misspelt path has its own finding.
            by_lower_case = by_lower_case or {name.lower(): name for name in skill.files}
            meant = by_lower_case.get(edge.target.lower())
            cited.setdefault(edge.source, set()).update([meant] if meant else [])
        elif edge.status == "folder":
            cited.setdefault(edge.source, set()).update(_below(skill, edge.target))
        elif edge.status in _REACHING and edge.target in skill.files:
            cited.setdefault(edge.source, set()).add(edge.target)
    return cited


def _hops_from(starts: list[str], leads_to: Mapping[str, set[str]]) -> dict[str, int]:
    hops = dict.fromkeys(starts, 0)
    queue = deque(starts)
    while queue:
        source = queue.popleft()
        for target in sorted(leads_to.get(source, ())):
            if target not in hops:
                hops[target] = hops[source] + 1
                queue.append(target)
    return hops


def _below(skill: Skill, folder: str) -> set[str]:
    # A link to the skill's root cites none of its files in particular.
    if folder in (".", ""):
        return set()
    return {name for name in skill.files if name.startswith(folder.rstrip("/") + "/")}
