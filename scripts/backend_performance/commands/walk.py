"""``walk.py``: which item next, what was found, what does it come to?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..skill_root import default_root
from ..walk import order
from ..walk.refusal import Refusal
from ..walk.session import VERDICTS, Decision, Session, moment, record, start
from ..walk.store import store
from . import console, walk_systems

_Run = Callable[[argparse.Namespace], int]

_EXAMPLES = """\
  walk.py start --postgres-env DATABASE_URL --instances 4 --processes 2 --pool-size 10
  walk.py start --mysql-env MYSQL_URL --redis-env REDIS_URL --redis-role cache \\
                --http http://127.0.0.1:8000/orders --sqllog slow.log
  walk.py start --prometheus-env PROMETHEUS_URL --process 4242
  walk.py start --engines postgres,python --area database   without access: every item is asked
  walk.py next                                              one item, the worst first
  walk.py record ID pass --note "index built" --before 812ms --after 24ms
  walk.py status
  walk.py report --format md -o report.md
  walk.py compare .backend-performance/session.previous.json .backend-performance/session.json

start, next and record exit with 0 when they did their work; status and report exit with 1 when a
failure stands, compare when there is a new one."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    arguments = _parser().parse_args(argv)
    run: _Run = arguments.run
    try:
        return run(arguments)
    except Refusal as exc:
        return console.fail(str(exc))


def _parser() -> argparse.ArgumentParser:
    parser = console.parser(
        "walk.py", "Walk through the checklists of a skill with evidence.", _EXAMPLES
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--session",
        type=Path,
        default=store.DEFAULT_PATH,
        metavar="FILE",
        help=f"session file (default: {store.DEFAULT_PATH.as_posix()})",
    )
    common.add_argument("--skill", type=Path, metavar="DIR", help="another skill than this one")

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

    _start_options(
        command("start", _start, "collect the evidence and begin a session", "text", "json")
    )
    command("next", _next, "print the next item", "text", "json")
    _record_options(command("record", _record, "write down what was found about an item"))
    command("status", _status, "print how far the walk is and what fails", "text", "json")
    report = command("report", _report, "print the report", "md", "json", "html")
    report.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to FILE")
    report.add_argument("--full", action="store_true", help="everything, not the short form")
    compare = command("compare", _compare, "set two sessions side by side", "md", "json")
    compare.add_argument("old", type=Path, metavar="OLD", help="the earlier session file")
    compare.add_argument("new", type=Path, metavar="NEW", help="the later session file")
    return parser


def _start_options(parser: argparse.ArgumentParser) -> None:
    walk_systems.add_to(parser)
    for name, text in (
        ("instances", "instances of the application"),
        ("processes", "processes of each instance"),
        ("pool-size", "largest connection pool of each process"),
    ):
        parser.add_argument(f"--{name}", type=_positive, metavar="N", help=text)
    parser.add_argument("--area", type=_words, default=[], metavar="A,B", help="only these areas")
    parser.add_argument(
        "--engines", type=_words, default=[], metavar="A,B", help="engines the system uses"
    )
    parser.add_argument("--force", action="store_true", help="begin anew; the old file is kept")


def _record_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("item", metavar="ID", help="identifier of the item")
    parser.add_argument("verdict", choices=VERDICTS)
    parser.add_argument("--note", metavar="TEXT", help="what you saw")
    parser.add_argument("--before", metavar="FIGURE", help="measured before the fix, as 812ms")
    parser.add_argument("--after", metavar="FIGURE", help="measured after the fix, as 24ms")


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 1000000, not {text!r}")
    return int(text)


def _words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def _skill(arguments: argparse.Namespace) -> Path:
    """Return the folder of the skill that is walked through: this one unless another is named."""
    folder: Path = arguments.skill or default_root()
    return folder


def _load(arguments: argparse.Namespace) -> Session:
    return store.load(arguments.session, store.digest_of(_skill(arguments)))


def _start(arguments: argparse.Namespace) -> int:
    from ..walk import collect, systems

    if not arguments.force:
        store.refuse_existing(arguments.session)
    folder = _skill(arguments)
    steps, skill = collect.steps_of(folder)
    chosen = collect.within(arguments.area, steps)
    parameters = collect.deployment(arguments.instances, arguments.processes, arguments.pool_size)
    collect.engines_of(arguments.engines, systems.Answers(), steps)  # a typo costs no probing
    answers = walk_systems.ask(arguments, parameters)
    session = start(
        chosen,
        collect.about(chosen, steps, answers.readings),
        collect.engines_of(arguments.engines, answers, steps),
        skill=skill,
        now=datetime.now(UTC),
        targets=answers.targets,
        parameters=parameters,
    )
    kept = store.create(arguments.session, session, force=arguments.force)
    if kept:
        print(f"the earlier session is kept as {kept}", file=sys.stderr)
    print(f"session: {arguments.session}", file=sys.stderr)
    _show(session, arguments.format)
    return console.CLEAN


def _next(arguments: argparse.Namespace) -> int:
    from ..walk import card

    waiting = order.queue(_load(arguments))
    if arguments.format == "json":
        console.write(card.data(waiting[0], 1, len(waiting)) if waiting else card.NOTHING_JSON)
    else:
        console.write(card.text(waiting[0], 1, len(waiting)) if waiting else card.NOTHING)
    return console.CLEAN


def _record(arguments: argparse.Namespace) -> int:
    decision = Decision(
        item=arguments.item,
        verdict=arguments.verdict,
        at=moment(datetime.now(UTC)),
        note=arguments.note,
        before=arguments.before,
        after=arguments.after,
    )
    session = store.update(
        arguments.session,
        store.digest_of(_skill(arguments)),
        lambda session: record(session, arguments.item, decision),
    )
    written = session.decisions[-1]
    console.write(f"{written.item}: {written.verdict}; {len(order.queue(session))} left to ask")
    return console.CLEAN


def _status(arguments: argparse.Namespace) -> int:
    return console.FINDINGS if _show(_load(arguments), arguments.format) else console.CLEAN


def _show(session: Session, form: str) -> int:
    """Print the overview; return how many failures stand."""
    from ..walk import overview

    found = overview.build(session)
    if form == "json":
        console.write_json(overview.to_json(found))
    else:
        console.write(overview.render(found))
    return found.failures


def _report(arguments: argparse.Namespace) -> int:
    from ..walk.report import model, publish

    found = model.build(_load(arguments), datetime.now(UTC))
    text = publish.rendered(
        found, arguments.format, full=arguments.full, output=arguments.output, skill=arguments.skill
    )
    if arguments.output is None:
        console.write(text)
    else:
        publish.write(arguments.output, text)
        print(f"report: {arguments.output}", file=sys.stderr)
    return console.FINDINGS if found.failures else console.CLEAN


def _compare(arguments: argparse.Namespace) -> int:
    from ..walk import compare

    found = compare.build(store.load(arguments.old, None), store.load(arguments.new, None))
    if arguments.format == "json":
        console.write_json(found.to_json())
    else:
        console.write(compare.render(found))
    return console.FINDINGS if found.is_regression else console.CLEAN
