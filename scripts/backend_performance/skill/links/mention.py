"""Paths of the skill's own files that code, tables and prose mention without linking them.

Over public skills most citations are of this kind: a path in a code span, a command in a fence,
a folder, a bare file name. Such a path may also be an example, a placeholder or a file of the
user's own project; it counts only when it names something in the skill, and is reported as
missing only when it points into a folder that the skill has and could not be an example.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from ..markdown.document import Document
from ..markdown.layout import Layout
from . import target as mention_target
from .citation_model import Citation
from .resolver import Resolver
from .target import Mentioned

#: Extensions that make a word a path even when the skill has no such file.
_COMMON = frozenset(
    {
        "md",
        "py",
        "sh",
        "js",
        "mjs",
        "cjs",
        "ts",
        "tsx",
        "json",
        "yaml",
        "yml",
        "toml",
        "txt",
        "sql",
        "html",
        "css",
        "csv",
        "xml",
        "svg",
        "png",
        "jpg",
        "pdf",
        "rb",
        "go",
        "markdown",
    }
)
_INSIDE_WORD = re.compile(r"[\w./-]")
_FOLDER_END = re.compile(r"/(?![\w*<{$.\[])|`? (?:folder|director)")
_TOKEN_BACK = re.compile(r"[\w@+.\-/:{}<>$*~%\[\]\\]*")
_LEADING_MARKS = re.compile(r"^(?:\[[^\]]*\]?|[\]>*\\.-]*[\]>*\\])+(?=[\w./<{$])")
#: `@references/x.md`, also in bold.
_ASKED = re.compile(r"\A\**@")
_MARKS = frozenset("[]>*\\.-")
_REST_OF_HOLE = re.compile(r"[\w -]*[>}]/")
_SPACED_HOLE = re.compile(r"[<{][\w ]{1,40}\Z")
_SHELL = frozenset({"", "bash", "sh", "shell", "console", "zsh", "shell-session", "text", "txt"})
_CERTAIN_SHELL = _SHELL - {"", "text", "txt"}
_WINDOWS = frozenset({"powershell", "pwsh", "ps1", "ps", "cmd", "bat", "batch", "dos"})
#: What may precede a program that a shell line invokes by its path.
_PROMPT = re.compile(r"\s*(?:[$>%]\s+)?(?:sudo\s+)?(?:[A-Z_]+=\S*\s+)*(?:\./)?")
#: Commands before a program to run.
_RUNS = re.compile(
    r"(?:^|[\s;&|(`])(?:uv run(?: --\S+(?: [^-\s]\S*)??)*|python3?(?: -\w)*|node|bash|sh|source"
    r"|ruby|(?:npx )?(?:tsx|ts-node)|pwsh(?: -File)?|deno run|bun(?: run)?|perl|Rscript)"
    r"\s+[\"']?\Z"
)
#: Commands before a file to read.
_READS = re.compile(r"(?:^|[\s;&|(])(?:cat|less|head|cp)\s+\Z")
#: `folder:{a.md,b.md}` and `folder/{a.md,b.md}`.
_BRACES = re.compile(r"[:/]\{([^{}\n]{1,20000})\}")
_PATH_END = re.compile(r"[\w./-]+\Z")
_ITEM = re.compile(r"[\w./-]+")
#: How much text is read before a path or its extension, in characters; a line may have millions.
_MAX_BEFORE = 200
#: How many lines a command may be continued over.
_MAX_CONTINUED = 10
#: None of 17,000 public pages names 300.
MAX_MENTIONS = 5_000


class _Written(NamedTuple):
    """A path as written: ``start`` is its offset in the page."""

    start: int
    text: str


def _mentioned(layout: Layout, written: _Written) -> Mentioned:
    line, column = layout.page.line_column(written.start)
    before = layout.page.lines[line - 1][max(column - 1 - _MAX_BEFORE, 0) : column - 1]
    is_path = "/" in written.text  # a bare name is no way to start a program
    fence = layout.fence_at(line)
    if fence:
        language = fence.info.split(" ", 1)[0].lower()
        role = ""
        if language in _SHELL:
            before = _continued(layout.page.lines[fence.line : line - 1], before)
            role = "run" if _RUNS.search(before) else "read" if _READS.search(before) else ""
            is_shell = language in _CERTAIN_SHELL or before.strip() == "$"
            is_near = column <= _MAX_BEFORE
            if is_path and not role and is_shell and is_near and _PROMPT.fullmatch(before):
                role = "invoke"
        return Mentioned(written.text, line, column, "fence", False, role, language in _WINDOWS)
    span = layout.span_at(line, column)
    if span is None:
        after = layout.page.lines[line - 1][column - 1 + len(written.text) :][:2]
        is_bold = before.endswith("**") and after == "**"
        return Mentioned(written.text, line, column, "text", is_bold)
    text = span.text.strip()
    is_whole = text == written.text
    at = text.find(written.text, 0, _MAX_BEFORE + len(written.text))
    role = "run" if _RUNS.search(text[: max(at, 0)]) else ""
    if (is_path and text.startswith(written.text + " ")) or (is_whole and text.startswith("./")):
        role = "invoke"
    return Mentioned(written.text, line, column, "code-span", is_whole, role)


def _continued(above: Sequence[str], before: str) -> str:
    """Return the command up to a place in its last line; lines that go on end with a backslash."""
    for line in reversed(above[-_MAX_CONTINUED:]):
        if not line.endswith("\\"):
            break
        before = f"{line[:-1].rstrip()} {before.lstrip()}"
    return before


def of_page(page: Document, resolver: Resolver, linked: set[tuple[int, str]]) -> list[Citation]:
    """Return the mentions of files and folders in ``page``.

    ``linked`` holds (line, target) of the page's links; a link's own text is no second citation.
    """
    files = islice(_file_paths(page.text, resolver), MAX_MENTIONS)
    mentions = [path for path in files if not resolver.is_foreign(path.text)]
    mentions += islice(_in_braces(page.text, resolver), MAX_MENTIONS)
    mentions += islice(_folders(page, resolver), MAX_MENTIONS)
    mentions += islice(_literal(page.text, resolver.unusual), MAX_MENTIONS)
    if not mentions:
        return []
    layout = Layout(page)
    titles: dict[int, list[str]] = {}
    for link in page.links:
        titles.setdefault(link.line, []).append(link.text)
    found: dict[tuple[int, str], Citation] = {}
    for written in mentions:
        place = _mentioned(layout, written)
        for target, status, suggestion in mention_target.targets(page, place, resolver):
            key = (place.line, target)
            if key in linked or (status != "ok" and key in found):
                continue
            # The text of a link may name anything; the link itself is checked anyway.
            texts = titles.get(place.line, ()) if status not in ("ok", "folder") else ()
            if any(written.text in text for text in texts):
                continue
            style = "folder" if status == "folder" else place.style
            found[key] = Citation(
                page.path,
                place.line,
                place.column,
                style,
                written.text,
                target,
                None,
                status,
                suggestion,
                place.role,
            )
    return list(found.values())


@lru_cache(maxsize=64)
def _extension_pattern(unusual: frozenset[str]) -> re.Pattern[str]:
    known = sorted({*unusual, *_COMMON}, key=lambda e: (-len(e), e))
    first = "".join(sorted({re.escape(extension[:1]) for extension in known}))
    endings = "|".join(map(re.escape, known))
    # Most dots end a sentence; the lookahead rules them out before any extension is tried.
    return re.compile(rf"\.(?=[{first}])(?:{endings})(?![\w/]|\.\w)", re.IGNORECASE)


def _file_paths(text: str, resolver: Resolver) -> Iterator[_Written]:
    """Yield every word that ends in a known extension, with placeholders but without URLs."""
    for match in _extension_pattern(resolver.extensions - _COMMON).finditer(text):
        end = match.end()
        first = max(match.start() - _MAX_BEFORE, 0)
        first = max(text.rfind("\n", first, match.start()) + 1, first)
        window = text[first : match.start()]
        back = _TOKEN_BACK.match(window[::-1])
        start = match.start() - (back.end() if back else 0)
        token = text[start:end]
        if "://" in token or token.startswith("//"):
            continue
        # Some clients read a file when its path follows an `@`.
        token = _ASKED.sub("", token.rpartition(":")[2])
        if text[end : end + 1] == ">" and ">" not in token:
            token = token.removeprefix("<")
        if token[:1] in _MARKS:
            token = _LEADING_MARKS.sub("", token)
        if _REST_OF_HOLE.match(token):
            hole = _SPACED_HOLE.search(window[: end - len(token) - first])
            token = hole.group() + token if hole else token
        if len(token) > len(match.group()):
            yield _Written(end - len(token), token)


def _in_braces(text: str, resolver: Resolver) -> Iterator[_Written]:
    """Yield the files of an index in braces, `audio:{loop.md,mix.md}`, each with its folder."""
    for index in _BRACES.finditer(text):
        before = text[max(index.start() - _MAX_BEFORE, 0) : index.start()]
        folder = _PATH_END.findall(before)
        for name in _ITEM.finditer(text, index.start(1), index.end(1)):
            path = "/".join((*folder, name[0]))
            if path in resolver.files:
                yield _Written(name.start(), path)


def _literal(text: str, names: Iterable[str]) -> Iterator[_Written]:
    """Yield the names that no pattern for words finds: with spaces, or without an extension."""
    for name in names:
        at = text.find(name)
        while at >= 0:
            yield _Written(at, name)
            at = text.find(name, at + len(name))


def _folders(page: Document, resolver: Resolver) -> Iterator[_Written]:
    """Yield every mention of a folder: `references/`, or "the references folder"."""
    text = page.text
    for folder in resolver.folders:
        at = text.find(folder)
        while at >= 0:
            end = at + len(folder)
            if not _INSIDE_WORD.match(text[at - 1 : at]) and _FOLDER_END.match(text, end):
                yield _Written(at, folder + "/")
            at = text.find(folder, end)
