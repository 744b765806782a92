"""Stretches of a page that hold words only, skipped whole.

Paragraphs and lists without a bracket, a backtick, a bar or an address give a reader of the page's
structure nothing, and they are a third of all lines. One pattern finds where such a stretch ends.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from .block_state import State

#: A line that can only be text: what it starts with begins no other block, and ends none.
_TEXT = r"(?:\*\*|_)?+[^\s`~>*\-_+\[<#0-9|=:\\][^\n`\[<|]*+\n"
#: Characters with which no stretch starts.
NEVER = frozenset("`~>[<#|=:\\")
_ITEM = r"(?:(?:[-*+]|\d{1,9}[.)]) {1,4}+)?+"
_BLOCK = rf"(?:{_ITEM}{_TEXT}(?: *+{_ITEM}{_TEXT})*+|-{{3,}}\n)"
#: Blocks that end at an empty line or a heading. What comes next is not indented: it belongs to no
#: item of theirs.
_STRETCH = re.compile(rf"(?:{_BLOCK}(?:(?: *+\n)++(?=[^ \t\n])|(?=#{{1,6}} )))++")


def line_after(state: State, line: int, end: int) -> int:
    """Return the line after the stretch that starts at ``line``; ``line`` when there is none."""
    source, start = state.src, state.bMarks[line]
    for mark, at in state.next_marks.items():
        if at < start:
            at = source.find(mark, start)
            state.next_marks[mark] = at if at >= 0 else len(source)
    match = _STRETCH.match(source, start, min(state.next_marks.values()))
    if match:
        return bisect_left(state.bMarks, match.end(), line, end)
    # Before the next empty line the same lines would be looked at again, to no other end.
    blank = source.find("\n\n", start)
    state.next_stretch = end if blank < 0 else bisect_left(state.bMarks, blank, line, end)
    return line
