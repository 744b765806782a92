"""What a citation that leads nowhere means: this skill, its plugin, a sample, a form to fill in."""

from __future__ import annotations

import re
from functools import lru_cache

from ..markdown.document import Document
from ..package import Skill
from . import context, paths
from .citation_model import Citation
from .resolver import Resolver
from .suggestion import Suggestions
from .target import CONVENTIONAL

IN_CODE = frozenset({"code-span", "fence", "text"})
#: How far around a link its line is looked at, in characters.
_MAX_NEAR = 300
#: `[name of the team]`, which is no link, footnote or box.
_TO_FILL_IN = re.compile(r"\[[^\[\]\n^]{4,200}\](?![(\[:])")
_MANY_TO_FILL_IN = 20
_EXAMPLES = re.compile(r"(?:\A|/)examples?(?:/|\.md\Z)")


def is_quoted(cited: Citation, page: Document | None) -> bool:
    """Return whether a link stands between quotes: as an example of what to write."""
    if page is None or cited.style != "link":
        return False
    line = page.lines[cited.line - 1]
    before = line[max(cited.column - 1 - _MAX_NEAR, 0) : cited.column - 1].rpartition("|")[2]
    after = line[cited.column - 1 : cited.column - 1 + _MAX_NEAR].partition("|")[0]
    quotes = ('"', "“", "”")
    is_open = sum(before.count(mark) for mark in quotes) % 2 == 1
    return is_open and any(mark in after for mark in quotes)


def is_certain(cited: Citation, skill: Skill, suggestions: Suggestions) -> bool:
    """Return whether a path in code means this skill: it is run, asked for, or lies nearby."""
    page = skill.documents.get(cited.source)
    if page is None or _EXAMPLES.search(cited.source.lower()):
        return False
    above = suggestions.above(cited.target)
    if above and cited.target.startswith("scripts/"):
        return is_in_plugin(above, skill)  # or else a script for those who work on the collection
    is_used = cited.role in ("run", "read") or suggestions.same_name(cited.target) is not None
    return bool(above) or is_used or context.is_asked_for(page, cited.line, cited.column)


def is_material(cited: Citation, skill: Skill) -> bool:
    """Return whether the page, or the skill as a whole, is a template to be copied."""
    return paths.is_material(f"{skill.root.name}/{cited.source}")


def is_form(cited: Citation, skill: Skill) -> bool:
    """Return whether a page is a form for a project, and a link leads to a folder of that one."""
    folder, is_below, _ = cited.target.partition("/")
    is_ours = folder in CONVENTIONAL or folder in skill.directories
    page = skill.documents.get(cited.source)
    if page is None or not is_below or is_ours or cited.style in IN_CODE:
        return False
    return _is_to_fill_in(page.text)


@lru_cache(maxsize=4)
def _is_to_fill_in(text: str) -> bool:
    return len(_TO_FILL_IN.findall(text)) >= _MANY_TO_FILL_IN


def is_sibling(cited: Citation, skill: Skill) -> bool:
    """Return whether another skill of the same folder is meant: a plugin brings both."""
    folder = skill.root / cited.target.removesuffix("/SKILL.md")
    return folder.resolve().parent == skill.root.parent and (folder / "SKILL.md").is_file()


def is_in_plugin(target: str, skill: Skill) -> bool:
    """Return whether a path stays in the plugin of the skill, which is installed as a whole."""
    plugin = Resolver(skill).plugin
    return plugin is not None and (skill.root / target).resolve().is_relative_to(plugin)
