"""``walk.py``: collect evidence, decide the items one by one, and report."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from ..verdict import VERDICTS
from ..walk.order import STATES
from ..walk.store import store
from . import console, options, walk_runs

_Run = Callable[[argparse.Namespace], int]
#: Adds a command: its name, what runs it, its help and the formats that it prints.
_Command = Callable[..., argparse.ArgumentParser]

_EXAMPLES = """\
  walk.py start                                             list what could be asked here
  walk.py start --postgres-env DATABASE_URL --instances 4 --processes 2 --pool-size 10
  walk.py start --mysql-env MYSQL_URL --redis-env REDIS_URL --redis-role cache \\
                --http http://127.0.0.1:8000/orders --sqllog slow.log
  walk.py show 1 2                                          everything known about two causes
  walk.py list --area database                              causes and items, one line each
  walk.py next 5                                            five items, the worst first
  walk.py record ID pass --note "index built" --before 812ms --after 24ms
  walk.py record - < decisions.json                         many decisions in one call
  walk.py report -o report.html
  walk.py compare .backend-performance/session.previous.json .backend-performance/session.json

start, list, show, next and record exit with 0 on success. status and report exit with 1 while an
item fails, compare exits with 1 if an item newly fails."""


@console.command
def main(argv: Sequence[str]) -> int:
    """Run the command; return its exit code."""
    arguments = _parser(starts="start" in argv).parse_args(argv)
    run: _Run = arguments.run
    return run(arguments)


def _parser(*, starts: bool) -> argparse.ArgumentParser:
    """Return the parser; only a start needs to know the systems, which takes a while to load."""
    parser = console.parser(
        "walk", "Walk through the checklists of a skill with evidence.", _EXAMPLES
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = console.Parser(add_help=False)
    common.add_argument(
        "--session",
        type=Path,
        default=store.DEFAULT_PATH,
        metavar="FILE",
        help=f"session file (default: {store.DEFAULT_PATH.as_posix()})",
    )
    common.add_argument(
        "--skill", type=Path, metavar="DIR", help="skill to use instead of this one"
    )

    def command(name: str, run: _Run, text: str, *formats: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            parents=[common],
            help=text,
            description=text.capitalize() + ".",
            epilog=console.EXIT_CODES,
            allow_abbrev=False,
        )
        made.set_defaults(run=run)
        if formats:
            made.add_argument("--format", choices=formats, default=formats[0])
        return made

    starting = command(
        "start", walk_runs.start, "ask the named systems and print what is wrong", "text", "json"
    )
    if starts:
        _start_options(starting)
    _add_steps(command)
    _add_results(command)
    return parser


def _add_steps(command: _Command) -> None:
    """Add the commands that go through causes and items."""
    shown = command("show", walk_runs.show, "print causes or items in full", "text", "json")
    shown.add_argument("names", nargs="+", metavar="ID", help="number or identifier")
    listed = command("list", walk_runs.list_all, "list causes and items", "text", "json")
    listed.add_argument("--area", type=_words, default=[], metavar="A,B", help="only these areas")
    listed.add_argument(
        "--state", type=_states, default=[], metavar="S,T", help=f"only {', '.join(STATES)}"
    )
    following = command("next", walk_runs.next_items, "print the next items", "text", "json")
    following.add_argument(
        "count",
        nargs="?",
        type=options.number(1, 200, whole=True),
        default=1,
        metavar="N",
        help="how many (default 1)",
    )
    _record_options(
        command("record", walk_runs.record_decision, "record what was found about items")
    )


def _add_results(command: _Command) -> None:
    """Add the commands that print how far the walk is and what came of it."""
    command("status", walk_runs.status, "print progress and what fails", "text", "json")
    report = command("report", walk_runs.report, "print the report")
    _output_options(report, "md", "json", "html")
    report.add_argument(
        "--full", action="store_true", help="the complete report, not the short form"
    )
    compare = command("compare", walk_runs.compare, "compare two sessions")
    compare.add_argument("old", type=Path, metavar="OLD", help="the earlier session file")
    compare.add_argument("new", type=Path, metavar="NEW", help="the later session file")
    _output_options(compare, "md", "json", "html")


def _output_options(parser: argparse.ArgumentParser, *formats: str) -> None:
    parser.add_argument(
        "--format", choices=formats, help="default: from the extension of FILE, else md"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to FILE")


def _start_options(parser: argparse.ArgumentParser) -> None:
    from . import audit, walk_systems

    walk_systems.add_to(parser)
    audit.add_to(parser)
    options.add_deployment(parser)
    parser.add_argument("--area", type=_words, default=[], metavar="A,B", help="only these areas")
    parser.add_argument(
        "--engines", type=_words, default=[], metavar="A,B", help="engines the system uses"
    )
    parser.add_argument(
        "--force", action="store_true", help="start over; the old session file is kept"
    )


def _record_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "item",
        nargs="?",
        metavar="ID",
        help="identifier of the item, or `-` for JSON on standard input",
    )
    parser.add_argument("verdict", nargs="?", choices=VERDICTS)
    parser.add_argument("--note", metavar="TEXT", help="what you saw")
    parser.add_argument("--before", metavar="FIGURE", help="measured before the fix, such as 812ms")
    parser.add_argument("--after", metavar="FIGURE", help="measured after the fix, such as 24ms")


def _words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def _states(text: str) -> list[str]:
    found = _words(text)
    for state in found:
        if state not in STATES:
            raise argparse.ArgumentTypeError(f"{state!r} is not one of {', '.join(STATES)}")
    return found
