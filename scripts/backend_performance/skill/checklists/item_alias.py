"""Items that refer to another one (``Item: identifier``) and take over its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .model import TEXT_FIELDS, Checklist, Item


def filled(checklists: Iterable[Checklist]) -> Iterator[Checklist]:
    """Fill the fields of each alias from the item that it refers to."""
    known = tuple(checklists)
    by_id = {
        item.id: item for checklist in known for item in checklist.items if item.same_as is None
    }
    for checklist in known:
        yield replace(
            checklist,
            items=tuple(_filled(item, by_id.get(item.same_as or "")) for item in checklist.items),
        )


def _filled(item: Item, target: Item | None) -> Item:
    if target is None:
        return item
    return replace(
        item,
        **{name: getattr(item, name) or getattr(target, name) for name in TEXT_FIELDS},
        engines=item.engines or target.engines,
        probes=item.probes or target.probes,
        references=item.references or target.references,
    )
