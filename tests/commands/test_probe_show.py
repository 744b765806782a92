"""``probe.py show``: a statement in the words of a server's version, ready to paste."""

from __future__ import annotations

import json

import pytest
from backend_performance.commands.probe import main
from backend_performance.diagnosis import engines
from backend_performance.diagnosis.probes import catalog


def shown(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(["show", *argv]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("probe", "version", "has", "lacks"),
    [
        ("postgres/checkpoints", "16", "pg_stat_bgwriter", "pg_stat_checkpointer"),
        ("postgres/checkpoints", "17.2", "pg_stat_checkpointer", "pg_stat_bgwriter"),
        ("postgres/checkpoints", "", "pg_stat_checkpointer", "pg_stat_bgwriter"),
        ("mysql/lock-waits", "8.4.3", "data_lock_waits", "innodb_lock_waits"),
        ("mysql/lock-waits", "10.11.19-MariaDB-log", "innodb_lock_waits", "data_lock_waits"),
    ],
)
def test_a_statement_has_the_words_of_the_version(capsys, probe, version, has, lacks):
    out = shown(capsys, probe, "--server-version", version)
    assert has in out and lacks not in out
    assert out.rstrip().endswith(";")


def test_the_rules_stand_above_the_statement_as_comments(capsys):
    lines = shown(capsys, "postgres/lock-waits", "--server-version", "18").splitlines()
    comments = [line for line in lines if line.startswith("--")]
    assert comments == lines[: len(comments)]
    assert any(line.startswith("-- fail when waited_s >= 10:") for line in comments)


@pytest.mark.parametrize("system", engines.NAMES)
def test_every_probe_can_be_shown(capsys, system):
    ids = [probe.id for probe in catalog.load(system)]
    out = shown(capsys, *ids)
    assert [name for name in ids if f" {name}: " not in out] == []
    assert "{" + "action" not in out


def test_the_data_is_the_same_as_json(capsys):
    out = shown(capsys, "postgres/checkpoints", "--server-version", "18", "--format", "json")
    [probe] = json.loads(out)["probes"]
    assert "pg_stat_checkpointer" in probe["sends"][0]
    assert {rule["verdict"] for rule in probe["rules"]} == {"unknown", "fail", "judge"}


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["lock-waits"], "expected SYSTEM/PROBE"),
        (["postgres/lock-wait"], "did you mean lock-waits"),
        (["postgres/lock-waits", "--server-version", "new"], "is not a version"),
        (["postgres/lock-waits", "--server-version", "12"], "needs version 14"),
    ],
)
def test_what_cannot_be_shown_is_exit_2(capsys, argv, says):
    assert main(["show", *argv]) == 2
    assert says in capsys.readouterr().err
