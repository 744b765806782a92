"""Skills with the same name: a client loads only one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...files import read_beginning
from ..diagnostic import note
from .checked import Checked, Found

#: Folders whose skills no client loads: backups, plans, translations.
_PUT_AWAY = re.compile(
    r"backup|archive|deprecated|experimental|planned|legacy|obsolete|attic|template|example|fixture|tests?\Z"
    r"|\A[a-z]{2}-[A-Z]{2}\Z|\Ai18n\Z|\Atranslations?\Z",
)
_MAX_PARTS = 6

CODES = {
    "name-collision": (
        "Clients know a skill by its name and load one of several, which one depends on the "
        "client. Rename one, or remove the copy."
    ),
}


def mark(results: Sequence[Checked]) -> list[Checked]:
    """Return the results with a finding for each skill whose name an earlier one has.

    Only skills of one folder of skills count, or of two plugins: copies for other clients,
    translations and backups are never loaded together.
    """
    first: dict[str, list[Checked]] = {}
    marked = []
    for result in results:
        earlier = first.setdefault(result.name, [])
        if not result.trouble and not _is_put_away(result.root):
            for other in earlier:
                finding = _finding(result, other)
                if finding:
                    result = replace(result, found=(finding, *result.found))
                    break
            earlier.append(result)
        marked.append(result)
    return marked


def _is_put_away(root: Path) -> bool:
    return any(_PUT_AWAY.search(part) for part in root.parts[-_MAX_PARTS:])


def _home(root: Path) -> Path:
    """Return the folder of skills that a client loads together."""
    for folder in root.parents:
        if folder.name in ("skills", "skill"):
            return folder
    return root.parent


def _finding(result: Checked, other: Checked) -> Found | None:
    home, other_home = _home(result.root), _home(other.root)
    if home == other_home:
        return _found(result, other, "keep one of them: clients load only one")
    if _is_plugin(home.parent) and _is_plugin(other_home.parent) and not _same(result, other):
        hint = "clients put the plugin's name before it; installers that do not load only one"
        return _found(result, other, hint)
    return None


def _found(result: Checked, other: Checked, hint: str) -> Found:
    message = f"`{result.name}` is also the name of the skill in {other.path('.')}"
    return Found(note("name-collision", "SKILL.md", 1, message, hint))


def _is_plugin(folder: Path) -> bool:
    return (folder / ".claude-plugin").is_dir()


def _same(result: Checked, other: Checked) -> bool:
    return _entry(result) == _entry(other)


def _entry(result: Checked) -> bytes:
    try:
        return read_beginning(result.root / "SKILL.md", 2**20)
    except OSError:
        return str(result.root).encode()
