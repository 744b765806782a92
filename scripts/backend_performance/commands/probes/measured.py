"""What the sub-commands of measured probes share: their options and their output."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def number(least: float, most: float, whole: bool = False) -> Callable[[str], float]:
    """Return a type for arguments: a number within bounds."""

    def read(text: str) -> float:
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"expected a number from {least:g} to {most:g}")
        return value

    return read


def add_common(parser: argparse.ArgumentParser, output: str = "--format") -> None:
    """Add the options that every system has; ``output`` where --format means something else."""
    parser.add_argument("--list", action="store_true", help="list the probes and end")
    parser.add_argument("--only", nargs="+", metavar="ID", help="only these probes")
    parser.add_argument(
        "--rows", type=number(0, 20, whole=True), metavar="N", help="rows of each probe, up to 20"
    )
    parser.add_argument(output, dest="format", choices=("json", "text"), default="json")


def listed(engine: str) -> int:
    """Print the probes of an engine."""
    from ...diagnosis.metric_run import probes

    for probe in probes(engine):
        print(f"{probe.id}\t{probe.question}")
    return 0


def key_metrics(skill_dir: str | None) -> list[dict[str, Any]]:
    """Return the rows of a skill's key-metrics table as data, this skill's without a folder.

    Raises:
        CannotRun: there is no skill.
    """
    from ...diagnosis import CannotRun
    from ...skill import package
    from ...skill.checklists import metrics
    from ...skill_root import default_root

    try:
        skill = package.load(Path(skill_dir) if skill_dir else default_root())
    except (package.SkillNotFoundError, OSError) as error:
        raise CannotRun(f"no key-metrics table: {error}") from None
    return [row.to_json() for row in metrics.extract(skill)]


def finish(engine: str, run: Any, options: argparse.Namespace) -> int:
    """Print the evidence; return 1 if a probe failed."""
    from ...diagnosis import evidence_document

    document = evidence_document.document(engine, run.server, run.evidence, options.rows)
    print(
        (evidence_document.for_people if options.format == "text" else evidence_document.to_text)(
            document
        )
    )
    return 1 if document["summary"]["fail"] else 0
