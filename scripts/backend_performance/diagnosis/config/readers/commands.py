"""Command lines: the program that one starts, and the options that configure it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from .. import tables
from ..model import Entry

MAX_WORDS = 300
_SHELLS = ("sh", "bash", "ash", "dash", "zsh")
_SEPARATORS = ("&&", "||", ";", "|", "&")


def words(command: str) -> list[str]:
    """Return the words of a command line, as a shell splits them; empty if it cannot."""
    try:
        lexer = shlex.shlex(command, posix=True, punctuation_chars=";&|")
        lexer.whitespace_split = True
        lexer.commenters = ""
        return list(lexer)[:MAX_WORDS]
    except ValueError:
        return []


def read(arguments: Sequence[str], line: int) -> tuple[str, tuple[Entry, ...]]:
    """Return the program a command line starts and its options; "" when none is known."""
    arguments = list(_flat(arguments, 0))
    for number, word in enumerate(arguments):
        program = tables.by_command(word)
        if program:
            rest = arguments[number + 1 :]
            end = next((n for n, w in enumerate(rest) if w in _SEPARATORS), len(rest))
            return program, tuple(_options(program, rest[:end], line))
    return "", ()


def options(program: str, text: str, line: int) -> tuple[Entry, ...]:
    """Return the options of a program in text that holds options only, like ``JAVA_OPTS``."""
    return tuple(_options(program, words(text), line))


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


def _options(program: str, arguments: Sequence[str], line: int) -> Iterator[Entry]:
    known = tables.keys().get(program, {})
    for number, word in enumerate(arguments):
        following = arguments[number + 1] if number + 1 < len(arguments) else ""
        if word == "-c" and "=" in following and program == "postgres":
            name, _, value = following.partition("=")
            yield Entry(program, name.strip(), value.strip(), line)
        elif word in known and word.startswith("-"):
            yield Entry(program, word, following, line)
        else:
            key = _attached(word, known)
            if key:
                yield Entry(program, key, word[len(key) :].lstrip("=:"), line)


def _attached(word: str, known: object) -> str:
    """The option whose value is part of the same word: ``--workers=4``, ``-w4``, ``-Xmx1g``."""
    name = word.partition("=")[0]
    if isinstance(known, dict):
        if name != word and name in known:
            return name
        for key in known:
            glued = key.startswith("-X") or (len(key) == 2 and key[0] == "-" and key[1] != "-")
            if glued and word.startswith(key) and word[len(key) :][:1].isdigit():
                return str(key)
    return ""
