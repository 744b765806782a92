"""Lists, as CommonMark reads them: markers found by a pattern, tokens as few as can be.

The rule is that of markdown-it, line by line; only looseness, which no reader of the tree asks
for, is left out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .block_state import MAX_TOKENS, State, may_hold

#: The beginning of a line that can only be text.
_WORD = r"(?:\*\*|_)?[^\s`~>*\-_+\[<#0-9]|`(?!``)|[0-9]{1,9}+(?![0-9.)])"
_TEXT = re.compile(_WORD)
_BULLETS = frozenset("*-+")
_MARKER = re.compile(r"(?:([-*+])|(\d{1,9})([.)]))(?=[ \t]|\Z)")


def list_block(state: State, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Read the list that starts at ``startLine``; in silent mode only say whether there is one."""
    here = state.sCount[startLine]
    if here - state.blkIndent >= 4:
        return False
    # An item four columns to the right of its list is a line of the paragraph above it.
    if state.listIndent >= 0 and here - state.listIndent >= 4 and here < state.blkIndent:
        return False
    marker = _marker(state, startLine)
    if marker is None:
        return False
    if silent and state.parentType == "paragraph" and here >= state.blkIndent:
        # Only a list that starts with 1 and is not empty may interrupt a paragraph.
        if marker.group(2) and int(marker.group(2)) != 1:
            return False
        if not state.src[marker.end() : state.eMarks[startLine]].strip(" \t"):
            return False
    if not silent:
        _items(state, startLine, endLine, marker)
    return True


def _marker(state: State, line: int) -> re.Match[str] | None:
    start = state.bMarks[line] + state.tShift[line]
    return _MARKER.match(state.src, start, state.eMarks[line])


def _kind(marker: re.Match[str]) -> str:
    return marker.group(1) or marker.group(3)


def _items(state: State, line: int, end: int, marker: re.Match[str]) -> None:
    kind = _kind(marker)
    tag = "ul" if marker.group(1) else "ol"
    name = "bullet_list" if marker.group(1) else "ordered_list"
    opener = state.begin(f"{name}_open", tag)
    first, before, state.parentType = line, state.parentType, "list"
    current: re.Match[str] | None = marker
    while current is not None:
        last = _short_items(state, line, end, kind)
        if last > line:
            line, current = last, _marker(state, last)
        line = _item(state, line, end, current)
        if line >= end or state.sCount[line] < state.blkIndent:
            break
        if state.sCount[line] - state.blkIndent >= 4:
            break
        if state.md.block.ends_list(state, line, end):
            break
        current = _marker(state, line)
        if current is not None and _kind(current) != kind:
            break
    state.finish(opener, f"{name}_close", first, line)
    state.line = line
    state.parentType = before


def _short_items(state: State, line: int, end: int, kind: str) -> int:
    """Read items of one line each, as long as another one follows; return the line of that."""
    start, shift = state.bMarks[line], state.tShift[line]
    room = (MAX_TOKENS - len(state.tokens)) // 3
    is_deep = state.level + 1 >= state.md.options["maxNesting"]
    if shift != state.sCount[line] or is_deep or room < 1:
        return line
    run = _short_run(shift, kind).match(state.src, start, state.eMarks[end - 1] + 1)
    if run is None:
        return line
    after = line + state.src.count("\n", start, run.end())
    if after < state.lineMax and state.bMarks[after] != run.end():
        return line
    last = min(after - 1, line + room)
    if state.wants_lists or may_hold(run[0]):
        for text in run[0].split("\n")[: last - line]:
            if state.wants_lists or may_hold(text):
                opener = state.begin("list_item_open", "li")
                text = text[shift:].partition(kind)[2]
                state.push_text("paragraph", 0, text.lstrip(" \t"), line, line + 1)
                state.finish(opener, "list_item_close", line, line + 1)
            line += 1
    return last


@lru_cache(maxsize=64)
def _short_run(shift: int, kind: str) -> re.Pattern[str]:
    """Return a pattern for successive lines that are items, and whose text is nothing but text."""
    marker = re.escape(kind) if kind in _BULLETS else rf"\d{{1,9}}{re.escape(kind)}"
    text = rf"(?:{_WORD}|\[[ xX]\] |\[[^\[\]\n]*\]\()"
    return re.compile(rf"(?: {{{shift}}}{marker} {{1,4}}{text}[^\n]*\n)+")


def _item(state: State, line: int, end: int, marker: re.Match[str]) -> int:
    """Read one item; return the line after it."""
    width = marker.end() - marker.start()
    initial = state.sCount[line] + width
    shift, offset = state.tShift[line] + width, initial
    position, stop = state.bMarks[line] + shift, state.eMarks[line]
    while position < stop and state.src[position] in " \t":
        is_tab = state.src[position] == "\t"
        offset += 4 - (offset + state.bsCount[line]) % 4 if is_tab else 1
        position += 1
    is_empty = position >= stop
    width = 1 if is_empty or offset - initial > 4 else offset - initial
    opener = state.begin("list_item_open", "li")
    if not is_empty and offset - initial < 5 and _is_text(state.src, position, stop):
        after = _after_one_line(state, line, end, initial + width)
        if after:
            state.push_text("paragraph", 0, state.src[position:stop], line, line + 1)
            state.finish(opener, "list_item_close", line, after)
            state.parentType, state.line = "paragraph", after
            return after
    kept = (state.tight, state.tShift[line], state.sCount[line], state.listIndent)
    state.listIndent, state.blkIndent = state.blkIndent, initial + width
    state.tShift[line], state.sCount[line] = position - state.bMarks[line], offset
    if is_empty and state.isEmpty(line + 1):
        # An item without text ends before a second empty line.
        state.line = min(state.line + 2, end)
    else:
        state.md.block.tokenize(state, line, end)
    state.blkIndent = state.listIndent
    state.tight, state.tShift[line], state.sCount[line], state.listIndent = kept
    state.finish(opener, "list_item_close", line, state.line)
    return state.line


def _is_text(source: str, start: int, end: int) -> bool:
    """Return whether a line that starts at ``start`` can only be text; a box is no definition."""
    if source[start] == "[":
        return source.find("]:", start, end) < 0
    return _TEXT.match(source, start, end) is not None


def _after_one_line(state: State, line: int, end: int, indent: int) -> int:
    """Return the line after an item that is surely one line of text, else 0.

    Most items are: the next line that holds anything lies outside, or is another bullet.
    ``indent`` is the column at which the item's text starts.
    """
    if state.level >= state.md.options["maxNesting"] or len(state.tokens) > MAX_TOKENS:
        return 0
    after = line + 1
    if after >= end:
        return after
    start = state.bMarks[after] + state.tShift[after]
    if start >= state.eMarks[after]:
        after += 1
        if after < end:  # empty lines behind the end may be skipped, but not looked for
            after = state.skipEmptyLines(after)
        return after if after >= end or state.sCount[after] < indent else 0
    here = state.sCount[after]
    if not 0 <= here < min(indent, state.blkIndent + 4) or state.src[start] not in _BULLETS:
        return 0
    return after if state.src[start + 1 : start + 2] in (" ", "\t") and _marker(state, after) else 0
