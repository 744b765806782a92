"""Taking a plan's lines out of what printed them: tables, quotes, records, logs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

from .postgres_lines import KIND

_BARS = "|│║┃"
#: A line that is only frame: +----+, ╔════╗, ---- and the head of a record.
_FRAME = "-+=|─│┼═║╪╬╟╢╠╣╔╗╚╝╫┌┐└┘├┤╤╧┬┴╥╨┄┈━"
_RULE = re.compile(rf"^[ \t]*[{_FRAME}]{{3,}}[ \t]*$", re.M)
_RECORD = re.compile(r"[\s+|╔╒┌*─═\[-]*(?:RECORD \d+|\d+\. (?:row|ligne|Zeile)).*")
_HEAD = re.compile(r"[\s|│║\"']*(?:QUERY PLAN|EXPLAIN|ANALYZE|Explain)[\s|│║\"';,]*")
#: The marks that psql puts before the frame where a value or a line goes on.
_GOES_ON = ("+", "↵", "¶")
#: A table that keeps plans, as pg_stat_monitor's does, names the column otherwise.
_EXPANDED = re.compile(
    r"[ \t]*(?:(?:QUERY PLAN|EXPLAIN|ANALYZE)\s*[|│║:]\s?"
    rf"|\w{{1,40}}\s*[|│║] (?={KIND}\b[^|\n]*\((?:cost|actual)))"
)
#: What loggers, containers and syslog put before each line of a message.
_LINE_PREFIX = re.compile(
    r"^(?:\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+) (?:stdout|stderr) [FP] "
    r"|(?:<\d+>)?(?:\d )?(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\d[T ][\d:.,+Z-]+) \S+ "
    r"[\w./-]+\[\d+\]: (?:\[\d+-\d+\] ?)?"
    r"|[A-Z][a-z]{2} [ \d]\d [\d:]{8} \S+ postgres(?:\[\d+\])?: (?:\[\d+-\d+\] ?)?"
    r"|[\w.-]+ +\| (?=\s|\d{4}-))"
)
#: A table in CSV begins with a quote, under its header or not; csvlog begins with the time.
_CSV = re.compile(
    r'\A\s*(?:[\w ]{1,60}\n)?"(?:[\[{]|[^"\n]*\n|(?:[^"\n]|"")*""|[^"\n]*"\n)'
    r"|^\d{4}-\d\d-\d\d [\d:.]+ \w+,[^\n]*plan:",
    re.M,
)
_TAB = re.compile(r"#011")
#: The figures of a node.
_FIGURES = re.compile(r"\((?:cost|actual time)=\d")
_LEFT_BAR = re.compile(r"^[ \t]*[|│] ?")
#: A line that is wholly in quotes, and one that is a node of a plan.
_QUOTED = re.compile(r'\s*".*"[;,]?\s*')
_QUOTED_NODE = re.compile(r'\s*"[\s>-]*[A-Z][^"]*(?:""[^"]*)*\((?:cost|actual time)=.*"[;,]?\s*\Z')


def unframed(text: str) -> str:
    """Return the text without the frames around its lines."""
    for step in (_without_prefixes, _without_csv, _without_quotes, _without_bars, _expanded):
        text = step(text)
    return text


def _each(change: Callable[[str], str | None]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        lines = map(change, text.split("\n"))
        return "\n".join(line for line in lines if line is not None)

    return changed


def _without_prefixes(text: str) -> str:
    text = text.replace("\\n", "\n") if _is_batch(text) else text
    nodes = [line for line in text.split("\n") if _FIGURES.search(line)]
    if nodes and all(_LEFT_BAR.match(line) and not _barred(line) for line in nodes):
        text = _each(lambda line: _LEFT_BAR.sub("", line))(text)  # the right half was cut off
    if not re.search(_LINE_PREFIX.pattern, text, re.M):
        return text
    return _each(lambda line: _TAB.sub("\t", _LINE_PREFIX.sub("", line)))(text)


def _is_batch(text: str) -> bool:
    """``mysql -e … > file`` writes a line break inside a value as a backslash and an n."""
    return text.count("\\n") > text.strip().count("\n") and bool(
        re.search(r"\\n *(?:->|\\?\"|[}\]])|^(?:EXPLAIN|ANALYZE)\s*$", text, re.M)
    )


def _without_csv(text: str) -> str:
    """The cells of a CSV that hold a plan; PostgreSQL's csvlog and spreadsheets write so."""
    if not _CSV.search(text):
        return text
    try:
        rows = [row for row in csv.reader(io.StringIO(text), strict=False) if row]
    except csv.Error:
        return text
    if all(len(row) == 1 for row in rows):
        return "\n".join(row[0] for row in rows)
    cells = [cell for row in rows for cell in row if _holds_plan(cell)]
    return "\n".join(cells) if cells else text


