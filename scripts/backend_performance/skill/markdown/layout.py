"""Where an offset of a page lies: line, column, and whether that is code or prose."""

from __future__ import annotations

from bisect import bisect_right

from .document import CodeSpan, Document, Fence


def _place(span: CodeSpan) -> tuple[int, int]:
    return span.line, span.column


class Layout:
    """Answers for one page. Making it takes time, so rules make it only when they need it."""

    def __init__(self, page: Document) -> None:
        self.page = page
        self._fence_lines = [fence.line for fence in page.fences]
        self._spans = sorted(page.code_spans, key=_place)

    def fence_at(self, line: int) -> Fence | None:
        """Return the code block that ``line`` belongs to."""
        index = bisect_right(self._fence_lines, line) - 1
        fence = self.page.fences[index] if index >= 0 else None
        return fence if fence and line <= fence.end else None

    def span_at(self, line: int, column: int) -> CodeSpan | None:
        """Return the code span at a place; its delimiters belong to it."""
        index = bisect_right(self._spans, (line, column), key=_place) - 1
        span = self._spans[index] if index >= 0 else None
        if span and span.line == line and column < span.column + len(span.text) + 4:
            return span
        return None

    def is_code(self, offset: int) -> bool:
        line, column = self.page.line_column(offset)
        return self.fence_at(line) is not None or self.span_at(line, column) is not None
