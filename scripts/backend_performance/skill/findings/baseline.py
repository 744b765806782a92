"""Findings that were there when a project adopted the validator; only new ones count.

A finding is recognised by its file, its code and the text of its line, so lines may move. Equal
findings of one line are counted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...files import read_regular, write_atomically
from .checked import Checked, Found

SCHEMA = "baseline/1"
MAX_BYTES = 20 * 2**20


class BaselineError(ValueError):
    """A baseline that cannot be read; the message says why."""


def fingerprint(found: Found) -> str:
    """Return a digest of the finding that does not change when lines move."""
    text = found.source.strip() or found.diagnostic.message
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def write(path: Path, results: Sequence[Checked]) -> int:
    """Write the findings to ``path``, atomically; return how many there are."""
    counts = Counter(_key(path, result, found) for result in results for found in result.found)
    entries = [
        {"file": file, "code": code, "line": line, "count": count}
        for (file, code, line), count in sorted(counts.items())
    ]
    text = json.dumps({"schema": SCHEMA, "findings": entries}, indent=1, ensure_ascii=False)
    write_atomically(path, f"{text}\n".encode("utf-8", "backslashreplace"), mode=0o644)
    return sum(counts.values())


def read(path: Path) -> Counter[tuple[str, str, str]]:
    """Return the counts of a baseline by file, code and fingerprint of the line.

    Raises:
        BaselineError: there is no such file, or it is no baseline.
    """
    try:
        data = json.loads(read_regular(path, MAX_BYTES))
        if data["schema"] != SCHEMA:
            raise BaselineError(f"{path}: its schema is {data['schema']!r}, expected {SCHEMA!r}")
        return Counter(
            {(e["file"], e["code"], e["line"]): int(e["count"]) for e in data["findings"]}
        )
    except OSError as exc:
        reason = exc.strerror or exc
        raise BaselineError(f"{path}: {reason}; make one with --write-baseline") from None
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as exc:
        if isinstance(exc, BaselineError):
            raise
        raise BaselineError(f"{path}: not a baseline; make one with --write-baseline") from None


def without(
    results: Sequence[Checked], path: Path, known: Counter[tuple[str, str, str]]
) -> tuple[list[Checked], int]:
    """Return the results less what the baseline knows, and how many of it are gone."""
    left = Counter(known)
    fresh = []
    for result in results:
        kept = []
        for found in result.found:
            key = _key(path, result, found)
            if left[key] > 0:
                left[key] -= 1
            else:
                kept.append(found)
        fresh.append(replace(result, found=tuple(kept), baselined=len(result.found) - len(kept)))
    return fresh, sum(left.values())


def _key(path: Path, result: Checked, found: Found) -> tuple[str, str, str]:
    """Name the file relative to the folder of the baseline, so that it is valid everywhere."""
    file = os.path.relpath(result.root / found.diagnostic.file, path.resolve().parent)
    return file.replace(os.sep, "/"), found.diagnostic.code, fingerprint(found)
