"""A plugin of markdown-it-py: each inline token remembers the span of source it was read from.

Inline tokens have no positions. A rule that never matches is called wherever a token can start and
notes the offset; after the text has been parsed, each token gets its place as ``meta["span"]``.
"""

from __future__ import annotations

from bisect import bisect_right

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_MARKED = frozenset({"link_open", "image", "code_inline", "html_inline"})
#: Beginnings of HTML that continues up to an end mark.
_UNTIL = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "<!": ">"}


def positions(md: MarkdownIt) -> None:
    """Add the rules; ``md.use(positions)``."""
    noted = _Noted()
    md.inline.ruler.before("text", "note_position", noted.note)
    md.inline.ruler.before("html_inline", "unclosed_html", _unclosed_html)
    md.inline.ruler2.before("balance_pairs", "give_positions", noted.give)


class _Noted:
    """For each text being parsed: offsets of the source, and how many tokens were read there.

    The alternative text of an image is parsed while its paragraph is.
    """

    def __init__(self) -> None:
        self._steps: dict[int, tuple[list[int], list[int]]] = {}

    def note(self, state: StateInline, silent: bool) -> bool:
        if not silent:
            offsets, counts = self._steps.setdefault(id(state), ([], []))
            offsets.append(state.pos)
            counts.append(len(state.tokens))
        return False

    def give(self, state: StateInline) -> None:
        offsets, counts = self._steps.pop(id(state), ([], []))
        offsets.append(len(state.src))
        opened: list[int] = []
        for index, token in enumerate(state.tokens):
            if token.type in _MARKED:
                at = bisect_right(counts, index)
                token.meta["span"] = (offsets[at - 1], offsets[at])
                if token.type == "link_open":
                    opened.append(index)
            elif token.type == "link_close" and opened:
                opener = state.tokens[opened.pop()]
                end = offsets[bisect_right(counts, index)]
                opener.meta["span"] = (opener.meta["span"][0], end)


def _unclosed_html(state: StateInline, silent: bool) -> bool:
    """Read `<` as text if its end mark is missing, so that the library does not search again."""
    if state.src[state.pos] != "<":
        return False
    for beginning, end in _UNTIL.items():
        if state.src.startswith(beginning, state.pos):
            if state.src.find(end, state.pos) >= 0:
                return False
            if not silent:
                state.pending += "<"
            state.pos += 1
            return True
    return False
