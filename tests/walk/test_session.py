"""A session is plain data: what goes in comes out, and nothing is decided without a reason."""

import json

import pytest
from backend_performance import schemas
from backend_performance.refusal import Refusal
from backend_performance.walk import join, session, session_json
from backend_performance.walk.store import store
from jsonschema import Draft202012Validator

from tests.walk.walk_examples import KNOWN, NOW, SKILL, checklist, decided, evidence, item, walk

FOREIGN_KEYS = "database/indexing/index-foreign-keys"


def test_a_session_comes_back_from_its_json_unchanged():
    first = decided(
        walk(
            [item(), item("other")], [evidence()], engines=["postgres"], parameters={"instances": 2}
        ),
        FOREIGN_KEYS,
        before="812ms",
        after="24ms",
    )
    written = json.loads(json.dumps(session_json.to_json(first)))
    assert session_json.from_json(written, KNOWN) == first


def test_the_file_content_conforms_to_its_schema():
    target = session.Target("postgres", "DATABASE_URL", {"version": "17.2"})
    content = session_json.to_json(
        decided(walk([item()], [evidence()], targets=[target]), FOREIGN_KEYS, "judge")
    )
    content = store.sealed(content)
    schema = schemas.load("session")
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(content)


def test_a_walk_without_items_cannot_start():
    with pytest.raises(Refusal, match="no checklist item"):
        session.start((), (), None, skill=SKILL, now=NOW)


def test_decisions_are_only_ever_added_and_the_last_one_counts():
    twice = decided(decided(walk(), FOREIGN_KEYS, "fail"), FOREIGN_KEYS, "pass")
    assert [decision.verdict for decision in twice.decisions] == ["fail", "pass"]


@pytest.mark.parametrize("verdict", session.VERDICTS)
def test_a_decision_without_note_figure_or_evidence_is_refused(verdict):
    with pytest.raises(Refusal, match="--note"):
        decided(walk(), FOREIGN_KEYS, verdict, note=None)


def test_a_decision_that_the_evidence_backs_needs_no_note():
    assert decided(walk(evidence=[evidence("fail")]), FOREIGN_KEYS, "fail", note=None).decisions


def test_evidence_of_the_opposite_does_not_back_a_decision():
    with pytest.raises(Refusal, match="no evidence in this session supports pass"):
        decided(walk(evidence=[evidence("fail")]), FOREIGN_KEYS, "pass", note=None)


def test_a_quick_win_is_recorded_on_the_item_it_stands_for():
    quick = item("quick", id="general/quick-wins/quick", same_as=FOREIGN_KEYS)
    after = decided(walk([item(), quick]), "general/quick-wins/quick")
    assert after.decisions[-1].item == FOREIGN_KEYS


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [
        ("database/indexing/index-foreign-key", FOREIGN_KEYS),
        ("index-foreign-keys", FOREIGN_KEYS),
        ("indexing/index_foreign_keys", FOREIGN_KEYS),
    ],
)
def test_an_unknown_identifier_names_the_nearest(asked, suggested):
    with pytest.raises(Refusal, match=f"did you mean .*{suggested}"):
        walk([item(), item("use-explain")]).step(asked)


def test_an_identifier_like_no_other_gets_no_suggestion():
    with pytest.raises(Refusal) as refused:
        walk().step("zzzz")
    assert "did you mean" not in str(refused.value)


def test_unknown_verdicts_cannot_be_constructed():
    with pytest.raises(ValueError, match="not one of"):
        session.Decision("x", "fine", "2030-01-01T00:00:00Z")
    with pytest.raises(ValueError, match="not one of"):
        session.Reading("p", (), "clean")


def test_times_are_rfc_3339_in_utc():
    assert walk().started == "2030-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("text", "file", "expected"),
    [
        ("[A](#b)", "references/x.md", "A (references/x.md#b)"),
        ("[A](../SKILL.md#b)", "references/x.md", "A (SKILL.md#b)"),
        ("[`p`](../scripts/p.sql), then", "references/x.md", "`p` (scripts/p.sql), then"),
        ("[A](https://e.org/x#y)", "x.md", "A (https://e.org/x#y)"),
        ("`a[0](x)` and b[1]", "x.md", "`a[0](x)` and b[1]"),
        ("no link", "x.md", "no link"),
    ],
)
def test_links_are_rewritten_relative_to_the_skill_root(text, file, expected):
    assert join.relocated(text, file) == expected


@pytest.mark.parametrize(
    ("same_as", "expected"),
    [
        ({"a": None, "b": "a"}, {"a": ("b",)}),
        ({"a": None, "b": "a", "c": "b"}, {"a": ("b", "c")}),
        ({"a": "gone"}, {"a": ()}),
        ({"a": "b", "b": "a"}, {"a": (), "b": ()}),
        ({"a": "a"}, {"a": ()}),
    ],
    ids=["alias", "chain", "alias of nothing", "circle", "alias of itself"],
)
def test_aliases_fold_into_their_target_and_nothing_is_lost(same_as, expected):
    items = [item(name, id=name, same_as=target) for name, target in same_as.items()]
    steps = join.steps([checklist(*items)])
    assert {step.id: step.aliases for step in steps} == expected


def test_sub_items_are_items():
    steps = join.steps([checklist(item("a", children=[item("b", children=[item("c")])]))])
    assert [step.title for step in steps] == ["A", "B", "C"]


def test_measured_cases_are_told_from_pages_to_read():
    case = {"file": "examples/cache-stampede.md", "anchor": None}
    page = {"file": PAGE_FILE, "anchor": None}
    (step,) = join.steps([checklist(item(references=[case, page]))])
    assert step.cases == ("examples/cache-stampede.md",)
    assert step.read == (PAGE_FILE,)


PAGE_FILE = "references/caching-patterns.md"
