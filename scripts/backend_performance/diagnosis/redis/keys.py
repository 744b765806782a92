"""Rows out of a sample of keys. Full names of keys never become part of a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..trouble import NoAnswer
from .databases import databases
from .sample import KeySizes, Sample, first_part

_PLAIN = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}")
_TOP = 50
WITHHELD = "(name withheld)"

Row = dict[str, Any]


def big_keys(sample: Sample) -> list[Row]:
    """The largest keys of a sample, with the first part of their names."""
    found = measured(sample)
    count, refused = len(found.sizes), found.refused
    largest = sorted(found.sizes, key=lambda pair: (-pair[1], pair[0]))[:_TOP]
    return [
        {
            "key_family": family(key),
            "size_kb": round(size / 1024, 1),
            "keys_measured": count,
            "keys_refused": refused,
            "all_keys_seen": found.complete,
            "examined": count,
        }
        for key, size in largest
    ]


def family(key: bytes) -> str:
    """Return the first part of a key's name if it is a plain word; the rest may be any data."""
    first = plain_word(first_part(key))
    return first if first == WITHHELD else f"{first}..."


def plain_word(name: bytes) -> str:
    """Return a name that is a plain word; any other may be data or an instruction."""
    word = name.decode("utf-8", "replace")
    return word if _PLAIN.fullmatch(word) else WITHHELD


def measured(sample: Sample) -> KeySizes:
    """Return the sizes of the sampled keys.

    Raises:
        NoAnswer: the role may measure none of them.
    """
    found: KeySizes = sample.reply("MEMORY USAGE")
    if found.refused and not found.sizes:
        raise NoAnswer(
            "the role may not measure any key. To find out: grant the probing user the key "
            "permission %R~* (7.0), which lets it read no value while no reading command is granted"
        )
    return found


def key_families(sample: Sample) -> list[Row]:
    """One row for each first part of the sampled keys: how many, how large.

    The expiry of a single key cannot be asked without counting as a lookup, so the share of keys
    that never expire is that of the whole instance.
    """
    found = measured(sample)
    sizes: dict[str, list[int]] = {}
    for key, size in found.sizes:
        sizes.setdefault(family(key), []).append(size)
    total = sum(map(sum, sizes.values())) or 1
    counted = databases(sample)
    keys = sum(row["keys"] for row in counted)
    lasting = round(100 - 100 * sum(r["with_expiry"] for r in counted) / keys, 1) if keys else None
    lives = _lives(sample)
    rows: list[Row] = [
        {
            "key_family": name,
            "keys_measured": len(each),
            "size_kb": round(sum(each) / 1024, 1),
            "largest_kb": round(max(each) / 1024, 1),
            "size_pct": round(100 * sum(each) / total, 1),
            "without_expiry_pct": lasting,
            **_expiry(lives.get(name, [])),
            "all_keys_seen": found.complete,
        }
        for name, each in sizes.items()
    ]
    rows.sort(key=lambda row: (-row["size_kb"], row["key_family"]))
    return [row | {"examined": len(rows)} for row in rows[:_TOP]]


def _lives(sample: Sample) -> dict[str, list[int]]:
    """Milliseconds that keys of a family still live; empty where the role may not ask."""
    try:
        found: Mapping[bytes, list[int]] = sample.reply("PTTL")
    except NoAnswer:
        return {}
    lives: dict[str, list[int]] = {}
    for first, each in found.items():
        lives.setdefault(family(first), []).extend(each)
    return lives


def _expiry(lives: list[int]) -> Row:
    expiring = sorted(n for n in lives if n >= 0)
    return {
        "ttl_asked": len(lives),
        "never_expire_pct": round(100 * (1 - len(expiring) / len(lives)), 1) if lives else None,
        "median_ttl_s": round(expiring[len(expiring) // 2] / 1000) if expiring else None,
    }
