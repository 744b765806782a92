"""What a repository starts itself: Procfiles, Dockerfiles and unit files of systemd."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .. import tables
from ..interpolation import filled
from ..model import Part, Settings
from . import commands, environment, plain
from .source import Source


def dockerfile(source: Source) -> Iterator[Part]:
    """Yield what an image starts by default: its last CMD and ENTRYPOINT, and its variables."""
    given: dict[str, list[str]] = {}
    settings: Settings = {}
    last = 1
    for number, row in source.lines():
        instruction, _, rest = row.strip().partition(" ")
        if instruction.upper() in ("CMD", "ENTRYPOINT"):
            given[instruction.upper()], last = _exec_form(rest.strip()), number
        elif instruction.upper() == "ENV":
            words = commands.words(rest if "=" in rest else rest.replace(" ", "=", 1))
            settings |= environment.settings(_variables(words, number), source.name)
    command = [*given.get("ENTRYPOINT", ()), *given.get("CMD", ())]
    program, options, scripts = commands.started(command, "", f"{source.name}:{last}")
    if program or scripts:
        found = settings | options
        yield Part("Dockerfile", "image", source.name, last, program, found, scripts=scripts)


def script(source: Source) -> Iterator[Part]:
    """Yield the last program that a shell script starts, one that replaces the shell first.

    Of several applications it is not known which one an instance runs.
    """
    found = []
    for number, row in source.lines():
        words = commands.words(filled(row.strip()))
        program, settings, _ = commands.started(words, "", f"{source.name}:{number}")
        if program and not words[0].startswith("#"):
            found.append((words[0] == "exec", number, program, settings))
    last = max(found, key=lambda one: one[:2], default=None)
    runs = {one[2] for one in found if last and one[0] == last[0]}
    if last and sum(tables.kind_of(one) in ("application", "worker") for one in runs) <= 1:
        _, line, program, settings = last
        yield Part(source.name, "script", source.name, line, program, settings)


def _exec_form(text: str) -> list[str]:
    """``["gunicorn", "app"]`` or the words of a shell line."""
    try:
        given = json.loads(text)
    except ValueError:
        return commands.words(text)
    return [str(word) for word in given] if isinstance(given, list) else []


def _variables(words: list[str], line: int) -> list[environment.Variable]:
    return [(*word.partition("=")[::2], line) for word in words]


def systemd(source: Source) -> Iterator[Part]:
    """Yield a unit as a workload: what it starts, its environment and limits."""
    program, scripts = "", tuple[str, ...]()
    settings: Settings = {}
    name = source.name.rpartition("/")[2].removesuffix(".service")
    for _, key, value, line in plain.lines(source):
        place = f"{source.name}:{line}"
        if key == "ExecStart":
            words = commands.words(value.lstrip("-@:+!"))
            program, options, scripts = commands.started(words, "", place)
            settings |= options
        elif key == "Environment":
            variables = _variables(commands.words(value), line)
            settings |= environment.settings(variables, source.name)
        settings |= tables.stated("systemd", key, value, place)
    yield Part(name, "workload", source.name, 1, program, settings, context="", scripts=scripts)


def procfile(source: Source) -> Iterator[Part]:
    """Yield each process type of a Procfile as a workload."""
    for number, row in source.lines():
        name, separator, command = row.partition(":")
        if separator and re.fullmatch(r"[\w-]+", name):
            words = commands.words(filled(command.strip()))
            program, settings, scripts = commands.started(words, "", f"{source.name}:{number}")
            yield Part(
                name=name,
                kind="workload",
                file=source.name,
                line=number,
                program=program,
                settings=settings,
                context=source.folder,
                scripts=scripts,
            )
