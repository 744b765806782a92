"""What the sub-commands of catalogued probes share: their options, their output, their refusals."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from .. import console
from ..refusal import Refused

Ask = Callable[[], Any]


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that every server has."""
    parser.add_argument("--list", action="store_true", help="list the probes and end")
    parser.add_argument("--only", nargs="+", metavar="ID", help="only these probes")
    parser.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="S", help="seconds in all (30)"
    )
    parser.add_argument("--rows", type=_rows, metavar="N", help="rows of each probe, up to 20")
    parser.add_argument("--format", choices=("json", "text"), default="json")


def add_budget(parser: argparse.ArgumentParser) -> None:
    """Add what tells how many connections the deployment may open."""
    budget = parser.add_argument_group("deployment (all pools together)")
    budget.add_argument("--instances", type=_count, metavar="N", help="hosts or containers")
    budget.add_argument("--processes", type=_count, metavar="N", help="processes of each instance")
    budget.add_argument("--pool-size", type=_count, metavar="N", help="connections of each process")


def budget(options: argparse.Namespace) -> dict[str, int]:
    """Return the connections of all pools together, where they were told.

    Raises:
        Refused: only a part of it was told.
    """
    if options.pool_size is None:
        if options.instances or options.processes:
            raise Refused("--instances and --processes need --pool-size")
        return {}
    return {"pool_total": (options.instances or 1) * (options.processes or 1) * options.pool_size}


def answer(engine: str, options: argparse.Namespace, ask: Ask) -> int:
    """List the probes of the engine, or print what ``ask`` finds out; return the exit code."""
    from ...diagnosis import CannotRun, catalog, evidence_document
    from ...diagnosis.probe import ProbeError

    try:
        if options.list:
            probes = catalog.load(engine)
            console.write("\n".join(f"{probe.id}\t{probe.question}" for probe in probes))
            return console.CLEAN
        run = ask()
    except (CannotRun, ProbeError, FileNotFoundError) as error:
        raise Refused(str(error)) from None
    except KeyError as error:
        raise Refused(_no_such_probe(engine, str(error.args[0]))) from None
    document = evidence_document.document(engine, run.server, run.evidence, options.rows)
    console.write(
        (evidence_document.for_people if options.format == "text" else evidence_document.to_text)(
            document
        )
    )
    return console.FINDINGS if document["summary"]["fail"] else console.CLEAN


def _no_such_probe(engine: str, name: str) -> str:
    import difflib

    from ...diagnosis import catalog

    known = [probe.id.partition("/")[2] for probe in catalog.load(engine)]
    near = difflib.get_close_matches(name.rpartition("/")[2], known, 3, 0.4)
    hint = f"did you mean {', '.join(near)}?" if near else "--list shows all"
    return f"there is no probe {name!r}; {hint}"


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("expected a number from 1 to 1000000")
    return number


def _rows(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 20:
        raise argparse.ArgumentTypeError("expected a number from 0 to 20")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number <= 600:
        raise argparse.ArgumentTypeError("expected seconds, more than 0 and up to 600")
    return number
