"""What a repository starts itself: Procfiles, Dockerfiles, unit files and Puma's own file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..interpolation import filled
from ..model import Entry, Part, Place
from . import commands, environment
from .lines import sections


def dockerfile(text: str, file: str) -> Iterator[Part]:
    """Yield what an image starts by default: its last CMD and ENTRYPOINT, and its variables."""
    started: dict[str, tuple[list[str], int]] = {}
    entries: list[Entry] = []
    for number, row in enumerate(text.replace("\\\n", "  ").splitlines(), 1):
        instruction, _, rest = row.strip().partition(" ")
        if instruction.upper() in ("CMD", "ENTRYPOINT"):
            started[instruction.upper()] = _exec_form(rest.strip()), number
        elif instruction.upper() == "ENV":
            for word in commands.words(rest if "=" in rest else rest.replace(" ", "=", 1)):
                name, _, value = word.partition("=")
                entries += environment.read(name, filled(value), number)
    words = [word for key in ("ENTRYPOINT", "CMD") for word in started.get(key, ([], 0))[0]]
    line = max((number for _, number in started.values()), default=1)
    program, options = commands.read(words, line)
    if program:
        yield Part("Dockerfile", "image", Place(file, line), program, (*entries, *options))


def _exec_form(text: str) -> list[str]:
    """``["gunicorn", "app"]`` or the words of a shell line."""
    try:
        given = json.loads(text)
    except ValueError:
        return commands.words(text)
    return [str(word) for word in given] if isinstance(given, list) else []


def systemd(text: str, file: str) -> Iterator[Part]:
    """Yield a unit as a workload: what it starts, its environment and limits."""
    program, entries = "", list[Entry]()
    name = file.rpartition("/")[2].removesuffix(".service")
    for section, line, key, value in sections(text.replace("\\\n", "  ")):
        if section == "Service" and key == "ExecStart":
            program, options = commands.read(commands.words(value.lstrip("-@:+!")), line)
            entries += options
        elif section == "Service" and key == "Environment":
            for word in commands.words(value):
                variable, _, given = word.partition("=")
                entries += environment.read(variable, given, line)
        elif section == "Service":
            entries.append(Entry("systemd", key, value, line))
    yield Part(name, "workload", Place(file, 1), program, tuple(entries), context="")


def procfile(text: str, file: str) -> Iterator[Part]:
    """Yield each process type of a Procfile as a workload."""
    for number, row in enumerate(text.splitlines(), 1):
        name, separator, command = row.partition(":")
        if separator and re.fullmatch(r"[\w-]+", name):
            program, entries = commands.read(commands.words(filled(command)), number)
            folder = file.rpartition("/")[0]
            yield Part(name, "workload", Place(file, number), program, entries, context=folder)


def puma(text: str, file: str) -> Iterator[Part]:
    """Yield the settings of a ``puma.rb``: literals, and the defaults that ``ENV.fetch`` names."""
    entries = []
    named: dict[str, str] = {}
    for number, row in enumerate(text.splitlines(), 1):
        code = row.partition("#")[0]
        assigned = re.match(r"^\s*(\w+)\s*=\s*(.+)$", code)
        if assigned:
            named[assigned[1]] = _ruby_figure(assigned[2], named)
        call = re.match(r"^\s*(workers|threads|persistent_timeout)[\s(]+(.+?)\)?\s*$", code)
        if call:
            figures = [_ruby_figure(part, named) for part in _arguments(call[2])]
            entries.append(Entry("puma", call[1], ",".join(figures), number))
    yield Part("puma", "file", Place(file, 1), "puma", tuple(entries))


def _arguments(text: str) -> list[str]:
    """Split arguments at commas outside brackets and blocks."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "({[") - (character in ")}]")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _ruby_figure(text: str, named: dict[str, str]) -> str:
    fetched = re.search(r"ENV(?:\.fetch\(|\[)\s*['\"]\w+['\"]\s*[\])]?", text)
    rest = text[fetched.end() :] if fetched else text
    number = re.search(r"\d+", rest)
    if number:
        return number[0]
    return named.get(text.strip(), "?")