def _holds_plan(cell: str) -> bool:
    return "plan:" in cell or "Node Type" in cell or "(cost=" in cell or "query_block" in cell


def _without_quotes(text: str) -> str:
    """Each line in quotes, as pgAdmin copies them; the first or the last may have lost one."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for mark in "\"'":
        # A line of JSON begins with a quote as well, but not with the words of a plan in it.
        quoted = sum(line.startswith(mark) or line.rstrip(";,").endswith(mark) for line in lines)
        both = sum(
            bool(re.match(rf"{mark}[ \w(-].*(?:\(cost=|\(actual|^{mark} *->)", line))
            for line in lines
        )
        if quoted >= 0.8 * len(lines) and (both or quoted == len(lines) > 1) and not _is_json(text):
            return "\n".join(_unquoted(line, mark) for line in text.split("\n"))
    if any(map(_QUOTED_NODE.match, lines)) and not _is_json(text):
        # A spreadsheet's lines inside a report.
        unquoted = _each(lambda line: _unquoted(line, '"') if _QUOTED.fullmatch(line) else line)
        return unquoted(text)
    return text


def _is_json(text: str) -> bool:
    return bool(re.search(r'"(?:Plan|Node Type|query_block|query_plan)"\s*:', text))


def _unquoted(line: str, mark: str) -> str:
    line = line.rstrip().rstrip(";,").removesuffix(mark)
    if line.lstrip().startswith(mark):
        line = line.lstrip().removeprefix(mark)
    return line.replace(mark * 2, mark)


def _without_bars(text: str) -> str:
    bars = [line for line in text.split("\n") if _barred(line)]
    ruled = bool(_RULE.search(text))
    marked = any(line.rstrip(f" \t{_BARS}").endswith(_GOES_ON) for line in text.split("\n"))
    if not bars and not ruled and not marked:
        return text
    return _each(lambda line: _without_bar(line, framed=bool(bars)))(text)


def _barred(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) > 1 and stripped[-1] in _BARS and not stripped.endswith("||")


def _without_bar(line: str, framed: bool) -> str | None:
    if _RULE.fullmatch(line) or _RECORD.fullmatch(line) or _HEAD.fullmatch(line):
        return None
    if framed and _barred(line):
        line = line.rstrip()[:-1]
    if framed and line.lstrip()[:1] and line.lstrip()[0] in _BARS:
        line = line.lstrip()[1:]
    bare = line.rstrip()
    return bare[:-1].rstrip() if bare.endswith(_GOES_ON) else line


def _expanded(text: str) -> str:
    """psql's expanded form repeats the column's name on each line, MySQL's on the first."""
    if not re.search(rf"^{_EXPANDED.pattern}", text, re.M):
        return text
    width = max(len(match[0]) for match in re.finditer(rf"^{_EXPANDED.pattern}", text, re.M))

    def line_of(line: str) -> str | None:
        if _RECORD.fullmatch(line):
            return None
        if match := _EXPANDED.match(line):
            return line[match.end() :]
        goes_on = re.match(r"\s*[|│║]\s?", line[:width])
        return line[goes_on.end() :] if goes_on and goes_on[0].strip() else line

    return _each(line_of)(text)
