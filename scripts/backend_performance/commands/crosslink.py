"""``crosslink.py``: what links to what, what is broken, and the generated indexes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from ..skill import generated, inspection, package
from ..skill.diagnostic import Diagnostic
from ..skill.linkgraph import LinkGraph
from ..skill.reading import BYTE_ORDER_MARK
from ..skill.rules import generated_blocks, link_targets, page_reachable
from . import console

_EXAMPLES = """\
  crosslink.py                         who cites whom, how, over how many hops
  crosslink.py --graph json            the same as JSON, with back-links
  crosslink.py --graph mermaid         a picture for a Markdown page
  crosslink.py --check                 exit 1 when a link, an anchor or an index is broken
  crosslink.py --write                 refresh the generated blocks of the pages"""


#: The text names this many citing files each; the JSON has them all.
MAX_SOURCES = 6


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = console.parser(
        "crosslink.py", "Show, check and refresh the cross-links of a skill.", _EXAMPLES
    )
    parser.add_argument("path", nargs="?", help="skill folder (default: this skill)")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="report what is broken or stale")
    action.add_argument("--write", action="store_true", help="refresh generated blocks")
    action.add_argument("--graph", choices=("text", "json", "mermaid", "dot"), default="text")
    arguments = parser.parse_args(argv)
    try:
        skill = package.load(console.skill_path(arguments.path))
        looked = inspection.inspect(skill)
        if arguments.write:
            return _write(looked)
    except (package.SkillNotFoundError, OSError) as exc:
        return console.fail(str(exc))
    if arguments.check:
        return _check(looked)
    if arguments.graph == "json":
        console.write_json(to_json(looked.graph))
    else:
        console.write(_PICTURES[arguments.graph](looked.graph))
    return console.CLEAN


def broken(looked: inspection.Inspection) -> tuple[Diagnostic, ...]:
    """Return what is wrong with links, reachability and generated blocks."""
    found = [
        diagnostic
        for rule in (link_targets, page_reachable, generated_blocks)
        for diagnostic in rule.check(looked)
    ]
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key))


def _check(looked: inspection.Inspection) -> int:
    found = broken(looked)
    lines = [f"{d.file}:{d.line}:{d.column}: {d.message} [{d.code}]\n    {d.hint}" for d in found]
    edges = looked.graph.edges
    lines.append(f"{len(edges)} citations, {len(found)} broken")
    console.write("\n".join(lines))
    return console.FINDINGS if found else console.CLEAN


def _write(looked: inspection.Inspection) -> int:
    changed = []
    for name, page in looked.skill.documents.items():
        text = generated.updated(page, looked.checklists)
        if text == page.text:
            continue
        path = looked.skill.root / name
        before = path.read_bytes()
        line_end = "\r\n" if b"\r\n" in before else "\n"
        mark = BYTE_ORDER_MARK if before.startswith(BYTE_ORDER_MARK) else b""
        path.write_bytes(mark + text.replace("\n", line_end).encode("utf-8"))
        changed.append(name)
    for name in changed:
        print(f"refreshed {name}", file=sys.stderr)
    console.write_json({"schema": "refreshed/1", "files": changed})
    return console.CLEAN


def to_json(graph: LinkGraph) -> dict[str, Any]:
    """Return the graph in the form ``links/1``."""
    return {
        "schema": "links/1",
        "nodes": [{"file": n.file, "kind": n.kind, "hops": n.hops} for n in graph.nodes],
        "edges": [
            {
                "from": edge.source,
                "line": edge.line,
                "column": edge.column,
                "to": edge.target,
                "anchor": edge.anchor,
                "style": edge.style,
                "status": edge.status,
            }
            for edge in graph.edges
        ],
        "back_links": {target: list(sources) for target, sources in graph.back_links.items()},
        "orphans": list(graph.orphans),
    }


def _text(graph: LinkGraph) -> str:
    back_links = graph.back_links
    lines = []
    for node in graph.nodes:
        if node.kind in ("library", "asset") and node.hops is None:
            continue
        hops = "unreachable" if node.hops is None else f"{node.hops} hop(s)"
        lines.append(f"{node.file}  {node.kind}, {hops}")
        sources = back_links.get(node.file, ())
        if sources:
            more = len(sources) - MAX_SOURCES
            rest = f" and {more} more" if more > 0 else ""
            lines.append(f"    cited by {', '.join(sources[:MAX_SOURCES])}{rest}")
    external = sum(edge.status == "external" for edge in graph.edges)
    lines.append(
        f"{len(graph.nodes)} files, {len(graph.edges) - external} citations within the skill, "
        f"{external} external links, {len(graph.orphans)} orphans"
    )
    return "\n".join(lines)


def _pairs(graph: LinkGraph) -> list[tuple[str, str]]:
    known = {node.file for node in graph.nodes}
    return sorted(
        {
            (edge.source, edge.target)
            for edge in graph.edges
            if edge.source in known and edge.target in known and edge.source != edge.target
        }
    )


def _mermaid(graph: LinkGraph) -> str:
    numbers = {node.file: f"n{index}" for index, node in enumerate(graph.nodes)}
    pairs = _pairs(graph)
    shown = {name for pair in pairs for name in pair} | set(graph.orphans)
    lines = ["graph LR"]
    lines += [
        f'  {numbers[name]}["{_quoted(name)}"]' for name in numbers if name in shown
    ]
    lines += [f"  {numbers[source]} --> {numbers[target]}" for source, target in pairs]
    return "\n".join(lines)


def _quoted(name: str) -> str:
    return name.replace('"', "#quot;")


def _dot(graph: LinkGraph) -> str:
    def quote(name: str) -> str:
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'

    arrows = [f"  {quote(source)} -> {quote(target)};" for source, target in _pairs(graph)]
    lonely = [f"  {quote(name)};" for name in graph.orphans]
    return "\n".join(["digraph skill {", "  rankdir=LR;", *arrows, *lonely, "}"])


_PICTURES = {"text": _text, "mermaid": _mermaid, "dot": _dot}
