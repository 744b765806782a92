"""This skill is an example of what it asks of others."""

import itertools
from collections import Counter

import yaml
from backend_performance.skill import rules
from backend_performance.skill.rules.body_budget import tokens_of
from tables import ROOT, items, this_skill

MAX_LINES, MAX_TOKENS = 300, 3_000
MAX_PAGE_LINES = 400


def test_no_error_and_no_warning():
    found = [
        f"{d.file}:{d.line}: {d.message} [{d.code}]"
        for d in rules.run(this_skill())
        if d.severity != "note"
    ]
    assert found == []


def test_it_has_opted_into_complete_items_and_sourced_figures():
    assert this_skill().setting("checklist-fields") == "check fix verify why impact effort"
    assert this_skill().setting("figures") == "sourced"


def test_entry_page_is_half_of_what_the_format_allows():
    text = (ROOT / "SKILL.md").read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_LINES
    assert tokens_of(text) <= MAX_TOKENS


def test_no_reference_is_longer_than_a_page_should_be():
    long = {
        name: len(page.lines)
        for name, page in this_skill().skill.documents.items()
        if name.startswith("references/") and len(page.lines) > MAX_PAGE_LINES + 1
    }
    assert long == {}


def test_every_page_is_one_step_from_the_entry_page():
    far = [
        node.file
        for node in this_skill().graph.nodes
        if node.kind == "page"
        and node.file.split("/")[0] in ("references", "examples")
        and node.hops != 1
    ]
    assert far == []


def test_every_section_is_cited_or_listed():
    """A section that neither a table of contents nor a link names is not found."""
    targets = {(edge.target, edge.anchor) for edge in this_skill().graph.edges if edge.anchor}
    orphans = [
        f"{name}#{heading.anchor}"
        for name, page in this_skill().skill.documents.items()
        if name.startswith(("references/", "examples/"))
        for heading in page.headings
        if heading.level > 1 and (name, heading.anchor) not in targets
    ]
    assert orphans == []


def test_no_title_stands_for_two_items():
    own = [item for item in items().values() if item.same_as is None]
    counts = Counter(item.title.casefold() for item in own)
    assert [title for title, count in counts.items() if count > 1] == []


def test_every_item_has_every_field():
    wanted = ("check", "fix", "verify", "why", "impact", "effort", "references")
    empty = [(i.id, name) for i in items().values() for name in wanted if not getattr(i, name)]
    assert empty == []


def test_there_are_more_items_than_the_seed_had():
    assert len(items()) > 76


def _probe_headers() -> dict[str, set[str]]:
    """Return the items that each probe file says it answers, by the probe's identifier."""
    found = {}
    for file in sorted((ROOT / "scripts" / "probes").glob("*/*.*")):
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".sql":
            lines = itertools.takewhile(lambda line: line.startswith("--"), text.splitlines())
            text = "\n".join(line[3:] for line in lines)
        header = yaml.safe_load(text)
        found[header["id"]] = set(header.get("items", ()))
    assert found, "no probe file was found"
    return found


def test_probes_and_items_name_each_other():
    by_probe = _probe_headers()
    by_item: dict[str, set[str]] = {name: set() for name in by_probe}
    for item in items().values():
        if item.same_as is None:
            for probe in item.probes:
                by_item.setdefault(probe, set()).add(item.id)
    assert by_probe == by_item
