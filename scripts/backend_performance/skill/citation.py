"""Every way in which skills cite their own files, in one model.

Over public skills most citations are not links: a path in a code span, a command in a fence, a
folder, a bare file name. A checker that reads only links sees a fifth of them. A path that is
not a link may also be an example, a placeholder or a file of the user's own project; it counts
only when it names something in the skill, and is reported as missing only when it points into a
folder that the skill has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from . import paths
from .document import Document
from .package import Skill

#: Status of a citation. Everything but ok, external and folder is a defect.
STATUSES = (
    "ok",
    "external",
    "folder",
    "missing-file",
    "missing-anchor",
    "letter-case",
    "outside",
    "absolute",
    "backslash",
    "empty",
    "from-root",
)

_LINK_STYLES = {"link": "link", "reference": "reference", "image": "image", "html": "html"}
_EXTENSION = r"\.[A-Za-z][A-Za-z0-9]{0,7}"
_PATH = re.compile(rf"(?:[\w.@+-]+/)*[\w.@+-]+{_EXTENSION}\b(?!/)|(?:[\w.-]+/)+(?![\w*<{{$])")
#: What stands before a path that starts elsewhere: `${SKILL_DIR}/`, `<skill>/`, `~/`, `/`.
_PREFIX = re.compile(r"(?:^|[\s\"'`=(:])[^\s\"'`=(]*[/<>{}$*~]\Z")
_PLACEHOLDER = re.compile(r"[<>{}$*]|\bYYYY|\bNNN|\.\.\.")
_SHELL = frozenset({"", "bash", "sh", "shell", "console", "zsh", "shell-session", "text", "txt"})
#: What makes the next word of a shell line a program of this skill.
_RUNS = re.compile(r"(?:^|[\s;&|(])(?:uv run|python3?|node|bash|sh|ruby|npx|deno run)\s+\Z")
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Citation:
    """``source`` cites ``target`` at ``line``:``column``.

    ``target`` is relative to the skill root, or the URL of an external link. ``suggestion`` is
    what to write instead, where that is certain.
    """

    source: str
    line: int
    column: int
    style: str
    written: str
    target: str
    anchor: str | None
    status: str
    suggestion: str | None = None


class Resolver:
    """Looks paths up among the files of one skill."""

    def __init__(self, skill: Skill) -> None:
        self._skill = skill

    @cached_property
    def _by_lower_case(self) -> dict[str, str]:
        names = (*self._skill.files, *self._skill.directories)
        return {name.lower(): name for name in sorted(names)}

    @cached_property
    def _by_base_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in sorted(self._skill.files):
            found.setdefault(name.rsplit("/", 1)[-1], []).append(name)
        return found

    @property
    def files(self) -> frozenset[str]:
        return self._skill.files

    def exists(self, path: str) -> bool:
        return path in self._skill.files or self.is_folder(path)

    def is_folder(self, path: str) -> bool:
        return path in (".", "") or path in self._skill.directories

    def other_case(self, path: str) -> str | None:
        """Return the path that differs from ``path`` only in letter case."""
        return self._by_lower_case.get(path.lower())

    def only_file_named(self, name: str) -> str | None:
        """Return the one file with this base name; ``None`` when there are none or several."""
        found = self._by_base_name.get(name, [])
        return found[0] if len(found) == 1 else None

    def has_anchor(self, path: str, anchor: str) -> bool:
        page = self._skill.documents.get(path)
        if page is None:
            return True
        return anchor.lower() in {a.lower() for a in page.anchors} or _is_line_anchor(anchor)


def _is_line_anchor(anchor: str) -> bool:
    return anchor in ("", "top") or bool(re.fullmatch(r"L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?", anchor))


def of_skill(skill: Skill) -> tuple[Citation, ...]:
    """Return every citation of the skill's pages, in the order of pages and lines."""
    resolver = Resolver(skill)
    found = []
    for page in skill.documents.values():
        cited = [*_links(page, resolver), *_code_spans(page, resolver), *_fences(page, resolver)]
        found.extend(sorted(cited, key=lambda c: (c.line, c.column)))
    return tuple(found)


def _links(page: Document, resolver: Resolver) -> Iterator[Citation]:
    for link in page.links:
        style = _LINK_STYLES.get(link.style)
        if style is None or paths.is_external(link.target):
            yield Citation(
                page.path, link.line, link.column, link.style, link.target, link.target, None,
                "external",
            )
            continue
        target, anchor, status, suggestion = _resolve_link(page, link.target, resolver)
        yield Citation(
            page.path, link.line, link.column, style, link.target, target, anchor, status,
            suggestion,
        )


