"""The words around a path: they show whether it is foreign, an example, made later or gone."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from ..markdown.document import Document

#: How much of a line is read on each side of a path, in characters; a line may have millions.
_MAX_NEAR = 300
#: Text before a path that is not in this skill or need not exist.
_BEFORE = re.compile(
    # of the user's project, or of another skill
    r"\b(?:your|user'?s?|their|the project'?s|target|host|upstream|cloned)\s+(?:own\s+)?"
    r"(?:project|repo|app|code ?base|workspace|checkout)"
    r"|\b(?!(?:this|the|each|every|a|your)\b)[\w-]+[`*]* skill(?:['’]s)?\W{0,3}\Z"
    r"|\b(?:its|their|(?:other|another) skills?['’]?s?)\s+(?:own\s+)?\W{0,2}\Z"
    r"|`(?:/?[a-z0-9-]+:[a-z0-9-]+|[a-z0-9]+(?:-[a-z0-9]+)+)`(?:['’]s)?\s*[:,(→]?\s*`?\Z"
    r"|\b(?:this|the) plugin\W{0,3}\Z|\b(?!skill['’])[\w-]+['’]s\W{0,3}\Z"
    # made by the reader, a tool or the build
    r"|\b(?:made by|do not edit"
    r"|(?:creat|sav|writ|generat|produc|scaffold|output)(?:e|es|ing|s|ed)?)\b"
    r"(?:[^.;]|\.(?=\w))*\Z"
    r"|\b(?:copy|rename|move)\b(?:[^.;]|\.(?=\w))*\bto\W*\Z",
    re.IGNORECASE,
)
#: Text before a path that is gone, to come, or brought along.
_ABSENT = re.compile(
    r"\b(?:retired|former(?:ly)?|removed|deleted|deprecated|legacy|replaces|used to be|obtain"
    r"|existing|optional|if present|planned)\b[^.;]{0,40}\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"`?\)?\s*(?:\(?(?:optional|create if|created|generated|to be (?:created|written)"
    r"|(?:if|when) (?:it |they )?(?:exists?|present|available)"
    r"|(?:this|the) (?:repo|project|collection)"
    r"|relative to (?:this|the|your) (?:plugin|project|repo|workspace)"
    r"|does(?:n['’]t| not) exist|is (?:gone|missing|created|generated|retired|planned)"
    r"|is(?:n['’]t| not) (?:yet )?(?:shipped|available|written|implemented|included|there))\b"
    r"|(?:\w+\s+){0,4}(?:would|could|might)\b)",
    re.IGNORECASE,
)
#: What introduces a path that need not be there.
_AS_EXAMPLE = re.compile(
    r"(?:\be\.g\.|\b(?:for example|for instance|such as|like|i\.e\.))(?:[^.;\n]|\.(?=\w)){0,80}\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\s*[-*+]\W+(?:examples?|good|bad|right|wrong|better|avoid|prefer)[*_]*:[*_]*\s*`",
    re.IGNORECASE,
)
#: Marks of an example of how not to do it.
_COUNTER_EXAMPLE = re.compile(r"[✗✘❌✖🚫]|\((?:wrong|bad|incorrect|broken)\)", re.IGNORECASE)
#: `**Valid:**` and `Bad:` above a block: it shows how commands or paths are written.
_VERDICT = re.compile(
    r"[^\w\n]{0,20}(?:in)?(?:valid|correct|good|bad|right|wrong)\b[^\w\n]{0,20}", re.IGNORECASE
)
_FOREIGN_COLUMN = re.compile(
    r"\b(?:plugin|project|repo(?:sitory)?|upstream|destination|output|installed)\b", re.IGNORECASE
)
#: A path alone on a line, as a comment, a heading or behind "File:"; or one that is written to.
_LISTING = re.compile(
    r"^[ \t>]*(?:(?://|#+|--|<!--|/\*)|\*\*file:?\*\*:?|file:)[ \t]*"
    r"`?(?:\./)?([\w.-]+(?:/[\w.-]+)+)`?[ \t]*(?:-->|\*/)?[ \t]*$"
    r"|(?:cat[ \t]*>+|tee|touch)[ \t]+\"?(?:\./)?([\w.-]+(?:/[\w.-]+)+)",
    re.MULTILINE | re.IGNORECASE,
)
#: A file in a drawn tree of folders: `└── check.py`.
_IN_TREE = re.compile(r"[├└][─-]{1,9} ([\w.-]{1,100})")
#: How many lines of a command block above a path are looked at.
_MAX_LINES = 100
_CLONE = re.compile(r"\bgit clone\b|^\s*cd\s+(?!\"?\$)[\w./~-]+", re.MULTILINE)


#: Words that tell the reader to open or start the path that follows.
_ASKED_FOR = re.compile(
    r"\b(?:see|read|load|consult|check|open|follow|refer|reference|run|execute|invoke|use|view|study"
    r"|apply|via|per|from)\b(?:[^.;|]|\.(?=\w)){0,60}\Z",
    re.IGNORECASE,
)
#: A list of what the skill has.
_INVENTORY = re.compile(
    r"reference|resource|\bfiles?\b|script|further|reading|material|docs?\b|documentation|bundled",
    re.IGNORECASE,
)
_TO_MAKE = re.compile(r"creat|generat|output|scaffold|produc|structure|layout", re.IGNORECASE)
_ENTRY = re.compile(r"\s*(?:[-*+]|\d+[.)])[\s*_]*`?(?:\./)?\Z")


def is_instructed(page: Document, line: int, column: int) -> bool:
    """Return whether a sentence tells its reader to open or start a path."""
    return bool(_ASKED_FOR.search(_before(page, line, column)))


def is_asked_for(page: Document, line: int, column: int) -> bool:
    """Return whether the page sends its reader to a path, or lists it among the skill's files."""
    if is_instructed(page, line, column):
        return True
    before = _before(page, line, column)
    heading = page.heading_above(line)
    is_listed = (
        heading is not None
        and bool(_INVENTORY.search(heading.text))
        and not _TO_MAKE.search(heading.text)
    )
    return is_listed and bool(_ENTRY.fullmatch(before))


