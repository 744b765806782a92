"""What each command of `walk.py` does: load, call, print."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from ..refusal import Refusal
from ..skill_root import default_root
from ..walk import order
from ..walk.session import Decision, Installed, Session, moment, record
from ..walk.session import start as new_session
from ..walk.store import store
from . import console

#: Formats that the ending of the output file implies.
_BY_SUFFIX = {".md": "md", ".markdown": "md", ".json": "json", ".html": "html", ".htm": "html"}


def _skill(arguments: argparse.Namespace) -> Path:
    """Return the folder of the skill to walk through: this one unless another is named."""
    folder: Path = arguments.skill or default_root()
    return folder


def _installed(arguments: argparse.Namespace, *sessions: Path) -> Installed:
    """Return the skill, which is read only once all ``sessions`` are known to exist."""
    from ..walk.starting import collect

    for session in sessions:
        store.refuse_absent(session)
    return collect.installed(_skill(arguments))


def _load(arguments: argparse.Namespace) -> Session:
    return store.load(arguments.session, _installed(arguments, arguments.session))


def start(arguments: argparse.Namespace) -> int:
    """Ask what was named, begin a session, print the digest."""
    from ..walk.starting import collect, scope, sight
    from ..walk.views import digest, overview
    from . import audit, options, walk_systems

    if not arguments.force:
        store.refuse_existing(arguments.session)
    skill = collect.walkable(_skill(arguments))
    steps = skill.steps
    chosen = collect.within(arguments.area, steps)
    facts = options.deployment(vars(arguments))
    scope.refuse_unknown(arguments.engines, steps)  # a typo costs no probing
    seen = sight.look(Path.cwd(), os.environ)
    with audit.log(arguments.audit_log):
        answers = walk_systems.ask(arguments, options.pool_total(facts), skill.metrics)
    used = {each.engine for each in seen if each.where != "environment"}
    session = new_session(
        chosen,
        collect.about(chosen, steps, answers.readings),
        scope.engines(arguments.engines, answers.targets, used, steps),
        skill=skill.stamp,
        now=datetime.now(UTC),
        targets=answers.targets,
        parameters=facts,
    )
    kept = store.create(arguments.session, session, force=arguments.force)
    if kept:
        console.note(f"the earlier session is kept as {kept}")
    console.note(f"session: {arguments.session}")
    seen = (*seen, *sight.running(Path.cwd()))
    not_asked = [*answers.troubles, *walk_systems.not_asked(seen, session)]
    found = digest.build(session, not_asked)
    if arguments.format == "json":
        summary = overview.to_json(overview.build(session))["summary"]
        console.write_json(digest.to_json(found, summary))
    elif session.targets:
        console.write(digest.render(found))
    else:
        console.write(walk_systems.seen_text(seen, found.open_items))
    return console.CLEAN


def next_items(arguments: argparse.Namespace) -> int:
    """Print the next items to look at."""
    from ..walk.views import card

    waiting = order.queue(_load(arguments))
    total = len(waiting)
    chosen = list(enumerate(waiting[: arguments.count], 1))
    if arguments.format == "json":
        items = [card.data(standing, place, total) for place, standing in chosen]
        console.write_json({"schema": "next/2", "total": total, "items": items}, indent=None)
    else:
        texts = [card.text(standing, place, total) for place, standing in chosen]
        console.write("\n\n".join(texts) or card.NOTHING)
    return console.CLEAN


def list_all(arguments: argparse.Namespace) -> int:
    """Print causes and items, one line each."""
    from ..walk.views import listing

    session = _load(arguments)
    found = listing.listed_causes(session, arguments.area, arguments.state)
    items = listing.listed(session, arguments.area, arguments.state)
    if arguments.format == "json":
        console.write_json(listing.list_json(found, items))
    else:
        console.write(listing.list_text(found, items))
    return console.CLEAN


def show(arguments: argparse.Namespace) -> int:
    """Print everything about some causes and items."""
    from ..walk.views import listing

    shown = listing.chosen(_load(arguments), arguments.names)
    if arguments.format == "json":
        console.write_json(listing.show_json(shown))
    else:
        skill = str(arguments.skill) if arguments.skill else ""
        console.write(listing.show_text(shown, skill))
    return console.CLEAN


def record_decision(arguments: argparse.Namespace) -> int:
    """Record one decision, or all decisions on standard input."""
    if arguments.item in (None, "-"):
        return _record_all(arguments)
    if arguments.verdict is None:
        raise Refusal("record needs an ID and a verdict, or `-` and JSON on standard input")
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
        _installed(arguments, arguments.session),
        lambda session: record(session, arguments.item, decision),
    )
    written = session.decisions[-1]
    console.write(f"{written.item}: {written.verdict}; {len(order.queue(session))} left to ask")
    return console.CLEAN


def _record_all(arguments: argparse.Namespace) -> int:
    from ..walk import bulk

    text = sys.stdin.read(bulk.MAX_CHARACTERS + 1)
    wanted = bulk.decisions(text, moment(datetime.now(UTC)))
    session = store.update(
        arguments.session,
        _installed(arguments, arguments.session),
        lambda session: bulk.recorded(session, wanted),
    )
    console.write(f"{len(wanted)} recorded; {len(order.queue(session))} left to ask")
    return console.CLEAN


def status(arguments: argparse.Namespace) -> int:
    """Print the progress of the walk; return 1 while an item fails."""
    from ..walk.views import overview

    found = overview.build(_load(arguments))
    if arguments.format == "json":
        console.write_json(overview.to_json(found))
    else:
        console.write(overview.render(found))
    return console.FINDINGS if found.failures else console.CLEAN


def report(arguments: argparse.Namespace) -> int:
    """Print or write the report; return 1 while an item fails."""
    from ..walk.report import model, publish

    found = model.build(_load(arguments), datetime.now(UTC))
    text = publish.rendered(
        found,
        _format(arguments),
        full=arguments.full,
        output=arguments.output,
        skill=arguments.skill,
    )
    _out(arguments.output, text, "report")
    return console.FINDINGS if found.failures else console.CLEAN


def compare(arguments: argparse.Namespace) -> int:
    """Compare two sessions; return 1 if an item newly fails."""
    from ..walk import compare as compared
    from ..walk.report import comparison

    skill = _installed(arguments, arguments.old, arguments.new)
    found = compared.build(
        *(store.load(each, skill, foreign=True) for each in (arguments.old, arguments.new))
    )
    form = _format(arguments)
    if form == "json":
        text = console.json_text(found.to_json())
    else:
        text = comparison.html(found) if form == "html" else comparison.markdown(found)
    _out(arguments.output, text, "comparison")
    return console.FINDINGS if found.is_regression else console.CLEAN


def _format(arguments: argparse.Namespace) -> str:
    """Return the named format, else the one of the output's extension, else Markdown."""
    if arguments.format:
        return str(arguments.format)
    suffix = arguments.output.suffix.lower() if arguments.output else ""
    return _BY_SUFFIX.get(suffix, "md")


def _out(path: Path | None, text: str, what: str) -> None:
    from ..walk.report import publish

    if path is None:
        console.write(text)
    else:
        publish.write(path, text)
        console.note(f"{what}: {path}")
