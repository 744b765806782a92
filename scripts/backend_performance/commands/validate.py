"""``validate.py``: check whether one skill, or a thousand, is well formed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import reason
from ..refusal import Refusal
from . import console

if TYPE_CHECKING:
    from ..skill.findings.checked import Checked
    from ..skill.findings.codes import Choice

_EXAMPLES = """\
  validate.py                          the skill of the current folder
  validate.py path/to/skill            another one
  validate.py .claude/skills           every skill below a folder
  validate.py --select 'link-*' --format github
  validate.py --client claude-code,upload
  validate.py --diff                   what --fix would change
  validate.py --write-baseline skills.json && validate.py --baseline skills.json
  validate.py --codes                  every finding code, with its reason and its repair"""
#: Beyond this many rounds a repair would undo another one.
_MOST_ROUNDS = 3


@console.command
def main(argv: Sequence[str]) -> int:
    """Run the command; return its exit code: 1 when there is an error or a warning."""
    given = list(argv)
    if "--changed" in given and (wrong := _named_like_options(given)):
        return console.fail(
            f"{wrong[0]!r} is both an option and a file here: rename the file, or exclude it"
            " where the hook is configured"
        )
    options = _parser().parse_args(given)
    from ..skill.findings import baseline, checked, codes, collisions, discovery, surroundings
    from ..skill.package import SkillNotFoundError

    if options.codes:
        console.write("\n".join(f"{code}\n    {why}" for code, why in codes.explained().items()))
        return console.CLEAN
    try:
        choice = codes.choose(options.select, options.ignore, options.client)
        known = baseline.read(options.baseline) if options.baseline else None
        if options.changed:
            roots = discovery.owners(options.path)
        else:
            roots = discovery.skills(options.path) if options.path else discovery.here_or_below()
        results = _checked(roots, choice)
    except (codes.UnknownCodeError, baseline.BaselineError, SkillNotFoundError, OSError) as exc:
        return console.fail(str(exc))
    if results and all(result.trouble for result in results):
        return console.fail("; ".join(result.trouble for result in results))
    if options.diff:
        return _diff(results)
    if options.fix:
        results = _fixed(roots, choice, results)
    if "name-collision" in choice:
        results = collisions.mark(results)
    if not options.changed:
        results = surroundings.mark(results, options.path or [Path.cwd()], choice.__contains__)
    if options.write_baseline:
        return _write_baseline(options.write_baseline, results)
    if known is not None:
        results, gone = baseline.without(results, options.baseline, known)
        if gone:
            console.note(
                f"{gone} finding(s) of the baseline no longer occur; write the baseline again"
            )
    _print(options, results)
    failed = any(found.is_failure for found in checked.everything(results))
    return console.FINDINGS if failed else console.CLEAN


def _parser() -> argparse.ArgumentParser:
    parser = console.parser(
        "validate", "Check the frontmatter, links, checklists and size of skills.", _EXAMPLES
    )
    parser.add_argument(
        "path",
        nargs="*",
        type=Path,
        help="skill, or folder with skills below (default: the skill of the current folder)",
    )
    parser.add_argument("--format", choices=("text", "json", "sarif", "github"), default="text")
    parser.add_argument("--all", action="store_true", help="do not cut text output at 25 kB")
    parser.add_argument(
        "--notes", action="store_true", help="show notes, too, which are only counted otherwise"
    )
    for name, metavar, what in (
        ("select", "CODE,…", "report only these codes"),
        ("ignore", "CODE,…", "skip these codes"),
        ("client", "CLIENT,…", "judge fields for these clients (default: specification)"),
    ):
        parser.add_argument(
            f"--{name}",
            type=_words,
            action="extend",
            default=[],
            metavar=metavar,
            help=what,
        )
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="report only findings that are not in FILE"
    )
    parser.add_argument(
        "--write-baseline", type=Path, metavar="FILE", help="write the findings to FILE"
    )
    parser.add_argument(
        "--changed", action="store_true", help="paths are files; check the skills that own them"
    )
    parser.add_argument("--fix", action="store_true", help="repair what needs no judgement")
    parser.add_argument("--diff", action="store_true", help="show what --fix would change")
    parser.add_argument("--codes", action="store_true", help="explain every code and exit")
    return parser


def _named_like_options(given: Sequence[str]) -> list[str]:
    """Return options that are also files: a hook appends the names of a repository's files."""
    before = given[: given.index("--")] if "--" in given else given
    return [each for each in before if each.startswith("-") and os.path.lexists(each)]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _checked(roots: list[Path], choice: Choice) -> list[Checked]:
    from ..skill.findings.checking import check_all

    return check_all(roots, choice, _progress(len(roots)))


def _progress(total: int) -> Callable[[int], None]:
    """Return a sign of progress for a terminal, nothing for a pipe."""
    if total < 20 or not sys.stderr.isatty():
        return lambda _: None

    def tick(done: int) -> None:
        if done % 20 == 0 or done == total:
            end = "\n" if done == total else ""
            print(f"\rchecked {done} of {total} skills", end=end, file=sys.stderr, flush=True)

    return tick


def _diff(results: list[Checked]) -> int:
    from ..skill.findings.repair import repairs

    made = repairs(results)
    if made:
        console.write("".join(repair.diff() for repair in made))
    console.note(f"{sum(r.count for r in made)} repair(s) in {len(made)} file(s)")
    return console.FINDINGS if made else console.CLEAN


def _fixed(roots: list[Path], choice: Choice, results: list[Checked]) -> list[Checked]:
    """Repair, check again, and repair what the first repairs uncovered."""
    from ..skill.findings.repair import repairs

    count = 0
    for _ in range(_MOST_ROUNDS):
        made = repairs(results)
        if not made:
            break
        for repair in made:
            try:
                repair.write()
            except OSError as error:
                raise Refusal(f"cannot repair {repair.shown}: {reason(error)}") from error
        count += sum(repair.count for repair in made)
        results = _checked(roots, choice)
    console.note(f"{count} repair(s) made")
    return results


def _write_baseline(path: Path, results: list[Checked]) -> int:
    from ..skill.findings import baseline

    try:
        count = baseline.write(path, results)
    except OSError as exc:
        return console.fail(f"{path}: {exc.strerror or exc}")
    console.note(f"{path}: {count} finding(s)")
    return console.CLEAN


def _print(options: argparse.Namespace, results: list[Checked]) -> None:
    from ..skill.findings import checked, codes

    total = checked.summary(results)
    # Whoever asks for a code wants to see it; other programs choose for themselves.
    shown = results if options.notes or options.select else checked.without_notes(results)
    if options.format == "json":
        from ..skill.findings import as_json

        console.write_json(as_json.render(results, total))
    elif options.format == "sarif":
        from ..skill.findings import as_sarif

        console.write_json(as_sarif.render(results, codes.explained()))
    elif options.format == "github":
        from ..skill.findings import as_github

        if any(result.found for result in shown):
            console.write(as_github.render(shown))
    else:
        from ..skill.findings import as_text

        limit = 0 if options.all else console.MAX_OUTPUT_CHARACTERS - 500
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        console.write(as_text.render(shown, total, limit, color))