def is_elsewhere(page: Document, line: int, column: int, written: str, is_span: bool) -> bool:
    """Return whether the words around a path show that this skill need not have the file."""
    start, before = column - 1, _before(page, line, column)
    if is_span and line > 1 and start < _MAX_NEAR:
        # A sentence may begin on the line before.
        before = f"{page.lines[line - 2][-_MAX_NEAR:]} {before}"
    return bool(
        _BEFORE.search(before)
        or _ABSENT.search(before)
        or _AS_EXAMPLE.search(before)
        or _after(page, line, column, written)
        or (start < _MAX_NEAR and _LABEL.match(page.lines[line - 1], 0, start))
    )


def is_absent(page: Document, line: int, column: int, written: str) -> bool:
    """Return whether the words around a path say that it is gone, optional or to come."""
    return bool(_ABSENT.search(_before(page, line, column)) or _after(page, line, column, written))


def _before(page: Document, line: int, column: int) -> str:
    """Return the text of a line up to a column."""
    return page.lines[line - 1][max(column - 1 - _MAX_NEAR, 0) : column - 1]


def _after(page: Document, line: int, column: int, written: str) -> bool:
    """Return whether the words behind a path say that this skill need not have it."""
    end = column - 1 + len(written)
    return bool(_AFTER.match(page.lines[line - 1], end, end + _MAX_NEAR))


def is_counter_example(page: Document, line: int) -> bool:
    """Return whether a line is marked as an example of how not to do it."""
    return bool(_COUNTER_EXAMPLE.search(page.lines[line - 1][:_MAX_NEAR]))


def is_in_foreign_column(page: Document, line: int, written: str) -> bool:
    """Return whether a path is in a table column for files of a plugin, project or target."""
    index = bisect_right(page.tables, line, key=lambda table: table.header.line) - 1
    if index < 0:
        return False
    header, rows = page.tables[index]
    number = line - header.line - 2  # the row of dashes has a line, too
    if not 0 <= number < len(rows):
        return False
    cells = zip(header.cells, rows[number].cells, strict=False)
    return any(written in cell and _FOREIGN_COLUMN.search(head) for head, cell in cells)


def is_below_verdict(page: Document, line: int) -> bool:
    """Return whether a line is in a block of code that a label calls right or wrong."""
    index = bisect_right(page.fences, line, key=lambda fence: fence.line) - 1
    if index < 0 or page.fences[index].end < line:
        return False
    above = page.lines[max(page.fences[index].line - 3, 0) : page.fences[index].line - 1]
    label = next((text for text in reversed(above) if text.strip()), "")
    return bool(_VERDICT.fullmatch(label[:_MAX_NEAR]))


def is_in_clone(page: Document, line: int) -> bool:
    """Return whether a command follows `git clone` or `cd`, so in another project's folder."""
    index = bisect_right(page.fences, line, key=lambda fence: fence.line) - 1
    if index < 0 or page.fences[index].end < line:
        return False
    first = max(page.fences[index].line, line - 1 - _MAX_LINES)
    return bool(_CLONE.search("\n".join(page.lines[first : line - 1])))


def is_drawn(page: Document, written: str) -> bool:
    """Return whether a tree of folders on the page shows a file of that name."""
    return written.rpartition("/")[2] in _drawn(page.text)


def is_given(page: Document, written: str) -> bool:
    """Return whether the page itself gives the file: a listing with its name, or `cat > name`."""
    return written.removeprefix("./") in _given(page.text)


@lru_cache(maxsize=4)
def _drawn(text: str) -> frozenset[str]:
    return frozenset(_IN_TREE.findall(text))


@lru_cache(maxsize=4)
def _given(text: str) -> frozenset[str]:
    return frozenset(match[1] or match[2] for match in _LISTING.finditer(text))
