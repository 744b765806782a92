"""Paths of the skill's own files that stand in code, tables and prose without being links.

Over public skills most citations are of this kind: a path in a code span, a command in a fence,
a folder, a bare file name. Such a path may also be an example, a placeholder or a file of the
user's own project; it counts only when it names something in the skill, and is reported as
missing only when it points into a folder that the skill has and could not be an example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from . import paths
from .citation_model import Citation
from .document import Document
from .layout import Layout
from .resolver import PLACEHOLDER, Resolver, below_variable

#: Extensions that make a word a path even when the skill has no such file.
_COMMON = frozenset(
    {
        "md", "py", "sh", "js", "mjs", "cjs", "ts", "tsx", "json", "yaml", "yml", "toml", "txt",
        "sql", "html", "css", "csv", "xml", "svg", "png", "jpg", "pdf", "rb", "go", "markdown",
    }
)  # fmt: skip
_INSIDE_WORD = re.compile(r"[\w./-]")
_FOLDER_END = re.compile(r"/(?![\w*<{$.\[])|`? (?:folder|director)")
_TOKEN_BACK = re.compile(r"[\w@+.\-/:{}<>$*~%\[\]\\]*")
_SPACED_HOLE = re.compile(r"[<{][\w ]{1,40}\Z")
_SHELL = frozenset({"", "bash", "sh", "shell", "console", "zsh", "shell-session", "text", "txt"})
_CERTAIN_SHELL = _SHELL - {"", "text", "txt"}
#: What may stand before a program that a shell line invokes by its path.
_PROMPT = re.compile(r"\s*(?:[$>%#]\s+)?(?:sudo\s+)?(?:[A-Z_]+=\S*\s+)*(?:\./)?")
#: What makes the next word of a shell line a program.
_RUNS = re.compile(
    r"(?:^|[\s;&|(`])(?:uv run(?: --\S+)*|python3?(?: -\w)*|node|bash|sh|source|ruby|npx tsx|tsx"
    r"|deno run|bun(?: run)?|perl|Rscript)\s+[\"']?\Z"
)
#: Stems that stand for any file.
_EXAMPLE_STEM = re.compile(
    r"(?:my|your|the|some|any|new|old|sample|example|another|other)(?:[_-].*)?|file\w*|foo|bar|baz"
    r"|name|topic|x|xxx|script\d*|module|page|.*[_-]name|[A-Z_]{3,}",
)


#: More than any page for readers has.
MAX_MENTIONS = 20_000


@dataclass(frozen=True)
class _Written:
    """A path as written: ``start`` is its offset in the page."""

    start: int
    text: str


@dataclass(frozen=True)
class _Place:
    line: int
    column: int
    style: str  # code-span, fence or text
    is_whole: bool  # the path is all there is in the code span
    role: str  # run by an interpreter, invoke directly, or nothing


def _place(layout: Layout, written: _Written) -> _Place:
    line, column = layout.line_column(written.start)
    before = layout.page.lines[line - 1][: column - 1]
    fence = layout.fence_at(line)
    if fence:
        language = fence.info.split(" ", 1)[0].lower()
        role = ""
        if language in _SHELL:
            role = "run" if _RUNS.search(before) else ""
            if not role and language in _CERTAIN_SHELL and _PROMPT.fullmatch(before):
                role = "invoke"
        return _Place(line, column, "fence", False, role)
    span = layout.span_at(line, column)
    if span is None:
        return _Place(line, column, "text", False, "")
    text = span.text.strip()
    is_whole = text == written.text
    role = "run" if _RUNS.search(text[: max(text.find(written.text), 0)]) else ""
    if text.startswith(written.text + " ") or (is_whole and text.startswith("./")):
        role = "invoke"
    return _Place(line, column, "code-span", is_whole, role)


def of_page(page: Document, resolver: Resolver, linked: set[tuple[int, str]]) -> list[Citation]:
    """Return the mentions of files and folders in ``page``.

    ``linked`` holds (line, target) of the page's links; a link's own text is no second citation.
    """
    mentions = list(islice(_file_paths(page.text, resolver), MAX_MENTIONS))
    mentions += islice(_folders(page.text, resolver), MAX_MENTIONS)
    if not mentions:
        return []
    layout = Layout(page)
    found: dict[tuple[int, str], Citation] = {}
    for written in mentions:
        place = _place(layout, written)
        for target, status, suggestion in _targets(page, written.text, place, resolver):
            key = (place.line, target)
            if key in linked or (status != "ok" and key in found):
                continue
            style = "folder" if status == "folder" else place.style
            found[key] = Citation(
                page.path, place.line, place.column, style, written.text, target, None, status,
                suggestion, place.role,
            )  # fmt: skip
    return list(found.values())


@lru_cache(maxsize=64)
def _extension_pattern(unusual: frozenset[str]) -> re.Pattern[str]:
    known = sorted({*unusual, *_COMMON}, key=lambda e: (-len(e), e))
    return re.compile(rf"\.(?:{'|'.join(map(re.escape, known))})(?![\w/]|\.\w)", re.IGNORECASE)


def _file_paths(text: str, resolver: Resolver) -> Iterator[_Written]:
    """Yield every word that ends in a known extension, with placeholders but without URLs."""
    for match in _extension_pattern(resolver.extensions - _COMMON).finditer(text):
        end = match.end()
        line_start = text.rfind("\n", 0, match.start()) + 1
        window = text[max(line_start, match.start() - 200) : match.start()]
        back = _TOKEN_BACK.match(window[::-1])
        start = match.start() - (back.end() if back else 0)
        token = text[start:end]
        if "://" in token or token.startswith("//"):
            continue
        token = token.rpartition(":")[2]
        token = re.sub(r"^(?:\[[^\]]*\]?|[\]>*\\.-]*[\]>*\\])+(?=[\w./<{$])", "", token)
        hole = _SPACED_HOLE.search(window[: end - len(token) - line_start])
        if hole and re.match(r"[\w -]*[>}]/", token):
            token = window[hole.start() : hole.end()] + token
        if len(token) > len(match.group()):
            yield _Written(end - len(token), token)


def _folders(text: str, resolver: Resolver) -> Iterator[_Written]:
    """Yield every mention of a folder: `references/`, or "the references folder"."""
    for folder in resolver.folders:
        at = text.find(folder)
        while at >= 0:
            end = at + len(folder)
            if not _INSIDE_WORD.match(text[at - 1 : at]) and _FOLDER_END.match(text, end):
                yield _Written(at, folder + "/")
            at = text.find(folder, end)


def _targets(
    page: Document, written: str, place: _Place, resolver: Resolver
) -> Iterator[tuple[str, str, str | None]]:
    """Yield (target, status, suggestion) of one written path; nothing when it is not ours."""
    variable = below_variable(written)
    if variable:
        yield from _below_variable(written, *variable, resolver)
        return
    candidates = (paths.resolve(page.path, written), paths.resolve("", written.lstrip("/")))
    for target in candidates:
        if target != "." and resolver.exists(target):
            yield target, "folder" if resolver.is_folder(target) else "ok", None
            return
    if PLACEHOLDER.search(written) or "[" in written:
        yield from ((name, "ok", None) for name in resolver.matching(candidates))
        return
    if "/" not in written:
        yield from _bare(page, written, place, resolver)
        return
    own = _after_own_name(written, resolver)
    if own:
        yield own, "ok", None
    elif place.is_whole or place.role:
        yield from _missing(written, candidates, resolver)


def _below_variable(
    written: str, rest: str, is_root: bool, resolver: Resolver
) -> Iterator[tuple[str, str, None]]:
    target = paths.resolve("", rest)
    if PLACEHOLDER.search(rest):
        yield from ((name, "ok", None) for name in resolver.matching((target,)))
        return
    parts = target.split("/")
    for start in range(len(parts)):
        below = "/".join(parts[start:])
        if below in resolver.files:
            yield below, "ok", None
            return
    if is_root and resolver.is_folder(parts[0]) and not _is_example(target):
        yield target, "missing-file", None


def _bare(
    page: Document, written: str, place: _Place, resolver: Resolver
) -> Iterator[tuple[str, str, None]]:
    found = resolver.named(written)
    folder = page.path.rpartition("/")[0]
    near = [name for name in found if name.rpartition("/")[0] == folder]
    yield from ((name, "ok", None) for name in near or found)


def _after_own_name(written: str, resolver: Resolver) -> str | None:
    """Resolve `skills/this-skill/references/x.md` and `other/…/references/x.md`."""
    parts = written.split("/")
    for index in range(1, len(parts)):
        rest = "/".join(parts[index:])
        if rest in resolver.files and (parts[index - 1] in resolver.own_names or "/" in rest):
            return rest
    return None


def _missing(
    written: str, candidates: tuple[str, ...], resolver: Resolver
) -> Iterator[tuple[str, str, str | None]]:
    for target in candidates:
        other = resolver.other_case(target)
        if other:
            yield target, "letter-case", other
            return
    first = written.split("/", 1)[0]
    if first in ("", ".", "..") or written.endswith("/") or _is_example(written):
        return
    if resolver.is_folder(first):
        yield candidates[-1], "missing-file", None


def _is_example(path: str) -> bool:
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return bool(_EXAMPLE_STEM.fullmatch(stem))
