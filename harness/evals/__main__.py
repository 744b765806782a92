"""Tasks for clean agent sessions, and their grading.

python -m harness.evals lay DIR [--runs N] [--tasks 2 3]   sessions, prompts, order
python -m harness.evals sheets DIR                         sheets for a grader who sees no arm
python -m harness.evals summary DIR                        what the grades come to

Exit codes: 0 done, 2 could not run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.evals import layout, sheets, summary, tasks


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m harness.evals",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("lay", "sheets", "summary"))
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--runs", type=int, default=3, help="of each task and arm (3)")
    parser.add_argument("--tasks", type=int, nargs="+", default=(), help="only these numbers")
    parser.add_argument("--seed", type=int, default=1, help="of the order and the letters (1)")
    parser.add_argument("--python", default=sys.executable, help="how sessions start Python")
    arguments = parser.parse_args(argv)
    folder = arguments.folder.resolve()
    try:
        chosen = tasks.load(arguments.tasks)
        if arguments.command == "lay":
            made = tasks.sessions(chosen, arguments.runs, arguments.seed)
            layout.lay(folder, chosen, made, arguments.python)
            print(f"{len(made)} sessions: {folder}/order.txt, {folder}/prompts/CODE.md")
        elif arguments.command == "sheets":
            print(*sheets.write(folder, chosen, tasks.read_key(folder)), sep="\n")
        else:
            print(summary.render(folder, chosen, tasks.read_key(folder)), end="")
    except tasks.LayoutError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
