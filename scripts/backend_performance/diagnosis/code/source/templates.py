"""Templates of pages: the loops in them, and what they read of the element of each."""

from __future__ import annotations

import re
from functools import cache

from ..facts import File, Function, Loop, Read
from .grammar import NEVER, table
from .paths import path, root

LANGUAGE = "template"
#: What a template reads; a word behind a quote may be a key of a translation or a file.
_PATH = r"(?:\$|(?<![\"'\w./-])@?)[A-Za-z_]\w*+(?:(?:\(\))?(?:\.|->|\?->|\?\.)[A-Za-z_]\w*+)++"
_MOST_LOOPS, _MOST_READS = 400, 2000
#: Loops around a read that are looked at.
_DEEPEST = 6


@cache
def endings() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Return what is looked for in a template, by the ending of its file.

    A pattern has groups named ``variable``, ``over``, ``end``, ``template``, ``given``, ``path``.
    """
    found: dict[str, tuple[re.Pattern[str], ...]] = {}
    for row in table("templates"):
        end, include = row.get("end", NEVER), row.get("include", r"(?P<template>(?P<given>(?!)))")
        sought = re.compile(f"{row['loop']}|(?P<end>{end})|{include}|(?P<path>{_PATH})")
        for ending in row["endings"]:
            found[ending] = (*found.get(ending, ()), sought)
    return found


def ending(name: str) -> str:
    """Return the ending of a template's file name, or ""."""
    parts = name.rpartition("/")[2].split(".")[1:]
    return next((e for e in (".".join(parts[-2:]), *parts[-1:]) if e in endings()), "")


def template(relative: str, source: bytes, language: str) -> File:
    """Return the facts of a template: loops, paths that are read, and templates that it includes.

    Another template is a read whose path is its name in quotes, and what it is given.
    """
    text = source.decode("utf-8", "replace")
    read = [_read(text, sought) for sought in endings()[ending(relative)]]
    loops, reads = max(read, key=lambda one: len(one[0]))
    top = Function("", "", 1, text.count("\n") + 1, reads=reads)
    return File(relative, language, top.end_line if loops else 0, "", [top], [], loops)


def _read(text: str, sought: re.Pattern[str]) -> tuple[list[Loop], list[Read]]:
    loops: list[Loop] = []
    seen: dict[tuple[str, tuple[int, ...]], int] = {}
    around: tuple[int, ...] = ()
    line, end = 1, 0
    for found in sought.finditer(text):
        line += text.count("\n", end, found.start())
        end = found.start()
        if found["variable"] and len(loops) < _MOST_LOOPS:
            around = (*around, len(loops))[-_DEEPEST:]
            over = path(found["over"]).lstrip("$")
            loops.append(Loop("each", line, line, over, found["variable"], ""))
        elif found["end"]:
            around = around[:-1]
        elif found["template"] and len(seen) < _MOST_READS:
            seen.setdefault((f"'{found['template']}'{found['given']}", around), line)
        elif found["path"] and len(seen) < _MOST_READS:
            name = path(found["path"]).lstrip("$@")
            if not around or any(root(name) in loops[index].names for index in around):
                seen.setdefault((name, around), line)
    return loops, [Read(name, line, inside) for (name, inside), line in seen.items()]
