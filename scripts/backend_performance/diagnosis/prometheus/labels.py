"""Which label names a thing: instrumentations have many words for a route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Alternatives = Sequence[Sequence[str]]
#: Meanings whose values are text with variable parts, not the name of something.
_TEXTS = ("route", "operation")


def grouping(meanings: Iterable[Alternatives]) -> str:
    """Return all labels that may hold one of the meanings, as PromQL's ``by`` takes them.

    A label that no series has costs nothing there.
    """
    names = (name for each in meanings for together in each for name in together)
    return ", ".join(dict.fromkeys(names))


def value(labels: Mapping[str, str], alternatives: Alternatives) -> str:
    """Return the first alternative that the series carries; empty where it carries none."""
    for together in alternatives:
        if labels.get(together[0]):
            return "/".join(text for name in together if (text := labels.get(name)))
    return ""


def named(meanings: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    """Return the columns that say what a row is about; one that is empty is left out."""
    return {
        f"{meaning}_untrusted" if meaning in _TEXTS else meaning: text
        for meaning, text in zip(meanings, values, strict=True)
        if text
    }
