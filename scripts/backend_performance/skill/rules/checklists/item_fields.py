"""Items that lack fields the skill has promised.

A skill opts in with ``metadata.checklist-fields: check fix verify …``; then each item (other
than those that stand for another one) must have them, and no title may occur twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...checklists.model import LEVELS, TEXT_FIELDS, Item
from ...diagnostic import Diagnostic, error
from ...inspection import Inspection

CODES = {
    "checklist-field-missing": (
        "The skill has promised in `metadata.checklist-fields` that each item has this field. Add "
        "it."
    ),
    "checklist-field-value": (
        "Impact and effort are `high`, `medium` or `low`, so that items can be ordered. Use one "
        "of these."
    ),
    "checklist-title-repeated": (
        "Two items share one title, so answers get mixed up. State the advice once and refer "
        "to it with `Item:`."
    ),
}

SETTING = "checklist-fields"


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per field that is missing or has a value outside its scale."""
    wanted = (inspection.setting(SETTING) or "").split()
    if not wanted:
        return
    titles: dict[str, Item] = {}
    for item in (item for listed in inspection.checklists for item in listed.items):
        for name in wanted:
            if name in TEXT_FIELDS and not _has(item, name):
                yield error(
                    "checklist-field-missing",
                    item.file,
                    item.line,
                    f"`{item.title[:80]}` has no `{name.capitalize()}:`",
                    f"add `- {name.capitalize()}: …` below the item",
                )
        for name in ("impact", "effort"):
            value = getattr(item, name)
            if value and value not in LEVELS:
                yield error(
                    "checklist-field-value",
                    item.file,
                    item.line,
                    f"`{name.capitalize()}: {value[:40]}` is not on the scale",
                    f"use one of {', '.join(LEVELS)}",
                )
        if item.same_as is None:
            yield from _repeated(item, titles)


def _has(item: Item, name: str) -> bool:
    if name == "probe":  # a link anywhere in the item will do, or the reason why there is none
        return bool(item.probes or item.no_probe)
    return bool(getattr(item, name))


def _repeated(item: Item, titles: dict[str, Item]) -> Iterator[Diagnostic]:
    first = titles.setdefault(item.title.casefold(), item)
    if first is not item:
        yield error(
            "checklist-title-repeated",
            item.file,
            item.line,
            f"`{item.title[:80]}` is also the title of {first.id}",
            "give the advice once and refer to it with an `Item:` field",
        )
