"""Findings as workflow commands of GitHub Actions, which shows them beside the lines.

Format and escapes: GitHub's "Workflow commands", setting an error, warning or notice message.
"""

from __future__ import annotations

from collections.abc import Sequence

from .checked import Checked, Found

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(results: Sequence[Checked]) -> str:
    """Return one command a finding."""
    return "\n".join(_command(result, found) for result in results for found in result.found)


def _command(result: Checked, found: Found) -> str:
    each = found.diagnostic
    fields = {
        "file": result.path(each.file),
        "line": str(each.line),
        "col": str(each.column),
        "title": each.code,
    }
    if each.length:
        fields["endColumn"] = str(each.column + each.length)
    written = ",".join(f"{name}={_property(text)}" for name, text in fields.items())
    return f"::{_COMMANDS[each.severity]} {written}::{_data(f'{each.message}. {each.hint}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
