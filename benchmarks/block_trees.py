"""Is the package's block parser the same parser as markdown-it-py's?

    python benchmarks/block_trees.py DIRECTORY

Reads every Markdown file below DIRECTORY twice, with the stock block rules and with the faster
ones of ``skill/blocks.py``, and compares the two trees block by block: kind, level, lines, text,
cells, info string, and the link definitions. Then each page is read as the package reads it,
without the blocks that hold nothing it looks for, and whole: both must give the same document.
Prints a table and the first difference of each page that has one; the exit code is 1 if there is
any. ``tests/robustness`` asks the same of generated pages.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from backend_performance.skill.markdown import inline, reading
from backend_performance.skill.markdown.block_state import EVERYTHING, lines_of
from markdown_it import MarkdownIt

#: Containers and their ends are compared by name; what a leaf holds, field by field.
_DROPPED = frozenset(
    {"thead_open", "thead_close", "tbody_open", "tbody_close", "paragraph_close", "heading_close"}
    | {"th_open", "th_close", "td_open", "td_close"}
)
Tree = list[tuple[Any, ...]]
#: After a quote mark and a tab the stock parser leaves list markers in a paragraph's text
#: (`> \t- a`); there only kinds, levels and lines are compared.
_TAB_AFTER_QUOTE = re.compile(r">[ ]*\t")


@lru_cache(maxsize=1)
def _stock_parser() -> MarkdownIt:
    options = {"maxNesting": inline.MAX_NESTING}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


@lru_cache(maxsize=1)
def _fast_parser() -> MarkdownIt:
    return inline.parser()


def stock(source: str) -> tuple[Tree, dict[str, Any]]:
    """Return the blocks and definitions as markdown-it-py reads them."""
    tokens: list[Any] = []
    env: dict[str, Any] = {}
    md = _stock_parser()
    md.block.parse(source, md, env, tokens)
    return list(_merged(tokens)), env


def _merged(tokens: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Join what the stock parser says in several tokens: a row, a paragraph, a heading."""
    cells: list[str] = []
    for index, token in enumerate(tokens):
        if token.type in _DROPPED:
            continue
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            opener = next(t for t in reversed(tokens[:index]) if t.type == "tr_open")
            # Head and body of a table are no blocks of their own in the package's tree.
            yield "row", opener.level - 1, tuple(opener.map), tuple(cells)
        elif token.type == "inline":
            opener = tokens[index - 1]
            if opener.type in ("th_open", "td_open"):
                cells.append(token.content)
            else:
                kind = opener.type.removesuffix("_open")
                yield kind, opener.level, tuple(opener.map), opener.tag, token.content
        elif token.type not in ("paragraph_open", "heading_open"):
            yield _plain(token)


def _plain(token: Any) -> tuple[Any, ...]:
    lines = tuple(token.map) if token.map else None
    info = token.info if token.type == "fence" else ""
    return token.type, token.level, lines, token.content, info


def fast(source: str) -> tuple[Tree, dict[str, Any]]:
    """Return the same of the package's parser."""
    env: dict[str, Any] = {}
    md = _fast_parser()
    tree: Tree = []
    for token in md.block.read(lines_of(source), md, env):
        if token.type == "row":
            tree.append(("row", token.level, tuple(token.map), tuple(token.cells)))
        elif token.type in ("paragraph", "heading"):
            lines = tuple(token.map)
            tree.append((token.type, token.level, lines, token.tag, token.content))
        else:
            tree.append(_plain(token))
    return tree, env


def _without_text(tree: Tree) -> Tree:
    return [block[:3] for block in tree]


def difference(source: str) -> str | None:
    """Return the first difference of the two readings of ``source``, or ``None``."""
    (wanted, definitions), (found, own_definitions) = stock(source), fast(source)
    if _TAB_AFTER_QUOTE.search(source):
        wanted, found = _without_text(wanted), _without_text(found)
    for left, right in zip(wanted, found, strict=False):
        if left != right:
            return f"markdown-it-py: {left}\n  skill/blocks.py: {right}"
    if len(wanted) != len(found):
        return f"{len(wanted)} blocks, and {len(found)} in skill/blocks.py"
    if definitions != own_definitions:
        return "the link definitions differ"
    data = source.encode("utf-8", "replace")
    is_same = reading.parse(data, "page.md") == reading.parse(data, "page.md", EVERYTHING)
    return None if is_same else "a block that was left out would have counted"


def main(directory: Path) -> int:
    """Compare all pages below ``directory``; return the exit code."""
    pages = sorted(p for p in directory.rglob("*.md") if p.is_file())
    if not pages:
        print(f"{directory}: no Markdown files", file=sys.stderr)
        return 2
    differing = blocks = size = 0
    seconds = {"stock": 0.0, "fast": 0.0}
    for page in pages:
        text = page.read_bytes().decode("utf-8", errors="replace")
        source = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
        size += len(source)
        for name, read in (("stock", stock), ("fast", fast)):
            start = time.process_time()
            tree, _ = read(source)
            seconds[name] += time.process_time() - start
        blocks += len(tree)
        found = difference(source)
        if found:
            differing += 1
            print(f"{page}: {found}")
    print(f"pages {len(pages)}, {size / 1e6:.1f} MB, blocks {blocks}, differing pages {differing}")
    for name, spent in seconds.items():
        print(f"{name:6} {spent:6.1f} CPU s  {size / 1e6 / spent:5.1f} MB/s")
    return 1 if differing else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
