"""What web pages, mail and listings do to the text of a plan, undone."""

from __future__ import annotations

import re

from . import markup
from .postgres_lines import KIND

_NUMBERED = re.compile(r"^\s*(\d{1,4})(?:[.:|)]|\b)[ \t]?(.*)$")
#: What mail and Markdown put before each line that they quote; no line of a plan begins so.
_QUOTED = re.compile(r"^\s*(?:> ?)+")
#: What SQL puts before each line of a comment, a logger before each line, a chat before each point.
_MARKS = (
    re.compile(r"^\s*(?:--(?![->])|//|#) ?"),
    re.compile(r"^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?\] ?"),
    re.compile(r"^\s*[•·▪*] "),
)
#: What a comparison of two versions puts before each line.
_CHANGED = re.compile(r"^[-+](?![->+])")
#: A spreadsheet's quotes around a line with commas, with the line's own indentation inside them.
_IN_QUOTES = re.compile(r"^\"(\s+[A-Z][\w /]*: .*)\"\s*$")
_ARROW = re.compile(r"(?m)^([^\S\n]*)(?:[→⇒➔➜⟶]|[–—]>)\s*")
_COST = re.compile(r"\((?:cost|actual time)=[\d.]")
#: What only lines of a plan hold, in text, in JSON or in a table.
_TOLD = re.compile(rf'{_COST.pattern}|"(?:Node Type|query_block)":|\bselect_type\b')
_CURLY = str.maketrans("“”„", '"""')
_KEYS = (
    r"(?:Filter|Index Cond|Recheck Cond|Hash Cond|Merge Cond|Join Filter|One-Time Filter|Sort Key"
    r"|Presorted Key|Sort Method|Group Key|Cache Key|Order By|Rows Removed by [A-Z][\w ]{3,20}"
    r"|Heap Fetches|Heap Blocks|Buffers|I/O Timings|Workers (?:Planned|Launched)|Buckets|Hits"
    r"|Output|JIT|Functions|Options|Timing|Index Searches|Planning [Tt]ime|Execution [Tt]ime"
    r"|Total runtime)"
)
_BREAK = re.compile(
    rf"(?<!\s)\s+(?=->\s)|(?<!Removed by)(?<!Join)(?<!\s)\s+(?={_KEYS}: )"
    r"|(?<!\s)\s+(?=Trigger (?:for constraint )?\S+(?: on \S+)?: time=)"
    rf"|(?<!\s)\s+(?=(?:(?:InitPlan|SubPlan) \d+(?: \(returns [^)]{{1,40}}\))?|CTE \w+)\s+->)"
    r"|(?<!->)(?<!Parallel)(?<!Partial)(?<!Finalize)(?<!Async)(?<!Simple)"
    rf"(?<!\s)\s+(?={KIND}[^()\n]{{0,200}}\((?:cost|actual time)=)"
)
#: What follows a node's figures begins another line.
_TELLTALE = re.compile(rf"(?:width|loops)=\d+\) +(?:-> |{_KEYS}: )")
_MYSQL_BREAK = re.compile(r"(?<!\s)\s+(?=-> ?\S)")
_TABLE_RULE = re.compile(r"(\+(?:-+\+){3,})(?=\s*\||\s*$)")
#: Figures that a comparison of expected outputs hides, as they differ from run to run.
_NO_COST = re.compile(r"\(cost=[xN]+(?:\.\.[xN]+)? rows=\w+ width=\w+\) ?")
_NO_TIME = re.compile(r"\(actual time=[xN]+(?:\.[xN]+)*(?:\.\.[xN.]+)? rows=")
_LONGEST = 1_000_000


def restored(text: str) -> str:
    """Return the lines as the client printed them, as far as that can be reconstructed."""
    if "“Node Type" in text or "“query_block" in text:
        text = text.translate(_CURLY)
    text = _NO_TIME.sub("(actual rows=", _NO_COST.sub("", text))
    lines = _ARROW.sub(r"\1->  ", markup.removed(text)).split("\n")
    if any(_QUOTED.match(line) and _TOLD.search(line) for line in lines):
        lines = [_QUOTED.sub("", line) for line in lines]
    for mark in _MARKS:
        lines = _without(lines, mark)
    lines = _versions(lines)
    if not any(line.lstrip().startswith('"') for line in lines if _COST.search(line)):
        lines = [_IN_QUOTES.sub(lambda m: m[1].replace('""', '"'), line) for line in lines]
    if any(map(_TOLD.search, lines)):
        lines = _without_numbers(lines)
    return "\n".join(_TABLE_RULE.sub(r"\n\1\n", line) if "|" in line else line for line in lines)


def broken(text: str) -> str:
    """Return the text with a line for each node, where a page collapsed several into one."""
    return "\n".join(map(_broken, text.split("\n")))


def _without(lines: list[str], mark: re.Pattern[str]) -> list[str]:
    """Return the lines without a mark that all lines with figures have before them."""
    told = [line for line in lines if _TOLD.search(line)]
    if not told or sum(bool(mark.match(line)) for line in told) < len(told):
        return lines
    return [mark.sub("", line) for line in lines]


def _versions(lines: list[str]) -> list[str]:
    """Return the old version and then the new one, where the lines are their comparison."""
    told = [line for line in lines if _TOLD.search(line)]
    marks = {line[0] for line in told if _CHANGED.match(line)}
    if not marks or any(line[:1] not in ("+", "-", " ") for line in told):
        return lines
    versions = [
        [line[1:] for line in lines if line[:1] in (mark, " ") or not line]
        for mark in sorted(marks)
    ]
    return [line for version in reversed(versions) for line in [*version, ""]]


def _without_numbers(lines: list[str]) -> list[str]:
    """The numbers of lines, where each is one more than the one before."""
    found = [_NUMBERED.match(line) for line in lines if line.strip()]
    numbers = [int(match[1]) for match in found if match]
    steps = sum(b == a + 1 for a, b in zip(numbers, numbers[1:], strict=False))
    if steps < 3 or steps < 0.7 * (len(found) - 1):
        return lines
    return [match[2] if (match := _NUMBERED.match(line)) else line for line in lines]


def _broken(line: str) -> str:
    """A line into which a whole plan was collapsed, as several lines."""
    if not _COST.search(line) or len(line) > _LONGEST:
        return line
    if re.match(r"[\s|]*-> ?\S.*\) -> ", line):
        return _MYSQL_BREAK.sub("\n", line.strip())
    collapsed = line.count("(cost=") > 1 or _TELLTALE.search(line)
    return _BREAK.sub("\n", line) if collapsed else line
