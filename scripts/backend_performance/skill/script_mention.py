"""Files that the skill's own scripts name: templates they read, modules they import.

Only asked about files that no page cites; a script is read as text, never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .citation_model import Citation
from .package import Skill
from .resolver import Resolver
from .sources import SUFFIXES, Sources

_IMPORT = re.compile(r"\b(?:import|from|require|source|use|mod)\b")


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
        and name.lower().endswith((".md", ".markdown", *SUFFIXES))
        and not any(name.startswith(folder + "/") for folder in folders)
    ]
    if not wanted:
        return
    for source, text in sources:
        imports = "\n".join(line for line in text.split("\n") if _IMPORT.search(line))
        for target in wanted:
            at = _named_at(target, text, imports) if target != source else None
            if at is not None:
                line = text.count("\n", 0, at) + 1
                column = at - text.rfind("\n", 0, at)
                yield Citation(source, line, column, "script", target, target, None, "ok")


def _named_at(target: str, text: str, imports: str) -> int | None:
    """Return the offset at which a script names ``target``, its module or its folder."""
    folder, _, base = target.rpartition("/")
    at = text.find(base)
    if at >= 0:
        return at
    stem = base.rsplit(".", 1)[0]
    if stem == "__init__" and folder:
        stem = folder.rsplit("/", 1)[-1]
    if re.search(rf"(?<![\w-]){re.escape(stem)}(?![\w-])", imports):
        return max(text.find(stem), 0)
    leaf = folder.rsplit("/", 1)[-1]
    match = re.search(rf"[\"'/]{re.escape(leaf)}[\"'/]", text) if leaf else None
    return match.start() if match else None
