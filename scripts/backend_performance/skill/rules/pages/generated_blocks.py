"""Generated blocks that are stale, unknown or not closed.

A stale index sends the agent to headings that are gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...checklists import generated
from ...diagnostic import Diagnostic, error
from ...inspection import Inspection

CODES = {
    "generated-block-stale": (
        "A generated index no longer agrees with the pages it lists. Run `crosslink.py --write`."
    ),
    "generated-block-unclosed": (
        "The start marker has no end marker, so nothing can be written between them. Add `<!-- "
        "/generated:NAME -->`."
    ),
    "generated-block-unknown": (
        "There is no generator of this name. Check the spelling of the marker."
    ),
}


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield at most one finding per block."""
    for page in inspection.skill.documents.values():
        found = list(generated.blocks(page))
        for block in found:
            if block.name not in generated.NAMES:
                yield error(
                    "generated-block-unknown",
                    page.path,
                    block.start,
                    f"there is no generated block called `{block.name}`",
                    f"use one of {', '.join(generated.NAMES)}",
                )
            elif not block.end:
                yield error(
                    "generated-block-unclosed",
                    page.path,
                    block.start,
                    f"the generated block `{block.name}` is never closed",
                    f"write `<!-- /generated:{block.name} -->` after it",
                )
        if found and generated.updated(page, inspection.checklists) != page.text:
            yield error(
                "generated-block-stale",
                page.path,
                found[0].start,
                "a generated block of this page is not up to date",
                "run `scripts/crosslink.py --write`",
            )
