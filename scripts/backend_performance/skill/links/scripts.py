"""Files that the skill's own scripts name: templates they read, modules they import.

Only asked about files that no page cites; a script is read as text, never run. Tests and their
like count on neither side: an agent at work does not come there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..package import Skill
from ..sources import SUFFIXES, Sources
from . import paths
from .citation_model import Citation
from .resolver import Resolver

_REST_OF_ADDRESS = re.compile(r"://[^\s\"'<>]+")
_IMPORT = re.compile(r"\b(?:import|from|require|source|use|mod)\b")


def is_supply(name: str) -> bool:
    """Return whether a file lies where a skill keeps what it reads and fills in."""
    return name.startswith(("references/", "assets/")) and "/." not in name


def of_skill(
    skill: Skill, sources: Sources, resolver: Resolver, cited: set[str]
) -> Iterator[Citation]:
    """Yield a citation per script and file that no page cites but this script names."""
    folders = {edge for edge in cited if resolver.is_folder(edge) and edge not in ("", ".")}
    wanted = [
        name
        for name in sorted(skill.files)
        if name not in cited
        and name != skill.entry
        and not paths.is_for_developers(name)
        and (
            name.lower().endswith((".md", ".markdown", *SUFFIXES))
            or is_supply(name)
            or name.startswith("scripts/")
        )
        and not any(name.startswith(folder + "/") for folder in folders)
    ]
    if not wanted:
        return
    for source in sources:
        if paths.is_for_developers(source.path):
            continue
        # A folder in an address, as in `example.org/docs/`, is not one of the skill.
        text = _REST_OF_ADDRESS.sub(_blank, source.text) if "://" in source.text else source.text
        imports: str | None = None
        for target in wanted:
            if target == source.path:
                continue
            if imports is None and _stem(target) in text:
                imports = _import_lines(text)
            at = _named_at(target, text, imports or "")
            if at is not None:
                line = text.count("\n", 0, at) + 1
                column = at - text.rfind("\n", 0, at)
                yield Citation(source.path, line, column, "script", target, target, None, "ok")


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _import_lines(text: str) -> str:
    lines, match = [], _IMPORT.search(text)
    while match:
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        lines.append(text[text.rfind("\n", 0, match.start()) + 1 : end])
        match = _IMPORT.search(text, end)
    return "\n".join(lines)


def _stem(target: str) -> str:
    folder, _, base = target.rpartition("/")
    stem = base.rsplit(".", 1)[0]
    return folder.rsplit("/", 1)[-1] if stem == "__init__" and folder else stem


def _named_at(target: str, text: str, imports: str) -> int | None:
    """Return the offset at which a script names ``target``, its module or its folder."""
    folder, _, base = target.rpartition("/")
    at = text.find(base)
    if at >= 0:
        return at
    # Substrings first: a pattern of its own for each of many names is not cached.
    stem = _stem(target)
    if stem in imports and re.search(rf"(?<![\w-]){re.escape(stem)}(?![\w-])", imports):
        return text.find(stem)
    leaf = folder.rsplit("/", 1)[-1]
    if not leaf or leaf not in text:
        return None
    match = re.search(rf"[\"'/]{re.escape(leaf)}[\"'/]", text)
    return match.start() if match else None
