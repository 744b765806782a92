"""Findings as SARIF 2.1.0 (OASIS), as code scanning services read it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ... import __version__
from ..diagnostic import Diagnostic
from .as_text import visible
from .baseline import fingerprint
from .checked import Checked, Found

#: In characters; a page can name a link of any length.
_MAX_MESSAGE = 2_000
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(results: Sequence[Checked], explained: dict[str, str]) -> dict[str, Any]:
    """Return one run with all results; ``explained`` gives the text of each rule."""
    rules = sorted({f.diagnostic.code for result in results for f in result.found})
    index = {code: number for number, code in enumerate(rules)}
    driver = {
        "name": "backend-performance validate",
        "semanticVersion": __version__,
        "rules": [_rule(code, explained[code]) for code in rules],
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(result, found, index) for result in results for found in result.found
                ],
            }
        ],
    }


def _rule(code: str, text: str) -> dict[str, Any]:
    first, _, rest = text.partition(". ")
    return {
        "id": code,
        "shortDescription": {"text": first.rstrip(".") + "."},
        "fullDescription": {"text": text},
        "help": {"text": rest or text},
    }


def _result(result: Checked, found: Found, index: dict[str, int]) -> dict[str, Any]:
    each = found.diagnostic
    place = {
        "artifactLocation": {"uri": _uri(result.path(each.file))},
        "region": _region(each),
    }
    if found.source:
        place["region"]["snippet"] = {"text": found.source}
    written: dict[str, Any] = {
        "ruleId": each.code,
        "ruleIndex": index[each.code],
        "level": each.severity,
        "message": {"text": message(f"{each.message}. {each.hint}")},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"lineText/v1": fingerprint(found)},
    }
    change = _change(found)
    if change:
        written["fixes"] = [
            {
                "description": {"text": message(each.hint)},
                "artifactChanges": [
                    {"artifactLocation": place["artifactLocation"], "replacements": [change]}
                ],
            }
        ]
    return written


def message(text: str) -> str:
    """Return a plain text message (3.11 of the standard) without links and placeholders of a page.

    What a page wrote is quoted in messages. ``[text](address)`` would be a link there.
    """
    short = text if len(text) <= _MAX_MESSAGE else f"{text[:_MAX_MESSAGE]}…"
    return visible(short).replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def _region(each: Diagnostic) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": each.line, "startColumn": each.column}
    if each.length:
        region["endColumn"] = each.column + each.length
    return region


def _change(found: Found) -> dict[str, Any] | None:
    """Return the edit of one line, where the repair is one."""
    fix, each = found.diagnostic.fix, found.diagnostic
    if fix is None or fix.kind not in ("text", "line"):
        return None
    start = found.source.find(fix.old, each.column - 1 if fix.kind == "text" else 0)
    if start < 0:
        return None
    region = {
        "startLine": each.line,
        "startColumn": start + 1,
        "endColumn": start + 1 + len(fix.old),
    }
    return {"deletedRegion": region, "insertedContent": {"text": fix.new}}


def _uri(path: str) -> str:
    return ("file://" if path.startswith("/") else "") + quote(os.fsencode(path))
