"""Pages that nothing leads to are never read; pages behind another page are read too late.

The specification asks for references one level deep from SKILL.md: an agent that must open a
page to learn of the next one often stops before.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostic import Diagnostic, warning
from ..inspection import Inspection

CODES = ("page-orphaned", "page-too-far")

MAX_HOPS = 1


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per page without a short way from the entry page."""
    for node in inspection.graph.nodes:
        if node.kind != "page":
            continue
        if node.hops is None:
            yield warning(
                "page-orphaned",
                node.file,
                1,
                "no page leads here",
                f"link it from {inspection.skill.entry} and say when to read it, or remove it",
            )
        elif node.hops > MAX_HOPS and _is_knowledge(node.file):
            yield warning(
                "page-too-far",
                node.file,
                1,
                f"{inspection.skill.entry} leads here only over {node.hops} steps",
                f"link it from {inspection.skill.entry} directly",
            )


def _is_knowledge(file: str) -> bool:
    return "/" in file
