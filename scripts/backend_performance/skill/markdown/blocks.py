"""markdown-it's block parser, asked only the questions that a line's first character allows.

The stock parser tries eleven rules on every line, scans each paragraph twice and makes three
tokens of it. Here a rule is tried only where its first character stands, and a paragraph, a
heading or a table row is one token. Quotes, code, HTML and definitions are read by the library's
own rules. Tests prove the tree equal to the stock one, on hard cases, on generated text and (by
``benchmarks/``) on collections of public pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import (
    StateBlock,
    blockquote,
    code,
    html_block,
    reference,
)

from . import plain_text
from .block_state import EVERYTHING, MAX_TOKENS, Lines, State, Wanted
from .fence_block import fence
from .list_block import list_block
from .table_block import table

Rule = Callable[[StateBlock, int, int, bool], bool]

_DIGITS = "0123456789"
#: Of 6,000 public pages none has a hundredth of these.
MAX_DEFINITIONS = 20_000
_ENDS_WORD = ("", " ", "\t")


def _heading(state: State, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    if state.sCount[startLine] - state.blkIndent >= 4:
        return False
    position = state.bMarks[startLine] + state.tShift[startLine]
    marked = state.src[position : state.eMarks[startLine]]
    text = marked.lstrip("#")
    level = len(marked) - len(text)
    if not 0 < level < 7 or text[:1] not in _ENDS_WORD:
        return False
    if not silent:
        text = text.rstrip(" \t")
        if text.endswith("#") and text.rstrip("#")[-1:] in (" ", "\t"):
            text = text.rstrip("#")
        state.line = startLine + 1
        state.push_text("heading", level, text, startLine, startLine + 1)
    return True


def _hr(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    position, end = state.bMarks[startLine] + state.tShift[startLine], state.eMarks[startLine]
    if state.src[end - 1] not in "*-_ \t" or state.sCount[startLine] - state.blkIndent >= 4:
        return False
    marks = state.src[position:end].replace(" ", "").replace("\t", "")
    if len(marks) < 3 or marks.count(marks[0]) < len(marks) or marks[0] not in "*-_":
        return False
    if not silent:
        state.line = startLine + 1
        rule = state.push("hr", "hr", 0)
        rule.map = [startLine, state.line]
    return True


def _definition(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    is_full = len(state.env.get("references", ())) >= MAX_DEFINITIONS
    return not is_full and reference(state, startLine, endLine, silent)


#: First character → rules that can start there, in the library's order.
_STARTS: dict[str, tuple[Rule, ...]] = {
    "`": (fence,),
    "~": (fence,),
    ">": (blockquote,),
    "*": (_hr, list_block),
    "-": (_hr, list_block),
    "_": (_hr,),
    "+": (list_block,),
    "[": (_definition,),
    "<": (html_block,),
    "#": (_heading,),
    **dict.fromkeys(_DIGITS, (list_block,)),
}
#: The same for rules that may interrupt a paragraph.
_INTERRUPTS = {character: rules for character, rules in _STARTS.items() if character != "["}
#: The same for rules that may stand where the next item of a list could.
_ENDS_LIST: dict[str, tuple[Rule, ...]] = {
    "`": (fence,),
    "~": (fence,),
    ">": (blockquote,),
    **dict.fromkeys("*-_", (_hr,)),
}
#: Rules that other rules of the library ask for: only where they can match.
_GUARDED: tuple[tuple[str, Rule, str, list[str]], ...] = (
    ("table", table, "", ["paragraph", "reference"]),
    ("fence", fence, "`~", ["paragraph", "reference", "blockquote", "list"]),
    ("blockquote", blockquote, ">", ["paragraph", "reference", "blockquote", "list"]),
    ("hr", _hr, "*-_", ["paragraph", "reference", "blockquote", "list"]),
    ("list", list_block, "*-+" + _DIGITS, ["paragraph", "reference", "blockquote"]),
    ("html_block", html_block, "<", ["paragraph", "reference", "blockquote"]),
    ("heading", _heading, "#", ["paragraph", "reference", "blockquote"]),
)


class Blocks(ParserBlock):
    """Reads the blocks of CommonMark and GFM tables."""

    def __init__(self) -> None:
        super().__init__()
        for name, rule, characters, alternatives in _GUARDED:
            guarded = _guarded(rule, frozenset(characters)) if characters else rule
            self.ruler.at(name, guarded, {"alt": alternatives})

    def ends_list(self, state: StateBlock, line: int, end: int) -> bool:
        """Return whether a block other than a list item starts at ``line``."""
        at = state.bMarks[line] + state.tShift[line]
        # Nothing follows the mark of a quote with which the page ends.
        rules = _ENDS_LIST.get(state.src[at : at + 1], ())
        return any(rule(state, line, end, True) for rule in rules)

    def read(
        self,
        page: Lines,
        md: MarkdownIt,
        env: dict[str, Any],
        first: int = 0,
        wanted: Wanted = EVERYTHING,
    ) -> list[Any]:
        """Return the block tokens of a page from the line with the index ``first`` on.

        Definitions go to ``env["references"]``.
        """
        state = State(page, md, env, wanted)
        self.tokenize(state, first, state.lineMax)
        return state.tokens

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803
        """Read the lines from ``startLine`` on, also inside lists and quotes."""
        begins, shifts, ends, indents = state.bMarks, state.tShift, state.eMarks, state.sCount
        source, dashes, limit = state.src, state.dashes, state.md.options["maxNesting"]
        line, had_empty_line, tokens = startLine, False, state.tokens
        while line < endLine:
            if begins[line] + shifts[line] >= ends[line]:
                line = state.skipEmptyLines(line)
            state.line = line
            if line >= endLine or indents[line] < state.blkIndent:
                break
            if state.level >= limit or len(tokens) > MAX_TOKENS:
                state.line = endLine
                break
            character = source[begins[line] + shifts[line]]
            if (
                line >= state.next_stretch
                and character not in plain_text.NEVER
                and not state.level
                and not indents[line]
            ):
                after = plain_text.line_after(state, line, endLine)
                if after > line:
                    line = after
                    continue
            if line + 1 not in dashes or not table(state, line, endLine, False):
                if indents[line] - state.blkIndent >= 4:
                    code(state, line, endLine, False)
                else:
                    for rule in _STARTS.get(character, ()):
                        if rule(state, line, endLine, False):
                            break
                    else:
                        _paragraph(state, line, endLine)
            state.tight = not had_empty_line
            line = state.line
            # A paragraph may have eaten the empty line after it, in nested lists.
            if line - 1 < endLine and begins[line - 1] + shifts[line - 1] >= ends[line - 1]:
                had_empty_line = True
            if line < endLine and begins[line] + shifts[line] >= ends[line]:
                had_empty_line = True
                line += 1
                state.line = line


def _guarded(rule: Rule, characters: frozenset[str]) -> Rule:
    def guarded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        position = state.bMarks[start] + state.tShift[start]
        if position >= len(state.src) or state.src[position] not in characters:
            return False
        return rule(state, start, end, silent)

    return guarded


def _paragraph(state: State, start: int, end: int) -> None:
    """Read a paragraph or a setext heading: both end alike, so one scan tells which it is."""
    begins, shifts, ends, indents = state.bMarks, state.tShift, state.eMarks, state.sCount
    source, indent = state.src, state.blkIndent
    before, state.parentType = state.parentType, "paragraph"
    line, level = start + 1, 0
    while line < end:
        position = begins[line] + shifts[line]
        if position >= ends[line]:
            break
        here = indents[line]
        if here - indent > 3:
            line += 1
            continue
        character = source[position]
        if here >= indent and character in "-=":
            underline = source[position : ends[line]].rstrip(" \t")
            if underline.count(character) == len(underline):
                level = 1 if character == "=" else 2
                break
        rules = _INTERRUPTS.get(character, ())
        if here >= 0 and any(rule(state, line, end, True) for rule in rules):
            break
        if here >= 0 and line + 1 in state.dashes and table(state, line, end, True):
            break
        line += 1
    # Not by `getLines`, which counts a tab after a quote mark as wider than it is.
    text = source[begins[start] + shifts[start] : ends[start]]
    if line > start + 1:
        text += "\n" + state.getLines(start + 1, line, indent, False)
    state.line = line + 1 if level else line
    state.push_text("heading" if level else "paragraph", level, text, start, state.line)
    if level:
        state.parentType = before
