"""Looks up written paths among the files of one skill."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from ..markdown.anchors import loose
from ..package import Skill
from .paths import base_name

#: A name in a path that a reader replaces: `{lang}`, `<topic>`, `$1`, `*`, `YYYY`.
PLACEHOLDER = re.compile(r"[<>{}*]|\$\w|\$\{|\bYYYY|\bNNN|\.\.\.|…")
_HOLE = re.compile(r"\$?\{[^{}/]*\}|<[^<>/]*>|\[[^\[\]/]*\]|\$\w+|YYYY|NNN+|\*\*/|\*+")
#: What is left of `${CLAUDE_SKILL_DIR}`, `{baseDir}` or `<path-to-skill>` without its decoration.
_ROOT_NAMES = re.compile(
    r"(?:pathto)?(?:claude|this|the|agent)?(?:skill|base)(?:base)?"
    r"(?:dir|directory|root|path|home|folder)?"
)
_DECORATION = re.compile(r"[\s${}<>()_-]")
_VARIABLE = re.compile(r"\$\w|\$\{|[{}<>~]")


class Resolver:
    """Looks paths up among the files of one skill."""

    def __init__(self, skill: Skill) -> None:
        self._skill = skill
        self.files = skill.files
        self.own_names = frozenset({skill.root.name, skill.name})
        self._beside: dict[str, bool] = {}

    @cached_property
    def _by_lower_case(self) -> dict[str, str]:
        names = (*self._skill.files, *self._skill.directories)
        return {name.lower(): name for name in sorted(names)}

    @cached_property
    def extensions(self) -> frozenset[str]:
        """Return the extensions of the skill's files, in lower case and without the dot."""
        bases = self._skill.by_base_name
        return frozenset(
            base.rsplit(".", 1)[1].lower() for base in bases if "." in base.lstrip(".")
        )

    def exists(self, path: str) -> bool:
        return path in self.files or self.is_folder(path)

    def is_beside(self, path: str) -> bool:
        """Return whether ``path`` exists but is not the skill's: in a nested skill, or hidden."""
        if path not in self._beside:
            is_possible = path.split("/", 1)[0] in self._on_disk
            self._beside[path] = is_possible and os.path.exists(self._skill.root / path)
        return self._beside[path]

    def is_above(self, path: str) -> bool:
        """Return whether the skill around this one has ``path``."""
        outer = self._skill.outer
        return outer is not None and not path.startswith("../") and os.path.exists(outer / path)

    def is_in_project(self, path: str) -> bool:
        """Return whether a skill in a client's folder of a project names a file of that project.

        Such a folder is `.claude/skills/`; the agent works in the project's.
        """
        skills = self._skill.root.parent
        is_clients = skills.name == "skills" and skills.parent.name.startswith(".")
        is_inside = is_clients and not path.startswith("../")
        return is_inside and os.path.exists(skills.parents[1] / path)

    def is_in_outer(self, target: str) -> bool:
        """Return whether a path out of the skill stays in the skill around it, and is there."""
        outer = self._skill.outer
        if outer is None:
            return False
        full = Path(os.path.normpath(self._skill.root / target))
        return full.is_relative_to(outer) and os.path.exists(full)

    @property
    def plugin(self) -> Path | None:
        """Return the folder of the plugin that the skill is part of."""
        return self._skill.plugin

    def below_plugin(self, written: str) -> str | None:
        """Return the file that `${CLAUDE_PLUGIN_ROOT}/…` names, as seen from the skill."""
        rest = written.replace("ROOT}/", "ROOT/", 1).partition("CLAUDE_PLUGIN_ROOT/")[2]
        if not rest or self.plugin is None or PLACEHOLDER.search(rest):
            return None
        return os.path.relpath(self.plugin / rest, self._skill.root).replace(os.sep, "/")

    def is_on_disk(self, target: str) -> bool:
        """Return whether a path from the skill's root leads to anything, in the skill or not."""
        return os.path.exists(self._skill.root / target)

    @cached_property
    def _by_composed(self) -> dict[str, str]:
        return {unicodedata.normalize("NFC", name): name for name in sorted(self._skill.files)}

    def other_form(self, path: str) -> str | None:
        """Return the file whose name is the same in another Unicode form, as macOS writes it."""
        if path.isascii():
            return None
        return self._by_composed.get(unicodedata.normalize("NFC", path))

    @cached_property
    def _on_disk(self) -> frozenset[str]:
        """The names in the skill's folder, whatever belongs to the skill."""
        try:
            return frozenset(os.listdir(self._skill.root))
        except OSError:
            return frozenset()

    def is_folder(self, path: str) -> bool:
        return path in (".", "") or path in self._skill.directories

    def other_case(self, path: str) -> str | None:
        """Return the path that differs from ``path`` only in letter case."""
        found = self._by_lower_case.get(path.lower())
        return found if found != path else None

    @cached_property
    def _base_names(self) -> frozenset[str]:
        folders = map(base_name, self._skill.directories)
        return frozenset((*self._skill.by_base_name, *folders))

    def is_foreign(self, written: str) -> bool:
        """Return whether a written path certainly names nothing of the skill; a cheap test."""
        if written in self._base_names:
            return False
        return not (
            "/" in written or "\\" in written or "[" in written or PLACEHOLDER.search(written)
        )

    def named(self, name: str) -> Sequence[str]:
        """Return all files with this base name."""
        return self._skill.by_base_name.get(name, ())

    @cached_property
    def unusual(self) -> list[str]:
        """Return the base names with a space, and the paths of scripts without an extension."""
        spaced = [base for base in self._skill.by_base_name if " " in base]
        bare = [
            name
            for name in sorted(self._skill.files)
            if name.startswith("scripts/") and "." not in base_name(name)
        ]
        return spaced + bare

    @cached_property
    def folders(self) -> list[str]:
        """Return the skill's folders that hold something, deepest first."""
        return sorted(self._skill.directories, key=lambda name: (-name.count("/"), name))

    def below(self, folder: str) -> list[str]:
        """Return all files below ``folder``, at any depth."""
        prefix = folder.rstrip("/") + "/"
        return sorted(name for name in self.files if name.startswith(prefix))

    def matching(self, patterns: tuple[str, ...]) -> Iterator[str]:
        """Yield the files that fit a path with placeholders, resolved in either of two ways."""
        for pattern in dict.fromkeys(patterns):
            fixed = _HOLE.sub("", pattern)
            # `<name>.md` or `*/*` would match every file, so it cites none in particular.
            if "/" not in fixed.strip("/") and not re.search(r"[\w-]{2,}[^/]*\.\w+\Z", fixed):
                continue
            expression = re.compile(_as_expression(pattern))
            yield from sorted(name for name in self.files if expression.fullmatch(name))

    def has_anchor(self, path: str, anchor: str) -> bool:
        page = self._skill.documents.get(path)
        if page is None:
            return True
        return (
            anchor in page.anchors or _is_line_anchor(anchor) or loose(anchor) in page.loose_anchors
        )


def _as_expression(pattern: str) -> str:
    parts, end = [], 0
    for hole in _HOLE.finditer(pattern):
        parts.append(re.escape(pattern[end : hole.start()]))
        parts.append("(?:.*/)?" if hole.group() == "**/" else "[^/]*")
        end = hole.end()
    return "".join(parts) + re.escape(pattern[end:])


def _is_line_anchor(anchor: str) -> bool:
    return anchor in ("", "top") or bool(re.fullmatch(r"L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?", anchor))


def below_variable(path: str) -> tuple[str, bool] | None:
    """Return (what follows the variable part, whether it stands for the skill's folder).

    ``None`` when the path starts with no variable, placeholder or home directory.
    """
    first, slash, rest = path.partition("/")
    if not slash or not _VARIABLE.search(first):
        return None
    return rest, bool(_ROOT_NAMES.fullmatch(_DECORATION.sub("", first).lower()))
