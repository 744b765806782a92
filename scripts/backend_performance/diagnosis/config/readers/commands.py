"""Command lines: the program that one starts, and the options that configure it."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from .. import tables
from ..model import Settings

MAX_WORDS = 300
_SHELLS = ("sh", "bash", "ash", "dash", "zsh")
_SEPARATORS = ("&&", "||", ";", "|", "&")


class Started(NamedTuple):
    """What a command line starts: a program with its options, and scripts on the way."""

    program: str
    settings: Settings
    scripts: tuple[str, ...] = ()


def words(command: str) -> list[str]:
    """Return the words of a command line, as a shell splits them; empty if it cannot."""
    try:
        lexer = shlex.shlex(command, posix=True, punctuation_chars=";&|")
        lexer.whitespace_split = True
        lexer.commenters = ""
        return list(lexer)[:MAX_WORDS]
    except ValueError:
        return []


def started(arguments: Sequence[str], image: str, place: str) -> Started:
    """Return the program that a command line or an image starts, with the options it is given.

    The entry point of an official image hands the options of a bare command line to its program.
    """
    flat = list(_flat(arguments, 0))
    for number, word in enumerate(flat):
        if program := tables.by_command(word):
            rest = flat[number + 1 :]
            end = next((n for n, w in enumerate(rest) if w in _SEPARATORS), len(rest))
            return Started(program, options(program, rest[:end], place))
    scripts = tuple(word for word in flat if word.endswith(".sh") or "entrypoint" in word)
    program = tables.by_image(image)
    return Started(program, options(program, flat, place) if program else {}, scripts)


def options(program: str, arguments: Sequence[str], place: str) -> Settings:
    """Return the settings in the options of a program."""
    known = tables.keys().get(program, {})
    found: Settings = {}
    for word, following in pairwise([*arguments, ""]):
        if word == "-c" and "=" in following and program == "postgres":
            key, _, value = following.partition("=")
        elif word in known and word.startswith("-"):
            key, value = word, following
        else:
            key = _attached(word, known)
            value = word[len(key) :].lstrip("=:")
        found |= tables.stated(program, key.strip(), value, place)
    return found


def _flat(arguments: Sequence[str], depth: int) -> Iterator[str]:
    """Yield the words, those of a script given to a shell by ``-c`` included."""
    for number, word in enumerate(arguments):
        before = arguments[number - 1] if number else ""
        is_script = before in ("-c", "-lc", "-ec") and any(
            w.rpartition("/")[2] in _SHELLS for w in arguments[:number]
        )
        if is_script and depth < 3:
            yield from _flat(words(word), depth + 1)
        else:
            yield word


def _attached(word: str, known: Collection[str]) -> str:
    """The option whose value is part of the same word: ``--workers=4``, ``-w4``, ``-Xmx1g``."""
    name = word.partition("=")[0]
    if name != word and name in known:
        return name
    for key in known:
        glued = key.startswith("-X") or (len(key) == 2 and key[0] == "-" and key[1] != "-")
        if glued and word.startswith(key) and word[len(key) :][:1].isdigit():
            return key
    return ""
