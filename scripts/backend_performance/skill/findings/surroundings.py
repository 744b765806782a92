"""Defects around skills that keep clients from loading them: manifests, pages without a folder.

They are looked for when a folder of skills is checked, not for one skill alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...files import read_regular
from .. import plugin
from ..diagnostic import Diagnostic, error, warning
from ..folder_scan import ENTRY
from ..markdown import frontmatter
from . import manifests
from .checked import Checked, Found
from .manifests import Problem

CODES = {
    "marketplace-manifest": (
        "`claude plugin validate` refuses this `.claude-plugin/marketplace.json`, so its plugins "
        "cannot be installed. Correct the value."
    ),
    "plugin-manifest": (
        "`claude plugin validate` refuses this `.claude-plugin/plugin.json`, so the plugin with "
        "all its skills is not loaded. Correct the value."
    ),
    "plugin-hooks": (
        "`claude plugin validate` refuses this `hooks/hooks.json`, and none of the plugin's hooks "
        "runs. Correct the value."
    ),
    "skill-flat-file": (
        "Clients look for `skills/NAME/SKILL.md`; a page right below `skills/` is not loaded. "
        "Move it into a folder of its own."
    ),
}
MAX_BYTES = 1_000_000
_MAX_ABOVE = 4
#: By their paths in the folder of a plugin or marketplace: their codes, and what checks them.
_MANIFESTS: dict[str, tuple[str, Callable[[Any, Path], Iterator[Problem]]]] = {
    ".claude-plugin/plugin.json": ("plugin-manifest", manifests.plugin),
    ".claude-plugin/marketplace.json": ("marketplace-manifest", manifests.marketplace),
    "hooks/hooks.json": ("plugin-hooks", lambda data, _: manifests.hooks(data)),
}


def mark(
    results: Sequence[Checked], paths: Sequence[Path], counts: Callable[[str], bool]
) -> list[Checked]:
    """Return the results; the first skill near a manifest or a flat page has its findings.

    Args:
        paths: What was to be checked; nothing outside of it is looked at.
        counts: Whether a code is looked for.
    """
    roots = {path.resolve() for path in paths if path.is_dir()}
    seen: set[Path] = set()
    marked = []
    for result in results:
        found: list[Found] = []
        for folder in (result.root, *result.root.parents[:_MAX_ABOVE]):
            if folder not in seen and not roots.isdisjoint((folder, *folder.parents)):
                seen.add(folder)
                found += [Found(d) for d in _of_folder(folder, result.root) if counts(d.code)]
        marked.append(replace(result, found=(*found, *result.found)) if found else result)
    return marked


def _of_folder(folder: Path, skill: Path) -> Iterator[Diagnostic]:
    if folder.name == "skills":
        yield from _flat_files(folder, skill)
    for name, (code, check) in _MANIFESTS.items():
        path = folder / name
        if not path.is_file() or not (folder / ".claude-plugin").is_dir():
            continue
        if code == "plugin-hooks" and not plugin.is_plugin(folder):
            continue  # those of another client's extension
        file, text = _relative(path, skill), _text(path)
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as exc:
            line = getattr(exc, "lineno", 1)
            yield error(code, file, line, "the file is not JSON", "correct it")
            continue
        for problem in check(data, folder):
            report, hint = error, "correct it, then run `claude plugin validate`"
            if not problem.is_refused:
                report, hint = warning, "add it or remove the entry: it cannot be installed"
            yield report(code, file, _line(text, problem.key), problem.message, hint)


def _flat_files(folder: Path, skill: Path) -> Iterator[Diagnostic]:
    for path in sorted(folder.glob("*.md")):
        if path.name == ENTRY:
            continue  # the folder itself is a skill
        matter = frontmatter.read(_text(path).split("\n"), path.name)
        if matter.text("name") and matter.text("description"):
            yield warning(
                "skill-flat-file",
                _relative(path, skill),
                1,
                f"`{path.name}` is written as a skill but has no folder of its own",
                f"move it to {folder.name}/{path.stem}/{ENTRY}; clients look only there",
            )


def _text(path: Path) -> str:
    try:
        content = read_regular(path.resolve(), MAX_BYTES)
    except (OSError, RuntimeError):  # a loop of links
        return ""
    return content.decode("utf-8-sig", errors="replace")


def _line(text: str, key: str) -> int:
    at = text.find(f'"{key}"')
    return text.count("\n", 0, max(at, 0)) + 1


def _relative(path: Path, skill: Path) -> str:
    return os.path.relpath(path, skill).replace(os.sep, "/")
