"""What all command lines share: their form, their exit codes, how they print."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2

EXIT_CODES = "exit codes: 0 nothing wrong, 1 findings, 2 could not run (the message says why)"
#: What a command prints unless it is asked for more; an agent's context is the scarce resource.
MAX_OUTPUT_CHARACTERS = 25_000


def parser(name: str, description: str, examples: str) -> argparse.ArgumentParser:
    """Return a parser whose help ends with examples and the exit codes."""
    return argparse.ArgumentParser(
        prog=name,
        description=description,
        epilog=f"examples:\n{examples.rstrip()}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def fail(message: str) -> int:
    """Print why the command could not run; return its exit code."""
    print(f"error: {message}", file=sys.stderr)
    return COULD_NOT_RUN


def write(text: str) -> None:
    """Print ``text`` whole, also into a pipe whose reader has gone."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_json(data: Any, *, indent: int | None = 2) -> None:
    """Print ``data`` as JSON in UTF-8, keys in the order they were made."""
    write(json_text(data, indent=indent))


def json_text(data: Any, *, indent: int | None = 2) -> str:
    """Return ``data`` as JSON, keys in the order they were made."""
    return json.dumps(data, ensure_ascii=False, indent=indent) + "\n"


def skill_path(given: str | None) -> Path:
    """Return the skill to work on: the one given, else the one the script belongs to."""
    if given is not None:
        return Path(given)
    from ..skill_root import default_root

    return default_root()
