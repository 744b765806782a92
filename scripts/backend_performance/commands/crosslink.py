"""``crosslink.py``: show, check and refresh the links and generated indexes of a skill."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ..files import read_regular, reason, write_below
from ..refusal import Refusal
from ..skill import inspection, package
from ..skill.checklists import generated
from ..skill.diagnostic import Diagnostic
from ..skill.findings import as_json, codes, discovery, suppression
from ..skill.findings.as_text import plural, visible
from ..skill.findings.checked import Checked, Found, summary
from ..skill.markdown import reading
from ..skill.markdown.document import Document
from ..skill.rules.links import link_anchors, link_targets, page_reachable
from ..skill.rules.links import reference_labels as labels
from ..skill.rules.pages import generated_blocks, page_readable
from . import console, link_views

_EXAMPLES = """\
  crosslink.py                         which file cites which, how, and over how many hops
  crosslink.py --of references/a.md    what cites this file, and what it cites
  crosslink.py --graph json            all of it as JSON, with places and back-links
  crosslink.py --graph mermaid         a picture for a Markdown page
  crosslink.py --check                 exit 1 when a link, an anchor or an index is broken
  crosslink.py --write                 refresh the generated blocks of the pages"""

#: As many as fit into the output of a command that an agent reads.
MAX_SHOWN = 100
_RULES = (link_targets, link_anchors, labels, page_reachable, generated_blocks, page_readable)


@console.command
def main(argv: Sequence[str]) -> int:
    """Run the command; return its exit code."""
    parser = console.parser(
        "crosslink", "Show, check and refresh the cross-links of a skill.", _EXAMPLES
    )
    parser.add_argument(
        "path", nargs="?", help="skill folder (default: the skill of the current folder)"
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="report what is broken or stale")
    action.add_argument("--write", action="store_true", help="refresh generated blocks")
    action.add_argument(
        "--graph", choices=("text", "json", "mermaid", "dot"), default="text", help="output form"
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="json: like --graph json"
    )
    parser.add_argument("--of", metavar="FILE", help="only links from or to this file")
    parser.add_argument("--all", action="store_true", help="do not cut text output at 25 kB")
    arguments = parser.parse_args(argv)
    try:
        skill = package.load(Path(arguments.path) if arguments.path else discovery.here())
        looked = inspection.inspect(skill)
        if arguments.write:
            return _write(looked, arguments.format)
    except (package.SkillNotFoundError, OSError) as exc:
        return console.fail(str(exc))
    if arguments.check:
        return _check(looked, arguments.format, arguments.all)
    graph = looked.graph
    if arguments.of:
        name = arguments.of.removeprefix("./")
        if name not in skill.files:
            return console.fail(f"{name}: the skill has no such file; give its path from the root")
        graph = link_views.around(graph, name)
    if "json" in (arguments.graph, arguments.format):
        console.write_json(link_views.to_json(graph), indent=None)
    else:
        limit = sys.maxsize if arguments.all else console.MAX_OUTPUT_CHARACTERS
        picture = link_views.PICTURES[arguments.graph](graph, limit)
        if arguments.graph == "text":
            picture += f"\n{_name(skill)}"
        console.write(picture)
    return console.CLEAN


def broken(looked: inspection.Inspection) -> tuple[Diagnostic, ...]:
    """Return the errors and warnings about links, reachability and generated blocks."""
    found = [
        diagnostic
        for rule in _RULES
        for diagnostic in rule.check(looked)
        if diagnostic.severity != "note"
        and (rule is not page_readable or diagnostic.code.startswith("symlink-"))
    ]
    asked = {code for rule in _RULES for code in rule.CODES}
    pages = looked.skill.documents.values()
    kept, _ = suppression.apply(found, pages, codes.explained, asked.__contains__)
    return tuple(
        sorted((d for d in kept if d.code in asked), key=lambda diagnostic: diagnostic.sort_key)
    )


def _check(looked: inspection.Inspection, form: str, show_all: bool) -> int:
    found = broken(looked)
    if form == "json":
        result = Checked(
            looked.skill.root,
            looked.skill.name,
            len(looked.skill.documents),
            tuple(Found(each) for each in found),
        )
        console.write_json(as_json.render([result], summary([result])))
        return console.FINDINGS if found else console.CLEAN
    shown = found if show_all else found[:MAX_SHOWN]
    lines = [
        f"{visible(d.file)}:{d.line}:{d.column}: {visible(d.message)} [{d.code}]\n"
        f"    {visible(d.hint)}"
        for d in shown
    ]
    if len(shown) < len(found):
        lines.append(f"… and {len(found) - len(shown)} more; --all shows them")
    citations = plural(len(looked.graph.edges), "citation")
    lines.append(f"{_name(looked.skill)}: {citations}, {len(found)} broken")
    console.write("\n".join(lines))
    return console.FINDINGS if found else console.CLEAN


def _name(skill: package.Skill) -> str:
    return visible(f"{skill.name} ({skill.root})")


def _is_read_whole(data: bytes, page: Document) -> bool:
    """Return whether the page covers the whole file, so that writing it loses nothing."""
    try:
        text = data.removeprefix(reading.BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text.replace("\r\n", "\n").replace("\r", "\n") == page.text


def _write(looked: inspection.Inspection, form: str) -> int:
    changed = []
    for name, page in looked.skill.documents.items():
        text = generated.updated(page, looked.checklists)
        if text == page.text:
            continue
        path = looked.skill.root / name
        try:
            before = read_regular(path, reading.MAX_BYTES)
            if not _is_read_whole(before, page):
                raise OSError("it is not UTF-8 or was not read completely, so it is left unchanged")
            line_end = "\r\n" if b"\r\n" in before else "\n"
            mark = reading.BYTE_ORDER_MARK if before.startswith(reading.BYTE_ORDER_MARK) else b""
            write_below(
                looked.skill.root, name, mark + text.replace("\n", line_end).encode("utf-8")
            )
        except OSError as error:
            raise Refusal(f"cannot refresh {path}: {reason(error)}") from error
        changed.append(name)
    if form == "json":
        console.write_json({"schema": "refreshed/1", "files": changed})
    else:
        lines = [f"refreshed {visible(name)}" for name in changed]
        lines.append(f"{_name(looked.skill)}: {plural(len(changed), 'page')} refreshed")
        console.write("\n".join(lines))
    return console.CLEAN
