"""A cause shows what a probe says of its own rows, not of the others that the probe reports."""

from backend_performance.diagnosis.probes import catalog
from backend_performance.diagnosis.probes.judging import judge
from backend_performance.walk import causes
from backend_performance.walk.views.listing import show_text

from tests.walk.walk_examples import evidence, item, walk

#: Two statements of one probe: the first walks an index, the second only reads much.
ROWS = [
    {"query_untrusted": f"select a from {table}", "sorted_and_cut": table == "walked"}
    | {"calls": 500, "blocks_per_call": 900, "blocks_per_row": 90, "window_calls": 1_000}
    | {"aggregates": False, "mean_ms": 3, "examined": 2, "queryid": table}
    for table in ("walked", "read")
]


def found():
    probe = next(p for p in catalog.load("postgres") if p.id == "postgres/index-walks")
    said = judge(probe, ROWS).to_json()
    return causes.of(walk([item()], [evidence(said.pop("verdict"), [], **said)]))


def test_the_reason_is_that_of_the_row():
    walks, reads = found()
    assert (walks.verdict, reads.verdict) == ("fail", "judge")
    assert "walks an index" in walks.readings[0].reason
    assert "walks an index" not in reads.readings[0].reason
    assert "walks an index" not in show_text([reads])


def test_a_row_that_is_decided_gets_no_question_of_another():
    walks, reads = found()
    assert reads.question and not walks.question


def test_what_a_row_says_of_itself_is_no_column():
    assert "because=" not in show_text(found()) and "ask=" not in show_text(found())