def _resolve_link(
    page: Document, written: str, resolver: Resolver
) -> tuple[str, str | None, str, str | None]:
    path, anchor = paths.split_anchor(written)
    if not written.strip():
        return page.path, None, "empty", None
    if "\\" in path:
        return path, anchor, "backslash", path.replace("\\", "/")
    if path.startswith("/"):
        return path, anchor, "absolute", None
    target = paths.resolve(page.path, path)
    if target == ".." or target.startswith("../"):
        return target, anchor, "outside", None
    if not resolver.exists(target):
        return _missing(page, path, target, anchor, resolver)
    if resolver.is_folder(target):
        return target, anchor, "folder", None
    if anchor is not None and not resolver.has_anchor(target, anchor):
        return target, anchor, "missing-anchor", None
    return target, anchor, "ok", None


def _missing(
    page: Document, path: str, target: str, anchor: str | None, resolver: Resolver
) -> tuple[str, str | None, str, str | None]:
    other = resolver.other_case(target)
    if other is not None:
        return target, anchor, "letter-case", _relative(page.path, other)
    from_root = paths.resolve("", path)
    if resolver.exists(from_root):
        return from_root, anchor, "from-root", _relative(page.path, from_root)
    return target, anchor, "missing-file", None


def _relative(source: str, target: str) -> str:
    folder = source.split("/")[:-1]
    parts = target.split("/")
    while folder and parts and folder[0] == parts[0]:
        folder, parts = folder[1:], parts[1:]
    return "/".join([".."] * len(folder) + parts)


class _Written(NamedTuple):
    """A path in code. ``prefixed`` paths start at a variable, a placeholder or elsewhere."""

    offset: int
    path: str
    prefixed: bool


def _code_spans(page: Document, resolver: Resolver) -> Iterator[Citation]:
    for span in page.code_spans:
        for written in _path_like(span.text):
            is_whole = written.path == span.text.strip()
            cited = _cited(page, written, resolver, may_be_bare=is_whole)
            if cited:
                target, status, suggestion = cited
                style = "folder" if status == "folder" else "code-span"
                yield Citation(
                    page.path,
                    span.line,
                    span.column + written.offset,
                    style,
                    written.path,
                    target,
                    None,
                    status,
                    suggestion,
                )


def _fences(page: Document, resolver: Resolver) -> Iterator[Citation]:
    for fence in page.fences:
        is_shell = fence.info.split(" ", 1)[0].lower() in _SHELL
        for number, line in enumerate(fence.text.split("\n"), start=1):
            for written in _path_like(line):
                cited = _cited(page, written, resolver, may_be_bare=False)
                if not cited:
                    continue
                target, status, suggestion = cited
                # A listing in a fence is drawn, not addressed: only a command can be wrong.
                is_command = is_shell and bool(_RUNS.search(line[: written.offset]))
                if status in ("ok", "folder") or is_command:
                    yield Citation(
                        page.path,
                        fence.line + number,
                        fence.column + written.offset,
                        "fence",
                        written.path,
                        target,
                        None,
                        status,
                        suggestion,
                    )


def _path_like(text: str) -> Iterator[_Written]:
    """Yield what can be a path of this skill in a piece of code."""
    if "/" not in text and "." not in text:
        return
    visible = _URL.sub(lambda match: " " * len(match.group()), text)
    for match in _PATH.finditer(visible):
        after = visible[match.end() : match.end() + 1]
        if not (after and after in "<>{}$*"):
            prefixed = bool(_PREFIX.search(visible[: match.start()]))
            yield _Written(match.start(), match.group(), prefixed)


def _cited(
    page: Document, written: _Written, resolver: Resolver, *, may_be_bare: bool
) -> tuple[str, str, str | None] | None:
    """Return (target, status, suggestion), or ``None`` when the skill is not meant."""
    if written.prefixed:
        return _below_prefix(written.path, resolver)
    candidates = [paths.resolve(page.path, written.path), paths.resolve("", written.path)]
    for target in candidates:
        if resolver.exists(target) and target != ".":
            return target, "folder" if resolver.is_folder(target) else "ok", None
    if _PLACEHOLDER.search(written.path):
        return None
    if "/" not in written.path:
        only = resolver.only_file_named(written.path) if may_be_bare else None
        return (only, "ok", None) if only else None
    return _missing_in_skill(written.path, candidates, resolver)


def _below_prefix(path: str, resolver: Resolver) -> tuple[str, str, None] | None:
    parts = path.split("/")
    for start in range(len(parts) - 1):
        target = "/".join(parts[start:])
        if target in resolver.files:
            return target, "ok", None
    return None


def _missing_in_skill(
    path: str, candidates: list[str], resolver: Resolver
) -> tuple[str, str, str | None] | None:
    for target in candidates:
        other = resolver.other_case(target)
        if other:
            return target, "letter-case", other
    first = path.split("/", 1)[0]
    is_ours = first not in (".", "..") and resolver.is_folder(first) and not path.endswith("/")
    return (candidates[-1], "missing-file", None) if is_ours else None
