"""Bytes of a Markdown file in, a ``Document`` out; never an exception for its content."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt

from ..diagnostic import Diagnostic, Fix, error, note
from . import frontmatter, inline, tokens
from .builder import Builder
from .document import Document

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: Pages are for people and models; anything larger is data.
MAX_BYTES = 1024 * 1024
#: None of 8,000 public pages has 10,000 lines.
MAX_LINES = 30_000

_LINE_ENDS = re.compile(r"\r\n?")


def parse(data: bytes, path: str) -> Document:
    """Parse the bytes of the Markdown file ``path`` (relative to the skill, forward slashes)."""
    text, problems = _decode(data, path)
    lines = text.split("\n")
    is_cut = len(lines) > MAX_LINES
    if is_cut:
        del lines[MAX_LINES:]
        text = "\n".join(lines)
    matter = frontmatter.read(lines, path)
    problems.extend((*matter.problems, *matter.warnings))
    if data.startswith(BYTE_ORDER_MARK):
        problems.append(_byte_order_mark(path, matter.present))
    # CommonMark, 2.3: parsers replace NUL.
    shown = [line.replace("\x00", "\ufffd") for line in lines] if "\x00" in text else lines
    builder = Builder(path, text, shown)
    env: dict[str, Any] = {}
    # Empty lines in place of the frontmatter keep the numbers of all other lines.
    source = "\n" * matter.body_line + "\n".join(shown[matter.body_line :])
    md = _parser(tokens.unneeded(source))
    try:
        builder.read(md, tokens.blocks(md, source, shown, env), env)
    except RecursionError:
        problems.append(
            error(
                "markdown-too-deep",
                path,
                1,
                "blocks or brackets are nested too deep to be read",
                "flatten the nesting",
            )
        )
    if is_cut or inline.is_exhausted(env):
        problems.append(
            error(
                "page-too-dense",
                path,
                1,
                _cut(lines, env),
                "keep data out of Markdown",
            )
        )
    return builder.document(matter, problems, frozenset(env.get("references", ())))


def _cut(lines: list[str], env: dict[str, Any]) -> str:
    if len(lines) >= MAX_LINES:
        return f"the page has more than {MAX_LINES} lines; the rest was not read"
    return "the page has too many links or code spans; the rest of them was not looked at"


@lru_cache(maxsize=32)  # there are 32 combinations of unneeded rules
def _parser(unneeded: tuple[str, ...]) -> MarkdownIt:
    return inline.parser().disable(unneeded)


def _decode(data: bytes, path: str) -> tuple[str, list[Diagnostic]]:
    problems: list[Diagnostic] = []
    is_cut = len(data) > MAX_BYTES
    if is_cut:
        problems.append(
            error(
                "file-too-large",
                path,
                1,
                f"the file is larger than {MAX_BYTES // 2**20} MB; the rest was not read",
                "split the page, or keep data out of Markdown",
            )
        )
        data = data[:MAX_BYTES]
    if data.startswith(BYTE_ORDER_MARK):
        data = data[len(BYTE_ORDER_MARK) :]
    utf_16 = _utf_16(data)
    if utf_16:
        problems.append(
            error("not-utf-8", path, 1, "the file is in UTF-16, not UTF-8", "save it as UTF-8")
        )
        data = data.decode(utf_16, errors="replace").removeprefix("\ufeff").encode("utf-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        text = data.decode("utf-8", errors="replace")
        # A character that the size limit cuts in two is no defect of the file.
        if not (is_cut and exc.start >= len(data) - 3):
            problems.append(_not_utf_8(data, path, exc))
    return (_LINE_ENDS.sub("\n", text) if "\r" in text else text), problems


def _byte_order_mark(path: str, has_frontmatter: bool) -> Diagnostic:
    fix = Fix("bom")
    hint = "save the file as UTF-8 without BOM"
    if has_frontmatter:
        message = "the file starts with a byte-order mark, which hides the frontmatter from readers"
        return error("byte-order-mark", path, 1, message, hint, fix=fix)
    return note("byte-order-mark", path, 1, "the file starts with a byte-order mark", hint, fix=fix)


def _utf_16(data: bytes) -> str | None:
    """Return the encoding of bytes that are UTF-16: by their mark, or by NULs in every place.

    The page is then decoded and checked, with one finding instead of one for every second byte.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if data[0] == 0xFF else "utf-16-be"
    head = data[:64]
    if len(head) >= 8 and b"\x00" in head:
        for nulls, encoding in ((head[1::2], "utf-16-le"), (head[::2], "utf-16-be")):
            if not nulls.strip(b"\x00"):
                return encoding
    return None


def _not_utf_8(data: bytes, path: str, exc: UnicodeDecodeError) -> Diagnostic:
    return error(
        "not-utf-8",
        path,
        data.count(b"\n", 0, exc.start) + 1,
        f"the byte 0x{data[exc.start]:02x} is not UTF-8; the file is in another encoding",
        "save the file as UTF-8",
        column=exc.start - data.rfind(b"\n", 0, exc.start),
    )
