"""Everything the rules and the commands look at, computed once per skill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .checklists import metrics, read
from .checklists.metrics import Metric
from .checklists.model import Checklist
from .clients import DEFAULT
from .links import citation, graph, paths
from .links.graph import LinkGraph, is_for_people
from .markdown.document import Document
from .package import Skill
from .sources import Source, Sources


@dataclass(frozen=True)
class Inspection:
    skill: Skill
    sources: Sources
    graph: LinkGraph
    checklists: tuple[Checklist, ...]
    metrics: tuple[Metric, ...]
    #: The clients that the skill is meant for, as in ``clients.yaml``.
    clients: tuple[str, ...] = DEFAULT

    @property
    def written(self) -> Iterator[Document | Source]:
        """All texts of the skill: its pages, then its other files."""
        yield from self.skill.documents.values()
        yield from self.sources

    def is_read(self, page: str) -> bool:
        """Return whether an agent at work comes to a page and follows what it says.

        Not to pages that nothing leads to, for people or developers, and templates to be copied.
        """
        root = self.skill.root
        inner = root.relative_to(self.skill.outer) if self.skill.outer else root.name
        is_copied = paths.is_material(f"{inner}/{page}")
        is_other = is_for_people(page) or paths.is_for_developers(page)
        return not (is_copied or is_other) and self.graph.hops.get(page) is not None

    def setting(self, name: str) -> str | None:
        """Return the string at ``metadata.<name>`` of the frontmatter: how a skill opts in."""
        data = self.skill.entry_document.frontmatter.data
        metadata = data.get("metadata") if isinstance(data, dict) else None
        value = metadata.get(name) if isinstance(metadata, dict) else None
        return value if isinstance(value, str) else None


def inspect(skill: Skill, clients: tuple[str, ...] = DEFAULT) -> Inspection:
    """Return the skill with its link graph, checklists and metrics."""
    sources = Sources(skill)
    return Inspection(
        skill,
        sources,
        graph.build(skill, citation.of_skill(skill, sources)),
        read.extract(skill),
        metrics.extract(skill),
        clients,
    )
