"""walk.py as an agent calls it: output, exit codes, and a sentence for every wrong call."""

from __future__ import annotations

import json
from pathlib import Path

from backend_performance import schemas
from backend_performance.walk.views import card
from jsonschema import Draft202012Validator

from tests.commands.walk_calls import FOREIGN_KEYS, SECRET, call
from tests.walk.walk_examples import evidence


def test_a_whole_walk(capsys, skill, server):
    def run(*arguments):
        return call(capsys, *arguments, skill=skill)

    code, out, _ = run("start", "--postgres-env", "DATABASE_URL", "--engines", "postgres")
    assert code == 0
    assert "1 cause, 0 leads" in out
    assert "3 items: 1 fail, 1 open, 1 not asked" in run("status")[1]
    code, out, _ = run("next")
    assert code == 0 and out.startswith("1 of 2: Index foreign keys")
    assert run("status")[0] == 1
    code, out, _ = run(
        "record", FOREIGN_KEYS, "pass", "--note", "built", "--before", "812ms", "--after", "24ms"
    )
    assert (code, out) == (0, f"{FOREIGN_KEYS}: pass; 1 left to ask\n")
    code, out, _ = run("next", "--format", "json")
    assert [card["item"] for card in json.loads(out)["items"]] == [
        "database/indexing/read-the-logs"
    ]
    assert run("record", "database/indexing/read-the-logs", "unknown", "--note", "no logs")[0] == 0
    assert run("next") == (0, card.NOTHING + "\n", "")
    assert json.loads(run("next", "--format", "json")[1])["items"] == []
    assert run("status")[0] == 0
    code, out, _ = run("report")
    assert code == 0 and "33.8 ×" in out
    code, out, err = run("report", "--format", "json", "-o", "out.json")
    assert (code, out) == (0, "") and "out.json" in err
    Draft202012Validator(schemas.load("report")).validate(json.loads(Path("out.json").read_text()))


def test_the_session_file_conforms_to_its_schema(capsys, skill, server):
    call(
        capsys,
        "start",
        "--postgres-env",
        "DATABASE_URL",
        "--instances",
        2,
        "--processes",
        3,
        "--pool-size",
        4,
        skill=skill,
    )
    call(capsys, "record", FOREIGN_KEYS, "fail", skill=skill)
    content = json.loads(Path(".backend-performance/session.json").read_text())
    Draft202012Validator(schemas.load("session")).validate(content)
    assert content["parameters"] == {"instances": 2, "processes": 3, "pool_size": 4}
    assert server.asked[1]["parameters"] == {"pool_total": 24}


def test_the_session_and_the_output_never_hold_the_address(capsys, skill, server):
    texts = []
    for arguments in (
        ["start", "--postgres-env", "DATABASE_URL"],
        ["next"],
        ["status", "--format", "json"],
        ["report", "--full"],
        ["report", "--format", "json"],
    ):
        _, out, err = call(capsys, *arguments, skill=skill)
        texts += [out, err]
    texts.append(Path(".backend-performance/session.json").read_text())
    assert not [text for text in texts if SECRET in text or "127.0.0.1" in text]
    assert '"env": "DATABASE_URL"' in texts[-1]


def test_without_access_every_item_is_asked(capsys, skill):
    code, out, _ = call(capsys, "start", skill=skill)
    assert code == 0 and "nothing was asked" in out
    assert "3 left to ask" in call(capsys, "status", skill=skill)[1]


def test_named_engines_narrow_the_walk(capsys, skill):
    call(capsys, "start", "--engines", "redis", skill=skill)
    out = call(capsys, "status", skill=skill)[1]
    assert "2 left to ask" in out


def test_areas_narrow_items_and_evidence(capsys, skill, server):
    page = skill / "references"
    page.mkdir()
    (page / "caching.md").write_text(
        "# Caching\n\n<!-- area: caching -->\n\n### Cache checklist\n\n- [ ] Watch it\n"
    )
    code, out, _ = call(
        capsys, "start", "--postgres-env", "DATABASE_URL", "--area", "caching", skill=skill
    )
    assert code == 0 and "0 causes" in out
    code, out, _ = call(capsys, "status", skill=skill)
    assert code == 0 and "1 item: 1 open" in out, "findings of other areas are left out"


def test_force_begins_anew_and_compare_sets_both_side_by_side(capsys, skill, server):
    call(capsys, "start", "--postgres-env", "DATABASE_URL", skill=skill)
    server.answers = [evidence("pass", [FOREIGN_KEYS])]
    again = ["start", "--postgres-env", "DATABASE_URL"]
    code, _, err = call(capsys, *again, skill=skill)
    assert code == 2 and "--force" in err
    code, _, err = call(capsys, *again, "--force", skill=skill)
    assert code == 0 and "session.previous.json" in err
    old, new = ".backend-performance/session.previous.json", ".backend-performance/session.json"
    code, out, _ = call(capsys, "compare", old, new)
    assert code == 0 and "## Fixed" in out
    code, out, _ = call(capsys, "compare", new, old, "--format", "json")
    assert code == 1 and json.loads(out)["summary"]["new"] == 1
