"""The command line of probe.py sqllog."""

from __future__ import annotations

import json
import sys

import pytest
from backend_performance.commands.probe import main
from backend_performance.schemas import load
from jsonschema import Draft202012Validator

LOG = "2026-01-01 00:00:00.{n:03} UTC [7] LOG:  duration: {ms} ms  statement: {sql}\n"


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ((), "name a log file"),
        (("nowhere.log",), "neither a regular file nor"),
        (("nowhere.log", "--log-format", "xml"), "unknown format 'xml'"),
        (("nowhere.log", "--only", "nothing"), "no probe"),
        (("nowhere.log", "--timeout", "0"), "from 1"),
    ],
)
def test_calls_that_cannot_be_answered_end_with_2(capsys, argv, says):
    try:
        code = main(["sqllog", *argv])
    except SystemExit as leave:
        code = leave.code
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert says in err


def test_evidence_is_valid_and_findings_end_with_1(capsys, tmp_path):
    loop = [f"select x from b where id = {n}" for n in range(9)]
    statements = ["BEGIN", "select id from a", *loop]
    file = tmp_path / "a.log"
    file.write_text("".join(LOG.format(n=n, ms=9, sql=sql) for n, sql in enumerate(statements)))
    assert main(["sqllog", str(file), "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(load("evidence")).validate(document)
    assert main(["sqllog", str(file)]) == 1
    assert "fail sqllog/n-plus-one" in capsys.readouterr().out


def test_the_probes_are_listed(capsys):
    assert main(["sqllog", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 14


def test_progress_is_shown_on_a_terminal_and_not_in_a_pipe(capsys, tmp_path, monkeypatch):
    file = tmp_path / "a.log"
    file.write_text("".join(LOG.format(n=n, ms=9, sql="select 7 from a") for n in range(900)))
    main(["sqllog", str(file)])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    main(["sqllog", str(file)])
    assert "reading: 0 of 0 MB" in capsys.readouterr().err
