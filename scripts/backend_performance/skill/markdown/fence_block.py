"""Fenced code, whose end is searched for and not met line by line.

Most bytes of many pages are code. Outside of lists and quotes the closing marks are found by
``str.find``; inside them, where a line can end the block by its indent, the library's rule reads.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import fence as library_fence

_OPENING = re.compile(r"(`{3,}(?!.*`)|~{3,})(.*)\Z", re.DOTALL)


def fence(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Read the fence that starts at ``startLine``; in silent mode only say whether there is one."""
    if state.sCount[startLine] - state.blkIndent >= 4:
        return False
    start = state.bMarks[startLine] + state.tShift[startLine]
    opening = _OPENING.match(state.src[start : state.eMarks[startLine]])
    if opening is None or silent:
        return opening is not None
    if state.level or state.blkIndent or state.sCount[startLine]:
        return library_fence(state, startLine, endLine, silent)
    markup, info = opening.groups()
    line = _closing_line(state, markup, startLine + 1, endLine)
    state.line = min(line + 1, endLine)
    token = state.push("fence", "code", 0)
    token.info, token.markup, token.map = info, markup, [startLine, state.line]
    if line > startLine + 1:
        token.content = state.src[state.bMarks[startLine + 1] : state.eMarks[line - 1] + 1]
    return True


def _closing_line(state: StateBlock, markup: str, line: int, end: int) -> int:
    """Return the line that closes the fence, or ``end``."""
    source, begins = state.src, state.bMarks
    at = source.find(markup, begins[line]) if line < end else -1
    while at >= 0:
        line = bisect_right(begins, at, line, end) - 1
        is_first = at == begins[line] + state.tShift[line] and state.sCount[line] < 4
        stop = state.eMarks[line]
        if is_first and not source[at:stop].lstrip(markup[0]).strip(" \t"):
            return line
        at = source.find(markup, stop)
    return end
