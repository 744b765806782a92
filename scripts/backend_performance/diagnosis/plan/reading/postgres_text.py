"""PostgreSQL's plans in text form, told as the documents that its JSON form would be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..tree import MAX_DEPTH, MAX_NODES, NEVER_ALONE, PlanError
from . import arity, postgres_lines, postgres_properties
from .postgres_lines import Line

Raw = dict[str, Any]

#: Lines about the whole statement, after its last node.
_SECTIONS = ("Planning", "JIT", "Serialization", "Settings", "Query Identifier")
#: What the builder itself puts into a node; a line of the text may not.
_STRUCTURE = ("Plans", "Workers", "Node Type")
_WORKER = re.compile(r"Worker (\d+)")
_TIME = {
    "planning time": "Planning Time",
    "execution time": "Execution Time",
    "total runtime": "Execution Time",
}


def documents(text: str) -> Iterator[Raw]:
    """Yield one document for each plan, ``Missing`` where its beginning was cut off.

    Raises:
        PlanError: a plan has more nodes or levels than any real one.
    """
    builder, last = _Builder(), ""
    for line in postgres_lines.lines(text):
        if line.kind == "node" and line.column < 0 and builder.has_nodes:
            if line.figures is None and line.indent > builder.indent:
                continue  # a target of the ModifyTable above
            if builder.is_above(line):
                line = replace(line, column=line.indent)  # a child without its arrow
            else:
                yield from builder.documents()
                builder = _Builder()
        builder.take(line)
        last = line.text
    if last.count("(") > last.count(")"):
        builder.cut_off()
    yield from builder.documents()


class _Builder:
    """One plan while its lines come in."""

    def __init__(self) -> None:
        self._roots: list[Raw] = []
        self._open: list[tuple[int, Raw]] = []  # columns and nodes that may get children
        self._whole: Raw = {}
        self._title = ""
        self._titled: int | None = None  # the column of the nodes that the title is for
        self._section: Raw | None = None
        self._flat: list[Raw] = []  # all nodes in the order of the text
        self._columns: set[int] = set()
        self.indent = 0  # of the root
        self._is_whole = True
        self._told = False

    @property
    def has_nodes(self) -> bool:
        return bool(self._roots)

    def is_above(self, line: Line) -> bool:
        """Whether a node's line without an arrow is below one that must have an input."""
        if line.indent <= self.indent:
            return False
        return self._flat[-1]["Node Type"] in NEVER_ALONE or line.indent in self._columns

    def cut_off(self) -> None:
        """Note that the text ends inside a line: nodes that are open may lack an input."""
        for _, node in self._open:
            if "Scan" not in node["Node Type"]:
                node["Cut Off"] = 1

    def take(self, line: Line) -> None:
        if line.kind == "node":
            self._node(line)
        elif line.kind == "title":
            self._close(line.column)
            self._title, self._titled = line.text, None
        elif not self._roots:
            return
        elif line.kind == "figures" and self._open:
            self._open[-1][1].update(_measured(line))
        elif line.kind == "trigger" and line.figures:
            self._whole.setdefault("Triggers", []).append(
                postgres_properties.trigger(line.text, line.figures)
            )
        elif line.kind == "property":
            self._property(*postgres_lines.property_of(line))

    def documents(self) -> Iterator[Raw]:
        # A lone word such as "Result" in a sentence is no plan: figures or a second line are.
        if not self._roots or not (self._told or len(self._flat) > 1):
            return
        if len(self._flat) > 2 and self._is_whole and max(self._columns, default=0) <= self.indent:
            for node in self._flat:
                node.pop("Plans", None)
            self._roots = [arity.nested(self._flat)]
        if len(self._roots) == 1 and self._is_whole:
            yield {"Plan": self._roots[0], **self._whole}
            return
        root = self._roots[0]
        if len(self._roots) > 1:
            root = {"Node Type": "Unknown", "Plans": self._roots}
        yield {"Plan": root, "Missing": "beginning", **self._whole}

    def _node(self, line: Line) -> None:
        if len(self._flat) >= MAX_NODES:
            raise PlanError(f"the plan has more than {MAX_NODES} nodes")
        node = postgres_properties.described(line.text) | _measured(line)
        self._flat.append(node)
        if line.column >= 0:
            self._columns.add(line.column)
        else:
            self.indent = line.indent
        self._told = self._told or line.figures is not None
        if self._title and self._titled in (None, line.column):
            role = "SubPlan" if self._title.startswith("SubPlan") else "InitPlan"
            node |= {"Subplan Name": self._title, "Parent Relationship": role}
            self._titled = line.column
        elif self._titled is not None and line.column < self._titled:
            self._title, self._titled = "", None
        self._close(line.column)
        if len(self._open) > MAX_DEPTH:
            raise PlanError(f"the plan is nested deeper than {MAX_DEPTH} levels")
        if self._open:
            self._open[-1][1].setdefault("Plans", []).append(node)
        else:
            self._is_whole = line.column < 0 and not self._roots
            self._roots.append(node)
        self._open.append((line.column, node))
        self._section = None

    def _close(self, column: int) -> None:
        """What stands from this column on gets no more children; a root always may."""
        while self._open and self._open[-1][0] >= max(column, 0):
            self._open.pop()

    def _property(self, key: str, value: str) -> None:
        if name := _TIME.get(key.lower()):
            self._whole[name] = postgres_properties.number(value)
            self._section = None
        elif key in _SECTIONS:
            self._section = self._whole[key] = {}
            if key == "Serialization" and (ms := re.search(r"time=(\d+(?:\.\d+)?)", value)):
                self._section["Time"] = float(ms[1])
        elif self._section is not None:
            if key == "Timing" and (total := re.search(r"Total (\d+(?:\.\d+)?) ms", value)):
                self._section["Timing"] = {"Total": float(total[1])}
        elif self._open:
            self._told = True
            self._of_node(key, value)

    def _of_node(self, key: str, value: str) -> None:
        node = self._open[-1][1]
        if worker := _WORKER.fullmatch(key):
            inner, _, rest = value.partition(": ")
            said = postgres_properties.properties(inner, rest, node["Node Type"])
            node.setdefault("Workers", []).append({"Worker Number": int(worker[1]), **said})
        else:
            said = postgres_properties.properties(key, value, node["Node Type"])
            node.update({name: one for name, one in said.items() if name not in _STRUCTURE})


def _measured(line: Line) -> Raw:
    figures = line.figures
    if figures is None:
        return {}
    said: Raw = {}
    names = {
        "startup": "Startup Cost",
        "total": "Total Cost",
        "planned": "Plan Rows",
        "width": "Plan Width",
        "first": "Actual Startup Time",
        "last": "Actual Total Time",
        "rows": "Actual Rows",
        "loops": "Actual Loops",
    }
    for group, name in names.items():
        if figures[group]:
            said[name] = postgres_properties.number(figures[group])
    if figures["rows"]:
        said.setdefault("Actual Loops", 1.0)  # a page that leaves the loops out means one
    if figures["never"]:
        said |= {"Actual Rows": 0.0, "Actual Loops": 0.0, "Actual Total Time": 0.0}
    return said
