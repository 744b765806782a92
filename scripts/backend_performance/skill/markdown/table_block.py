"""GFM tables: one token per row, split by a pattern and not by the character."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from .block_state import BLANKS, MAX_TOKENS

#: A cell ends at a bar without a backslash before it; GFM looks at nothing else.
_CELL = re.compile(r"(?<!\\)\|")
_DELIMITER_ROW = re.compile(r"(?:[|:][-:| \t]|-[-:|])[-:| \t]*\Z")
_DELIMITER = re.compile(r":?-+:?\Z")
#: As in the library: how many missing cells a table may leave to be filled in.
_MAX_FILLED_IN = 0x10000


def table(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Read the table that starts at ``startLine``; in silent mode only say whether there is one."""
    if startLine + 2 > endLine or state.sCount[startLine + 1] < state.blkIndent:
        return False
    if max(state.sCount[startLine : startLine + 2]) - state.blkIndent >= 4:
        return False
    columns = _columns(_line(state, startLine + 1))
    first = _line(state, startLine)
    if not columns or "|" not in first:
        return False
    header = _cells(first)
    if len(header) != columns:
        return False
    if silent:
        return True
    before, state.parentType = state.parentType, "table"
    opener = state.push("table_open", "table", 1)
    _push_row(state, startLine, header)
    end = _body(state, startLine + 2, endLine, columns)
    state.push("table_close", "table", -1)
    opener.map = [startLine, end]
    state.parentType = before
    state.line = end
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _columns(line: str) -> int:
    """Return how many columns a delimiter row has; 0 when it is none."""
    if not _DELIMITER_ROW.match(line):
        return 0
    parts = [part.strip(BLANKS) for part in line.split("|")]
    outer = {i for i in (0, len(parts) - 1) if not parts[i]}
    inner = [part for i, part in enumerate(parts) if i not in outer]
    return len(inner) if all(map(_DELIMITER.match, inner)) else 0


def _cells(line: str) -> list[str]:
    """Return the trimmed cells of one row."""
    cells = _CELL.split(line.strip(BLANKS))
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    if "\\|" in line:
        cells = [cell.replace("\\|", "|") for cell in cells]
    return [cell.strip(BLANKS) for cell in cells]


def _body(state: StateBlock, start: int, end: int, columns: int) -> int:
    """Read the rows below the delimiter row; return the first line after them."""
    terminators = state.md.block.ruler.getRules("blockquote")
    filled_in, line = 0, start
    while line < end and state.sCount[line] >= state.blkIndent:
        if len(state.tokens) > MAX_TOKENS:
            break
        text = _line(state, line)
        # Nothing else starts with a bar, as most rows do.
        if text[:1] != "|" and any(rule(state, line, end, True) for rule in terminators):
            break
        if not text.strip(BLANKS) or state.sCount[line] - state.blkIndent >= 4:
            break
        cells = _cells(text)
        filled_in += columns - len(cells)
        if filled_in > _MAX_FILLED_IN:
            break
        _push_row(state, line, (cells + [""] * columns)[:columns])
        line += 1
    return line


def _push_row(state: StateBlock, line: int, cells: list[str]) -> None:
    row = state.push("row", "tr", 0)
    row.map, row.cells = [line, line + 1], tuple(cells)
