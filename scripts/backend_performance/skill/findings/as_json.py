"""Findings as ``diagnostics/1``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .checked import Checked, Summary


def render(results: Sequence[Checked], total: Summary) -> dict[str, Any]:
    """Return the findings of all skills, in order."""
    counts: dict[str, int] = {
        "skills": total.skills,
        "files": total.files,
        "errors": total.errors,
        "warnings": total.warnings,
        "notes": total.notes,
    }
    if total.suppressed:
        counts["suppressed"] = total.suppressed
    if total.baselined:
        counts["baselined"] = total.baselined
    return {
        "schema": "diagnostics/1",
        "skills": [{"name": result.name, "path": result.path(".")} for result in results],
        "summary": counts,
        "diagnostics": [
            {
                "code": each.code,
                "severity": each.severity,
                "skill": result.name,
                "path": result.path(each.file),
                "file": each.file,
                "line": each.line,
                "column": each.column,
                "length": each.length,
                "message": each.message,
                "hint": each.hint,
                "fixable": each.fix is not None,
            }
            for result in results
            for each in (found.diagnostic for found in result.found)
        ],
    }
