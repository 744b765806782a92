"""This skill is an example of what it asks of others."""

import itertools
import re
from collections import Counter

import pytest
from backend_performance import plain_yaml
from backend_performance.skill.findings import checking
from backend_performance.skill.findings.codes import Choice
from backend_performance.skill.rules.pages.body_budget import tokens_of

from tests.knowledge.tables import ROOT, items, this_skill

MAX_TOKENS = 3_000
MAIN_PAGES = (
    "database-optimization",
    "caching-patterns",
    "api-performance",
    "memory-management",
    "concurrency",
    "profiling-and-monitoring",
)
#: What the first section of a page may be called: what to do, before what is known.
PROCEDURES = {
    "Decision procedure",
    "Decide first",
    "Where does the response time go",
    "The loop",
}
#: The ten phrases of the seed, then symptoms in the words of those who have them.
TRIGGERS = (
    "optimize my API",
    "improve database performance",
    "fix slow queries",
    "reduce response time",
    "add caching",
    "fix memory leak",
    "profile my backend",
    "N+1 query problem",
    "connection pooling",
    "optimize server performance",
    "too many clients",
    "p99 spikes",
    "OOMKilled",
    "deep pages time out",
    "deletes take forever",
    "third party takes the site down",
    "event loop blocked",
    "which alerts to set",
)


def test_no_error_and_no_warning():
    found = [
        f"{d.file}:{d.line}: {d.message} [{d.code}]"
        for each in checking.check(ROOT, Choice()).found
        if (d := each.diagnostic).severity != "note"
        # A copy that is no clone may have any name here; installed, it has the skill's.
        and d.code != "name-differs-from-directory"
    ]
    assert found == []


def test_it_has_opted_into_complete_items_and_sourced_figures():
    assert this_skill().setting("checklist-fields") == "check fix verify why impact effort"
    assert this_skill().setting("figures") == "sourced"


def test_entry_page_costs_little():
    assert tokens_of((ROOT / "SKILL.md").read_text(encoding="utf-8")) <= MAX_TOKENS


def test_every_page_is_one_step_from_the_entry_page():
    """A case is one step further: its index, or the item whose gain it shows, leads there."""
    hops = {node.file: node.hops for node in this_skill().graph.nodes if node.kind == "page"}
    cases = {n for n in hops if n.startswith("examples/") and n != "examples/common-bottlenecks.md"}
    assert {n: hops[n] for n in hops if n.startswith("references/") and hops[n] != 1} == {}
    assert {n: hops[n] for n in cases if hops[n] != 2} == {}


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


@pytest.mark.parametrize("page", MAIN_PAGES)
def test_a_page_leads_from_when_to_read_it_to_its_checklists(page):
    """Who has an hour reads from the top: when, contents, procedure, facts, failures, items."""
    document = this_skill().skill.documents[f"references/{page}.md"]
    sections = [heading.text for heading in document.headings if heading.level == 2]
    assert "\nRead this when " in document.text.split("<!-- generated:toc -->")[0]
    assert "<!-- /generated:toc -->" in document.text.split(f"\n## {sections[0]}\n")[0]
    assert sections[0] in PROCEDURES
    failures = sections.index("Failure modes")
    after = [text.lower() for text in sections[failures + 1 :]]
    assert after and all(text.endswith(("checklist", "checklists")) for text in after)


@pytest.mark.parametrize("phrase", TRIGGERS)
def test_the_description_answers_to_the_words_of_the_user(phrase):
    description = plain_yaml.load((ROOT / "SKILL.md").read_text(encoding="utf-8").split("---")[1])[
        "description"
    ]
    assert phrase.casefold() in description.casefold()


def test_the_items_that_symptoms_name_are_there():
    rows = re.findall(
        r"(?m)^\| .*\| ([a-z/-]+) \|$", (ROOT / "SKILL.md").read_text(encoding="utf-8")
    )
    assert len(rows) > 10
    assert [name for name in rows if not any(item.startswith(name) for item in items())] == []


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
        header = plain_yaml.load(text)
        found[header["id"]] = {*header.get("decides", ()), *header.get("related", ())}
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
