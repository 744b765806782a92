"""The command line of probe.py http: what is refused before anything is sent, and what leaks."""

from __future__ import annotations

import json

import pytest
from backend_performance.commands.probe import main
from backend_performance.schemas import load
from jsonschema import Draft202012Validator

from tests.diagnosis.http.web_server import TOKEN, as_json, healthy, website

pytest.importorskip("aiohttp")


def run(capsys, *argv):
    try:
        code = main(["http", *argv])
    except SystemExit as leave:
        code = leave.code
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ((), "name at least one address"),
        (("http://h/", "--rate", "51"), "--allow-heavy"),
        (("http://h/", "--rate", "10", "--duration", "61"), "--allow-heavy"),
        (("http://h/", "--rate", "201", "--allow-heavy"), "from 0.1 to 200"),
        (("http://h/", "--rate", "5", "--duration", "601", "--allow-heavy"), "from 1 to 600"),
        (("http://h/", "--duration", "5"), "--rate"),
        (("http://h/", "--max-requests", "201"), "from 1 to 200"),
        (("http://h/", "--header-env", "Bearer hunter2"), "the name of an environment"),
        (("http://h/", "--header-env", "NO_SUCH_VARIABLE"), "NO_SUCH_VARIABLE is not set"),
        (("http://u:hunter2@h/",), "--header-env"),
        (("http://h/", "--only", "nothing"), "no probe"),
        (("http://127.0.0.1:9/a",), "refused"),
        (("http://h/", "--metrics-from", "/nowhere"), "key-metrics"),
        (tuple(f"http://h/{n}" for n in range(5)), "--max-requests"),
        (("http://h/", "--post"), "unrecognized"),
    ],
)
def test_calls_that_cannot_be_answered_end_with_2(capsys, argv, says):
    code, out, err = run(capsys, *argv)
    assert (code, out) == (2, "")
    assert says in err and "hunter2" not in err


@pytest.mark.slow
def test_evidence_is_valid_and_the_credential_nowhere(capsys, monkeypatch):
    monkeypatch.setenv("SHOP_HEADER", f"Authorization: {TOKEN}")
    with website({"/healthy": healthy}) as site:
        code, out, err = run(
            capsys,
            site.url("/healthy"),
            "--header-env",
            "SHOP_HEADER",
            "--format",
            "json",
        )
        assert any(h.get("authorization") == TOKEN for h in site.requests("/healthy"))
    document = json.loads(out)
    Draft202012Validator(load("evidence")).validate(document)
    assert code == 0, document["summary"]
    assert "s3cr3t" not in out + err
    assert document["engine"] == "http"


def test_findings_end_with_1_and_people_can_read_them(capsys):
    with website({"/bad": lambda _: as_json({"id": 2**60})}) as site:
        code, out, _ = run(capsys, site.url("/bad"))
    assert code == 1
    assert "fail http/large-integers" in out


def test_the_probes_are_listed(capsys):
    code, out, _ = run(capsys, "--list")
    assert code == 0 and len(out.splitlines()) == 13
