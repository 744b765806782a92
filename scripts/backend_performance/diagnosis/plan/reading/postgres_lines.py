"""The logical lines of a PostgreSQL plan in text form.

Terminals and mail programs cut long lines anywhere, even inside a number. A line that begins
nothing of its own continues the line before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: The words a node begins with; what follows names its kind more closely, its index or its table.
KIND = (
    r"(?:(?:Parallel|Async|Partial|Finalize|Simple)\s+)*"
    r"(?:Seq Scan|Sample Scan|Index (?:Only )?Scan|Bitmap (?:Heap|Index) Scan|Tid (?:Range )?Scan"
    r"|(?:Subquery|Function|Table Function|Values|CTE|WorkTable|Foreign|Named Tuplestore) Scan"
    r"|Custom Scan|Bitmap(?:And|Or)|(?:Nested Loop|Hash|Merge)(?: (?:Left|Right|Full|Semi|Anti"
    r"|Right Semi|Right Anti))?(?: Join)?|(?:Hash|Group|Mixed)?Aggregate|Group|WindowAgg"
    r"|(?:Incremental )?Sort|(?:Hash)?SetOp|Unique|Limit|LockRows|Result|ProjectSet|Append"
    r"|Merge Append|Recursive Union|Materialize|Memoize|Gather(?: Merge)?"
    r"|(?:Insert|Update|Delete|Merge|Foreign Insert|Foreign Update|Foreign Delete) on|ModifyTable)"
)
_FIGURES = re.compile(
    r"(?:\(cost=\s*(?P<startup>[\d.]{1,40}?)\.\.(?P<total>[\d.]{1,40})\s*"
    r"rows=(?P<planned>[\d.]{1,40})(?:\s*width=(?P<width>\d+))?\s*\)\s*)?"
    r"(?:\((?:actual\s*(?:time=\s*(?P<first>\d+(?:\.\d+)?)\.\.(?P<last>[\d.]{1,40})\s*)?"
    r"rows=(?P<rows>[\d.]{1,40})(?:\s*loops=(?P<loops>\d+))?|(?P<never>never\s*executed))\s*\)"
    r"\s*)?(?:(?:←|<-|⟵|//|--|#|⚠|[│└├]).*)?$"  # a person's remark, or lines drawn to one
)
_HAS_FIGURES = re.compile(r"\((?:cost=|actual\s?(?:time|rows)=|never executed\))")
_ARROW = re.compile(r"\s*->\s*")
_ROOT = re.compile(rf"\s*{KIND}(?![\w:])")
_OTHER_ROOT = re.compile(r"\s*[A-Z]\w{1,40}[^:(]{0,200}  \(cost=")
_BARE_ROOT = re.compile(
    rf"\s*{KIND}(?:(?<= on) \S+(?: \S+)?| (?:using|on|Backward|\() ?\S.*| (?:Except|Intersect).*)?"
)
_TITLE = re.compile(r"\s*(?:InitPlan|SubPlan|CTE)\b(?!\s+Scan)[^:]*$")
_NUMBERED_TITLE = re.compile(r"\s*(?:InitPlan|SubPlan) \d+(?: \(returns [^)]*\))?\s*$")
_PROPERTY = re.compile(r"\s*(?P<key>[A-Z][\w/.' ()-]{0,90}?):(?:\s+(?P<value>.*)|$)")
_TRIGGER = re.compile(
    r"\s*Trigger (?P<name>.{1,300}?): time=(?P<ms>\d+(?:\.\d+)?) calls=(?P<calls>\d+)"
)
_FOOTER = re.compile(r"\s*\(\d+ \w{1,20}\)\s*$")
_EDITED_TAB = re.compile(r"^ +\t\s*->", re.M)
_LONGEST = 200_000


@dataclass(frozen=True)
class Line:
    """One logical line: "node", "title", "trigger", "property", or "figures" of the node above."""

    kind: str
    column: int  #: where the arrow or the text begins; -1 for a root
    indent: int  #: where the line begins
    text: str
    figures: re.Match[str] | None = None


def lines(text: str) -> Iterator[Line]:
    """Yield the logical lines of all plans in a text and nothing around them."""
    held, open_ = "", False
    # Where a tab comes after spaces, an editor made it, and editors make tabs of four.
    text = text.expandtabs(4 if _EDITED_TAB.search(text) else 8)
    for physical in text.split("\n"):
        if not physical.strip() or _FOOTER.match(physical):
            if held:
                yield from _classified(held)
            held = ""
        elif _begins(physical, inside=open_) or _are_figures_of_above(physical, held):
            yield from _classified(held)
            held, open_ = physical, True
        elif held and len(held) < _LONGEST and not _is_end(held):
            held += physical
    yield from _classified(held)


def _begins(line: str, inside: bool) -> bool:
    if _ARROW.match(line) or _ROOT.match(line) or _OTHER_ROOT.match(line):
        return True
    if _NUMBERED_TITLE.match(line):
        return True
    return inside and bool(_PROPERTY.match(line) or _TITLE.match(line) or _TRIGGER.match(line))


def _are_figures_of_above(line: str, held: str) -> bool:
    """Return whether a line has only figures, which an excerpt puts below a node's properties."""
    return bool(_PROPERTY.match(held)) and line.lstrip()[:1] == "(" and _whole(line) is not None


def _whole(line: str) -> re.Match[str] | None:
    """Return the figures of a line that has nothing else before them."""
    figures = _figures(line)
    return figures if figures and not line[: figures.start()].strip() else None


def _is_end(line: str) -> bool:
    """What follows the execution time is no longer the plan."""
    return bool(re.match(r"\s*(?:Execution [Tt]ime|Total runtime):.*\d ms", line))


def _classified(line: str) -> Iterator[Line]:
    column = len(line) - len(line.lstrip())
    if alone := _whole(line):
        yield Line("figures", column, column, "", alone)
        return
    arrow = _ARROW.match(line)
    if arrow or _HAS_FIGURES.search(line):
        figures = _figures(line)
        if figures is not None or arrow:
            what = line[arrow.end() if arrow else 0 : figures.start() if figures else None]
            if arrow or (figures and (figures["planned"] or _BARE_ROOT.fullmatch(what.rstrip()))):
                yield Line("node", column if arrow else -1, column, what.strip(), figures)
            return
    if match := _TRIGGER.match(line):
        yield Line("trigger", column, column, match["name"], match)
    elif _TITLE.match(line):
        yield Line("title", column, column, line.strip())
    elif _PROPERTY.match(line):
        yield Line("property", column, column, line.strip())
    elif _BARE_ROOT.fullmatch(line.rstrip()):
        yield Line("node", -1, column, line.strip())


def _figures(line: str) -> re.Match[str] | None:
    """The costs and times at the end of a node's line, if it has any."""
    first = _HAS_FIGURES.search(line)
    while first:
        found = _FIGURES.match(line, first.start())
        if found:
            return found
        first = _HAS_FIGURES.search(line, first.end())
    return None


def property_of(line: Line) -> tuple[str, str]:
    """Return a property's label and value."""
    match = _PROPERTY.match(line.text)
    return (match["key"], (match["value"] or "").strip()) if match else ("", "")
