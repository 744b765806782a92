"""Refresh the demo's output in the README.

    python -m harness.publishing.readme

Runs the demo twice, as it is and with the repairs, and writes the telling part of what it prints
between the markers of the README. Exit codes: 0 written, 2 the demo failed.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from pathlib import Path

from harness import demo

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- demo: written by make readme -->", "<!-- /demo -->"
#: Enough of the digest to see its form, and of each line.
_CAUSE_LINES, _WIDTH = 11, 110


def main() -> int:
    """Write the block; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        shown, fixed = (_printed(folder, *options) for options in ((), ("--fix",)))
    if shown is None or fixed is None:
        return 2
    text = README.read_text(encoding="utf-8")
    README.write_text(replaced(text, f"{problems(shown)}\n\n{gains(fixed)}"), encoding="utf-8")
    return 0


def problems(printed: str) -> str:
    """Return the beginning of the digest that the demo printed."""
    section = _section(printed, "CAUSES")
    # Advice and gains come from pages that change without the demo.
    told = [line for line in section if not line.lstrip().startswith(("fix:", "read:"))]
    told = [line for line in told if " · impact " not in line and "    impact " not in line]
    cut = [line if len(line) <= _WIDTH else line[: _WIDTH - 1].rstrip() + "…" for line in told]
    return "\n".join(["$ make demo", "", *cut[:_CAUSE_LINES], " …"])


def gains(printed: str) -> str:
    """Return the measured gains of what the demo printed after the repairs."""
    return "\n".join(["$ make demo-fix", "", *_section(printed, "Measured on the same traffic")])


def block(text: str) -> str:
    """Return the text between the markers of the README, without its fence."""
    fenced = text.partition(BEGIN)[2].partition(END)[0].strip()
    return fenced.removeprefix("```console\n").removesuffix("\n```")


def replaced(text: str, output: str) -> str:
    """Return the README with other output between its markers."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{README.name} lacks {BEGIN} … {END}")
    return f"{head}{BEGIN}\n```console\n{output}\n```\n{END}{tail}"


def _section(printed: str, title: str) -> list[str]:
    """Return the lines from one that begins with ``title`` to the next empty one."""
    lines = printed.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(title))
    end = next((n for n in range(start, len(lines)) if not lines[n]), len(lines))
    return lines[start:end]


def _printed(folder: str, *options: str) -> str | None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = demo.main([*options, "-o", str(Path(folder) / "report.md")])
    if code:
        print(f"error: the demo ended with {code}:\n{out.getvalue()}", file=sys.stderr)
        return None
    return out.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
