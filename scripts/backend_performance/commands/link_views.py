"""A link graph as text, as JSON and as pictures: who cites whom, how, over how many hops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..skill.findings.as_text import visible
from ..skill.links.graph import LinkGraph, Node

#: The text names this many citing files each; the JSON has them all.
MAX_SOURCES = 6
#: Files that come in dozens and lead no further: left out of a picture that is too large.
_LEAVES = frozenset({"probe", "library", "asset"})


def around(graph: LinkGraph, file: str) -> LinkGraph:
    """Return the part of the graph that cites ``file`` or is cited by it."""
    edges = tuple(edge for edge in graph.edges if file in (edge.source, edge.target))
    near = {file, *(edge.source for edge in edges), *(edge.target for edge in edges)}
    return LinkGraph(
        tuple(node for node in graph.nodes if node.file in near),
        edges,
        tuple(name for name in graph.orphans if name == file),
    )


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
                "suggestion": edge.suggestion,
            }
            for edge in graph.edges
        ],
        "back_links": {target: list(sources) for target, sources in graph.back_links.items()},
        "orphans": list(graph.orphans),
    }


def text(graph: LinkGraph, limit: int) -> str:
    """Return the graph as lines for people, at most about ``limit`` characters."""
    styles = _styles(graph)
    lines, used = [], 0
    shown = [n for n in graph.nodes if n.hops is not None or n.kind not in _LEAVES]
    for index, node in enumerate(shown):
        block = _node_lines(node, graph, styles)
        used += sum(len(line) + 1 for line in block)
        if used > limit - 200:
            lines.append(f"… and {len(shown) - index} files more; --all shows them, --of FILE one")
            break
        lines += block
    external = sum(edge.status == "external" for edge in graph.edges)
    lines.append(
        f"{len(graph.nodes)} files, {len(graph.edges) - external} citations within the skill, "
        f"{external} external links, {len(graph.orphans)} orphans"
    )
    return "\n".join(lines)


def _node_lines(
    node: Node, graph: LinkGraph, styles: Mapping[tuple[str, str], list[str]]
) -> list[str]:
    lines = [f"{visible(node.file)}  {node.kind}, {_distance(node)}"]
    sources = graph.back_links.get(node.file, ())
    if sources:
        more = len(sources) - MAX_SOURCES
        rest = f" and {more} more" if more > 0 else ""
        named = (
            f"{visible(source)} ({', '.join(styles.get((source, node.file), ['misspelt']))})"
            for source in sources[:MAX_SOURCES]
        )
        lines.append(f"    cited by {', '.join(named)}{rest}")
    return lines


def _distance(node: Node) -> str:
    if node.hops is None:
        return "unreachable"
    return "1 hop" if node.hops == 1 else f"{node.hops} hops"


def _styles(graph: LinkGraph) -> dict[tuple[str, str], list[str]]:
    """Return for each pair of files the styles in which the first cites the other."""
    known = {node.file for node in graph.nodes}
    found: dict[tuple[str, str], set[str]] = {}
    for edge in graph.edges:
        if edge.target in known and edge.source != edge.target:
            found.setdefault((edge.source, edge.target), set()).add(edge.style)
    return {pair: sorted(styles) for pair, styles in sorted(found.items())}


def mermaid(graph: LinkGraph, limit: int) -> str:
    """Return a picture for a Markdown page; beyond ``limit`` characters without the leaves."""
    whole = _mermaid(graph, frozenset())
    if len(whole) <= limit:
        return whole
    left_out = sum(node.kind in _LEAVES for node in graph.nodes)
    return (
        f"%% {left_out} probes, libraries and assets are left out; --all draws them\n"
        + _mermaid(graph, _LEAVES)
    )


def _mermaid(graph: LinkGraph, left_out: frozenset[str]) -> str:
    nodes = {node.file: node for node in graph.nodes if node.kind not in left_out}
    numbers = {name: f"n{index}" for index, name in enumerate(nodes)}
    arrows = {pair: styles for pair, styles in _styles(graph).items() if set(pair) <= set(nodes)}
    orphans = set(graph.orphans)
    shown = {name for pair in arrows for name in pair} | (orphans & set(nodes))
    lines = ["graph LR"]
    for name in nodes:
        if name in shown:
            mark = ":::orphan" if name in orphans else ""
            label = f"{_quoted(name)}<br/>{_distance(nodes[name])}"
            lines.append(f'  {numbers[name]}["{label}"]{mark}')
    for (source, target), styles in arrows.items():
        lines.append(f"  {numbers[source]} -->|{', '.join(styles)}| {numbers[target]}")
    if orphans & shown:
        lines.append("  classDef orphan stroke-dasharray: 5 5")
    return "\n".join(lines)


def _quoted(name: str) -> str:
    return visible(name).replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;")


def dot(graph: LinkGraph, limit: int) -> str:
    """Return a picture for Graphviz."""

    def quote(name: str) -> str:
        return '"' + visible(name).replace("\\", "\\\\").replace('"', '\\"') + '"'

    hops = graph.hops
    arrows = [
        f"  {quote(source)} -> {quote(target)} [label={quote(', '.join(styles))}];"
        for (source, target), styles in _styles(graph).items()
        if source in hops
    ]
    lonely = [f"  {quote(name)} [style=dashed];" for name in graph.orphans]
    return "\n".join(["digraph skill {", "  rankdir=LR;", *arrows, *lonely, "}"])


PICTURES = {"text": text, "mermaid": mermaid, "dot": dot}
