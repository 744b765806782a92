"""Many decisions in one call: all or none, and a mistake is named by its entry."""

import io
import json

import pytest
from backend_performance.commands import walk as command
from backend_performance.refusal import Refusal
from backend_performance.walk import bulk
from backend_performance.walk.starting import collect
from backend_performance.walk.store import store

from tests.walk.walk_examples import INSTALLED, item, walk

AT = "2030-01-02T03:04:05Z"


def entry(number=0, **fields):
    made = {"item": f"database/indexing/i{number}", "verdict": "pass", "note": "seen"}
    return made | fields


def test_a_hundred_decisions_are_one_write(tmp_path, monkeypatch, capsys):
    path = tmp_path / "session.json"
    store.create(path, walk([item(f"i{n}") for n in range(100)]))
    monkeypatch.setattr(collect, "installed", lambda folder: INSTALLED)
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps([entry(n) for n in range(100)])))
    assert command.main(["record", "-", "--session", str(path)]) == 0
    assert capsys.readouterr().out == "100 recorded; 0 left to ask\n"
    assert len(store.load(path, None).decisions) == 100


def test_lines_of_json_are_read_too():
    text = "\n".join(json.dumps(entry(n)) for n in range(3))
    assert [d.item[-2:] for d in bulk.decisions(text, AT)] == ["i0", "i1", "i2"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON|no decisions"),
        ("nonsense", "not JSON"),
        ("[]", "no decisions"),
        ("[1]", "entry 1 is not an object"),
        (json.dumps([entry(), entry(verdict="fine")]), "entry 2: the verdict 'fine'"),
        (json.dumps([entry(colour="red")]), "entry 1 has a field 'colour'"),
        (json.dumps([entry(item=7)]), "entry 1: 'item' must be text"),
        ("[" * 100_000, "not JSON"),
        ("x" * (bulk.MAX_CHARACTERS + 1), "more than"),
    ],
)
def test_what_is_wrong_is_named(text, message):
    with pytest.raises(Refusal, match=message):
        bulk.decisions(text, AT)


def test_one_bad_entry_records_nothing():
    current = walk([item("i0"), item("i1")])
    wanted = bulk.decisions(json.dumps([entry(), entry(9)]), AT)
    with pytest.raises(Refusal, match="entry 2: no item .*nothing was recorded"):
        bulk.recorded(current, wanted)
