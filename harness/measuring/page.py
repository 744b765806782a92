"""The pages of examples as data: cases, their fences, and the blocks the harness rewrites.

Each case has its own page. The code on the page is the code that runs. A fence says how in its
info string, after the language, where GitHub does not look:

    ```sql step=before engine=postgres label="OFFSET 100000"
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).parents[2] / "examples"
#: The page that lists the cases by symptom and says what they were measured on.
INDEX = "common-bottlenecks.md"
MEASURED = "measured"
ENVIRONMENT = "measured:environment"


class PageError(ValueError):
    """A page cannot be measured as it is written; says where."""


@dataclass(frozen=True)
class Fence:
    """One runnable block of code."""

    language: str
    attributes: Mapping[str, str]
    code: str
    line: int

    @property
    def step(self) -> str:
        return self.attributes["step"]

    @property
    def engine(self) -> str:
        return self.attributes.get("engine", "")

    @property
    def label(self) -> str:
        return self.attributes.get("label", self.step.capitalize())


@dataclass(frozen=True)
class Case:
    """One before/after pair on its own page, whose name is its slug."""

    slug: str
    text: str
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

    def sentence(self, label: str) -> str:
        """The paragraph that begins with the bold label, without it."""
        found = re.search(rf"(?m)^\*\*{label}\.\*\* (.+)$", self.text)
        if not found:
            raise PageError(f"{self.slug}: no paragraph begins with **{label}.**")
        return found[1]


def read_cases(folder: Path) -> dict[str, Case]:
    """Every page of the folder but the index, by its slug, in alphabetical order."""
    pages = sorted(path for path in folder.glob("*.md") if path.name != INDEX)
    if not pages:
        raise PageError(f"{folder} holds no case: expected one page per case beside {INDEX}")
    return {path.stem: read_case(path.stem, path.read_text(encoding="utf-8")) for path in pages}


def read_case(slug: str, text: str) -> Case:
    """The case of one page."""
    fences = tuple(read_fences(slug, text))
    if not fences:
        raise PageError(f"{slug}: no fence says with step= when it runs")
    return Case(slug, text, fences)


def read_fences(slug: str, text: str) -> Iterator[Fence]:
    """Yield the fences that run: those with a step."""
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "fence" and (fence := read_fence(slug, token)):
            yield fence


def read_fence(slug: str, token: Token) -> Fence | None:
    line = token.map[0] + 1 if token.map else 0
    language, _, rest = token.info.partition(" ")
    try:
        pairs = [word.partition("=") for word in shlex.split(rest)]
    except ValueError as error:
        raise PageError(f"{slug}, line {line}: {error} in the info string") from error
    attributes = {name: value for name, _, value in pairs}
    return Fence(language, attributes, token.content, line) if "step" in attributes else None


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
        raise PageError(f"{closing} comes before {opening}")
    return start, end
