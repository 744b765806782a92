"""Files that the skill's own scripts name: templates they read, modules they import.

Only files that no page cites are looked for. Scripts are read as text and never run. Tests and the
like count neither as source nor as target, since agents do not read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..markdown.place import line_column
from ..package import Skill, is_page
from ..sources import SUFFIXES, Sources
from . import paths
from .citation_model import Citation
from .resolver import Resolver

_REST_OF_ADDRESS = re.compile(r"://[^\s\"'<>]+")
#: Files in which the name of a folder may be anything: a title, a key.
_DATA = (".yaml", ".yml", ".json", ".toml", ".txt")
_IMPORT = re.compile(r"\b(?:import|from|require|source|use|mod)\b")


def is_supply(name: str) -> bool:
    """Return whether a file is in a folder for pages and templates that the skill uses."""
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
            is_page(name)
            or name.lower().endswith(SUFFIXES)
            or is_supply(name)
            or name.startswith("scripts/")
        )
        and not any(name.startswith(folder + "/") for folder in folders)
    ]
    if not wanted:
        return
    texts = {
        source.path: _without_addresses(source.text)
        for source in sources
        if not paths.is_for_developers(source.path) and not source.text.isspace()
    }
    everything = "\0".join(texts.values())
    # Most files are named nowhere; one search in all scripts together rules them out.
    named = [each for each in map(_names, wanted) if each.may_be_in(everything)]
    for path, text in texts.items():
        imports: str | None = None
        is_program = not path.lower().endswith(_DATA)
        for each in named:
            if each.target == path or not each.may_be_in(text):
                continue
            if imports is None and each.stem in text:
                imports = _import_lines(text)
            at = _named_at(each, text, imports or "", is_program)
            if at is not None:
                line, column = line_column(text, at)
                yield Citation(path, line, column, "script", each.target, each.target, None, "ok")


@dataclass(frozen=True)
class _Names:
    """What a script may call a file: its base name, its module, its folder."""

    target: str
    base: str
    stem: str
    leaf: str

    def may_be_in(self, text: str) -> bool:
        return self.base in text or self.stem in text or (bool(self.leaf) and self.leaf in text)


def _names(target: str) -> _Names:
    folder, _, base = target.rpartition("/")
    leaf = paths.base_name(folder)
    stem = base.rsplit(".", 1)[0]
    return _Names(target, base, leaf if stem == "__init__" and folder else stem, leaf)


def _without_addresses(text: str) -> str:
    """Blank out addresses: a folder in `example.org/docs/` is not one of the skill."""
    return _REST_OF_ADDRESS.sub(_blank, text) if "://" in text else text


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


def _named_at(names: _Names, text: str, imports: str, is_program: bool) -> int | None:
    """Return the offset at which a file names another or its module; a program, its folder."""
    at = text.find(names.base)
    if at >= 0:
        return at
    # Substrings first: the cache of patterns is too small for one pattern per name.
    stem, leaf = names.stem, names.leaf
    if stem in imports and re.search(rf"(?<![\w-]){re.escape(stem)}(?![\w-])", imports):
        return text.find(stem)
    if not leaf or leaf not in text or not is_program:
        return None
    match = re.search(rf"[\"'/]{re.escape(leaf)}[\"'/]", text)
    return match.start() if match else None
