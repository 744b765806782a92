"""The page of examples as data: cases, their fences, and the blocks the harness rewrites.

The code in the page is the code that runs. A fence says how in its info string, after the
language, where GitHub does not look:

    ```sql case=offset-or-keyset step=before engine=postgres label="OFFSET 100000"
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

PAGE = Path(__file__).parents[1] / "examples" / "common-bottlenecks.md"
ENVIRONMENT = "measured:environment"


class PageError(ValueError):
    """The page cannot be measured as it is written; says where."""


@dataclass(frozen=True)
class Fence:
    """One runnable block of code."""

    language: str
    attributes: Mapping[str, str]
    code: str
    line: int

    @property
    def step(self) -> str:
        return self.attributes.get("step", "")

    @property
    def engine(self) -> str:
        return self.attributes.get("engine", "")

    @property
    def label(self) -> str:
        return self.attributes.get("label", self.step.capitalize())


@dataclass(frozen=True)
class Case:
    """One before/after pair under one heading."""

    slug: str
    title: str
    line: int
    fences: tuple[Fence, ...]

    def fence(self, step: str) -> Fence:
        for fence in self.fences:
            if fence.step == step:
                return fence
        raise PageError(f"{self.slug}: no fence with step={step}")

    @property
    def engines(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f.engine for f in self.fences if f.engine))

    def attribute(self, name: str, default: str = "") -> str:
        """The first fence that carries the attribute speaks for the case."""
        return next((f.attributes[name] for f in self.fences if name in f.attributes), default)


def slug_of(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def read_cases(text: str) -> tuple[Case, ...]:
    """Every second-level section that has runnable fences, in the order of the page."""
    cases = tuple(
        Case(slug_of(title), title, line, tuple(fences)) for title, line, fences in sections(text)
    )
    if not cases:
        raise PageError("the page holds no case: no heading with a fence that names its case")
    for case in cases:
        for fence in case.fences:
            if fence.attributes["case"] != case.slug:
                raise PageError(
                    f"line {fence.line}: case={fence.attributes['case']} stands under {case.slug}"
                )
    return cases


def sections(text: str) -> Iterator[tuple[str, int, list[Fence]]]:
    title, line, fences = "", 0, list[Fence]()
    tokens = MarkdownIt("commonmark").parse(text)
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            if fences:
                yield title, line, fences
            title, line, fences = tokens[position + 1].content, first_line(token), []
        elif token.type == "fence" and (fence := read_fence(token)):
            fences.append(fence)
    if fences:
        yield title, line, fences


def first_line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0


def read_fence(token: Token) -> Fence | None:
    language, _, rest = token.info.partition(" ")
    try:
        pairs = [word.partition("=") for word in shlex.split(rest)]
    except ValueError as error:
        raise PageError(f"line {first_line(token)}: {error} in the info string") from error
    attributes = {name: value for name, _, value in pairs}
    if "case" not in attributes:
        return None
    return Fence(language, attributes, token.content, first_line(token))


def block(text: str, name: str) -> str:
    """What stands between `<!-- name -->` and `<!-- /name -->`."""
    start, end = block_span(text, name)
    return text[start:end].strip("\n")


def replace_block(text: str, name: str, content: str) -> str:
    start, end = block_span(text, name)
    return f"{text[:start]}\n{content.rstrip()}\n{text[end:]}"


def block_span(text: str, name: str) -> tuple[int, int]:
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    for marker in (opening, closing):
        if text.count(marker) != 1:
            raise PageError(f"{marker} stands {text.count(marker)} times in the page, not once")
    start, end = text.index(opening) + len(opening), text.index(closing)
    if end < start:
        raise PageError(f"{closing} stands before {opening}")
    return start, end
