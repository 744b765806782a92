"""Families of metrics: what instrumentations call them, and which of them a server holds.

The files in ``scripts/probes/prometheus/families`` describe them. A name is compared without its
unit and without what the exposition adds to it (``_bucket``, ``_count``, ``_total``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from ... import plain_yaml
from ...skill_root import default_root
from ..probes import catalog

FOLDER = f"{catalog.FOLDER}/prometheus/families"
#: A name belongs to the first of these files that describes it.
FILES = ("own", "database", "client", "server", "calls", "requests")
#: What a unit is in milliseconds.
UNITS = {"s": 1000.0, "ms": 1.0, "us": 0.001, "ns": 0.000001}
_SUFFIXES = {
    "_seconds": "s",
    "_milliseconds": "ms",
    "_millis": "ms",
    "_ms": "ms",
    "_microseconds": "us",
    "_us": "us",
    "_nanoseconds": "ns",
    "_ns": "ns",
}
_PARTS = ("bucket", "count", "sum")
#: What some add behind the unit to say which form it is.
_FORM = re.compile(r"_(?:histogram|summary|timer)\Z")
_PLAIN = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")


@dataclass(frozen=True)
class Family:
    """What one instrumentation records: names, unit, and labels by what they mean.

    Args:
        unit: Of a name that does not end in one: ``s``, ``ms``, or ``unclear``.
        labels: For each meaning, such as ``route``, the labels that may hold it, best first; those
            in one tuple make one value together.
        failed: A regular expression for values of the status that mean a failure.
        where: PromQL matchers that leave out what is not meant.
    """

    of: str
    names: tuple[str, ...]
    unit: str
    labels: Mapping[str, tuple[tuple[str, ...], ...]]
    failed: re.Pattern[str]
    where: str
    is_counter: bool


@dataclass(frozen=True)
class Held:
    """A family under the name by which the server holds it; ``parts`` say in which forms."""

    family: Family
    base: str
    unit: str
    parts: frozenset[str]

    def selector(self, part: str = "", matchers: str = "") -> str:
        """Return the PromQL selector of one part, such as ``bucket``; empty for the bare name."""
        name = f"{self.base}_{part}" if part else self.base
        conditions = [each for each in (self.family.where, matchers) if each]
        if not _PLAIN.fullmatch(name):
            quoted = name.replace("\\", "\\\\").replace('"', '\\"')
            conditions.insert(0, f'__name__="{quoted}"')
            name = ""
        return f"{name}{{{','.join(conditions)}}}" if conditions else name


def held(names: Collection[str]) -> dict[str, tuple[Held, ...]]:
    """Return the families among these names, by the file that describes them."""
    found: dict[str, list[Held]] = {file: [] for file in FILES}
    for base, parts in sorted(_bases(names).items()):
        known = _known(base, parts) or _known(_FORM.sub("", base), parts)
        if known is not None:
            file, family, unit = known
            found[file].append(Held(family, base, unit or family.unit, frozenset(parts)))
    return {file: tuple(families) for file, families in found.items()}


def _known(base: str, parts: Collection[str]) -> tuple[str, Family, str] | None:
    """Return the file, the family and the unit that a name has, if any describes it."""
    stem, unit = _stem(base)
    for file in FILES:
        family = _fitting(described(file), stem, parts)
        if family is not None:
            return file, family, unit
    return None


def _bases(names: Collection[str]) -> dict[str, set[str]]:
    """Names without what the exposition adds, each with what was added."""
    bases: dict[str, set[str]] = {}
    for name in names:
        base, _, part = name.rpartition("_")
        if ":" in name:
            continue  # a recording rule: what it holds, only its author knows
        if part in _PARTS and base:
            bases.setdefault(base, set()).add(part)
        else:
            bases.setdefault(name, set()).add("")
    return bases


def _stem(base: str) -> tuple[str, str]:
    """Return the name in OpenTelemetry's or the usual spelling without its unit, and the unit."""
    stem = re.sub(r"[^A-Za-z0-9_]", "_", base)
    for suffix, unit in _SUFFIXES.items():
        if stem.endswith(suffix):
            return stem.removesuffix(suffix), unit
    return stem, ""


def _fitting(families: Sequence[Family], stem: str, parts: Collection[str]) -> Family | None:
    for family in families:
        if family.is_counter:
            fits = _counts(family, stem, parts)
        else:
            fits = any(fnmatchcase(stem, name) for name in family.names)
        if fits:
            return family
    return None


def _counts(family: Family, stem: str, parts: Collection[str]) -> bool:
    if "sum" in parts or "bucket" in parts:
        return False  # the count of a histogram or a summary, which other families describe
    whole = stem if "" in parts else f"{stem}_count"
    # Without such an ending a name that only resembles others is that of a gauge as often.
    is_sure = whole.endswith(("_total", "_count"))
    names = (name for name in family.names if is_sure or "*" not in name)
    return any(fnmatchcase(whole.removesuffix("_total"), name) for name in names)


@cache
def described(file: str) -> tuple[Family, ...]:
    """Return the families of one file, in its order."""
    data = plain_yaml.load_file(default_root() / FOLDER / f"{file}.yaml")
    return tuple(_family(entry, data) for entry in data["families"])


def _family(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Family:
    own = entry.get("labels", {})
    meanings = dict.fromkeys([*data["labels"], *own])
    labels = {meaning: _alternatives(meaning, own, data["labels"]) for meaning in meanings}
    return Family(
        of=entry["of"],
        names=tuple(entry["names"]),
        unit=entry.get("unit", "unclear"),
        labels=labels,
        failed=re.compile(entry.get("failed") or data.get("failed") or "(?!)"),
        where=entry.get("where", ""),
        is_counter=data.get("type") == "counter",
    )


def _alternatives(
    meaning: str, own: Mapping[str, Sequence[str]], common: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    if own.get(meaning) == []:
        return ()  # the family says that it has none
    names = dict.fromkeys([*own.get(meaning, ()), *common.get(meaning, ())])
    return tuple(tuple(name.split()) for name in names)
