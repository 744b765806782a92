"""What all commands share: parser, exit codes, output and error handling."""

from __future__ import annotations

import argparse
import codecs
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TextIO

from .. import __version__
from ..program import called
from ..refusal import Refusal

CLEAN, FINDINGS, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130

EXIT_CODES = "exit codes: 0 nothing wrong, 1 findings, 2 could not run (the message says why)"
#: What a command prints unless it is asked for more; an agent's context is the scarce resource.
MAX_OUTPUT_CHARACTERS = 25_000
#: In characters, of what a command prints because it could not run.
_MAX_MESSAGE = 10_000
PROGRAMS = ("validate", "crosslink", "checklists", "probe", "walk")
_SCRIPT = re.compile(rf"(?<![\w/-])({'|'.join(PROGRAMS)})\.py")
#: What moves the cursor, hides text or turns it around in a terminal or a log.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
#: Credentials within a message, and what is shown in their place.
_CREDENTIALS = (
    (re.compile(r":/{1,2}[^\s'\"]*@"), "://***@"),
    (re.compile(r"(?<![^\s'\"(])[^\s:'\"]*:(?!/)[^\s'\"]+@"), "***@"),
    (re.compile(r"(?<!:)//[^\s/@'\"]*:[^\s'\"]*@"), "//***@"),
    (re.compile(r"(?i)\b(\w*(?:passw\w*|token|secret))=[^\s&'\"]+"), r"\1=***"),
)
#: Argument text that may hold a credential.
_SECRETIVE = re.compile(r"://|(?i:passw|token|secret)|\S@")


class Parser(argparse.ArgumentParser):
    """A parser whose errors never repeat what may be a credential, and that knows its version."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        settings.setdefault("allow_abbrev", False)
        super().__init__(**settings)

    def parse_known_args(  # type: ignore[override]  # as typeshed overloads it
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Parse as always; `--option=--` has no value, of which `argparse` makes an empty list."""
        given = sys.argv[1:] if args is None else args
        for each in given:
            if each.startswith("--") and each.endswith("=--"):
                self.error(f"argument {each[:-3]}: expected a value")
        return super().parse_known_args(given, namespace)

    def error(self, message: str) -> NoReturn:
        if _SECRETIVE.search(message):
            message = (
                "an argument is not understood. It is not repeated here, since it may contain a "
                "credential. Pass addresses in environment variables"
            )
        super().error(printable(message))


def parser(name: str, description: str, examples: str) -> Parser:
    """Return a parser whose help ends with examples and the exit codes.

    Args:
        name: The program, as in ``PROGRAMS``.
    """
    made = Parser(
        prog=called(name),
        description=description,
        epilog=as_called(f"examples:\n{examples.rstrip()}\n\n{EXIT_CODES}"),
    )
    made.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return made


def as_called(text: str) -> str:
    """Return the text with the programs named as they are called here."""
    return _SCRIPT.sub(lambda script: called(script[1]), text)


def command(main: Callable[[Sequence[str]], int]) -> Callable[[Sequence[str] | None], int]:
    """Turn a function of its arguments into a command; by default it takes those of the process.

    A refusal becomes a message. A closed output pipe ends the command quietly. An unexpected
    exception is reported as a bug.
    """

    @wraps(main)
    def guarded(argv: Sequence[str] | None = None) -> int:
        return _guarded(main, sys.argv[1:] if argv is None else argv)

    return guarded


def _guarded(main: Callable[[Sequence[str]], int], argv: Sequence[str]) -> int:
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        _never_fails(stream)
    try:
        return main(argv)
    except Refusal as refusal:
        return fail(str(refusal))
    except BrokenPipeError:
        _abandon(sys.stdout)
        return CLEAN
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        # A fault of the machine, not of this program: a full disk, a missing folder, a long name.
        place = f": {error.filename}" if error.filename else ""
        return fail(f"the operating system reports: {error.strerror or error}{place}")
    except Exception:
        traceback.print_exc()
        return fail("this is a bug in backend-performance; please report it with the lines above")


def _open_closed() -> None:
    """Open the streams that were closed: the next file would take their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(null, mode, encoding="utf-8"))


def fail(message: str) -> int:
    """Print why the command could not run, without credentials; return its exit code."""
    if len(message) > _MAX_MESSAGE:  # masking costs the square of the length
        message = f"{message[:_MAX_MESSAGE].rpartition(' ')[0]} …"
    for credential, shown in _CREDENTIALS:
        message = credential.sub(shown, message)
    print(f"error: {printable(as_called(message))}", file=sys.stderr)
    return COULD_NOT_RUN


def note(message: str) -> None:
    """Print a message that is not part of the result, such as where a file was written."""
    print(printable(message), file=sys.stderr)


def write(text: str) -> None:
    """Print all of ``text``; a pipe whose reader is gone is not an error."""
    _never_fails(sys.stdout)
    try:
        sys.stdout.write(printable(text if text.endswith("\n") else text + "\n"))
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon(sys.stdout)
    except OSError as error:
        _abandon(sys.stdout)
        raise Refusal(f"the output cannot be written: {error.strerror}") from None


def write_json(data: Any, *, indent: int | None = 2) -> None:
    """Print ``data`` as JSON in UTF-8, keys in the order they were made."""
    write(json_text(data, indent=indent))


def json_text(data: Any, *, indent: int | None = 2) -> str:
    """Return ``data`` as JSON, keys in the order they were made."""
    return json.dumps(data, ensure_ascii=False, indent=indent) + "\n"


def printable(text: str) -> str:
    """Return the text with control and direction characters escaped, in JSON's spelling."""
    return _UNPRINTABLE.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


def skill_path(given: str | None) -> Path:
    """Return the skill to work on: the one given, else the one the script belongs to."""
    if given is not None:
        return Path(given)
    from ..skill_root import default_root

    return default_root()


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Replace what the output cannot encode by escapes that are JSON as well."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = zip(units[::2], units[1::2], strict=True)
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in pairs), error.end


codecs.register_error("backend-performance-escape", _escaped)


def _never_fails(stream: TextIO) -> None:
    """Let the stream escape what its encoding has no character for."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backend-performance-escape")


def _abandon(stream: TextIO) -> None:
    """Discard further output; otherwise the interpreter complains at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
