"""How a log lies on the disk: packed, in a directory, in parts, cut off by the clock."""

from __future__ import annotations

import gzip
import io
import json
import sys

import pytest
from backend_performance.diagnosis.sqllog.run import run_sqllog

from tests.diagnosis.sqllog import written_logs as logs


@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda data: b"\xff\xfe" + data.decode().encode("utf-16-le")]
)
def test_packed_and_utf_16_files_are_read(tmp_path, pack):
    file = tmp_path / "some.log"
    file.write_bytes(pack(logs.prefixed("%m [%p] ").encode()))
    assert run_sqllog(file).server["statements"] == len(logs.traffic())


def test_zstandard_is_read(tmp_path):
    zstandard = pytest.importorskip("zstandard")
    file = tmp_path / "some.log.zst"
    file.write_bytes(zstandard.ZstdCompressor().compress(logs.prefixed("%m [%p] ").encode()))
    assert run_sqllog(file).server["statements"] == len(logs.traffic())


def test_a_directory_is_read_whole_and_one_log_once(tmp_path):
    half = logs.prefixed("%m [%p] ").splitlines(keepends=True)
    (tmp_path / "postgresql-1.log").write_text("".join(half[:20]))
    (tmp_path / "postgresql-2.log.gz").write_bytes(gzip.compress("".join(half[20:]).encode()))
    (tmp_path / "readme.txt").write_text("nothing\n" * 30)
    server = run_sqllog(tmp_path).server
    assert server["statements"] == len(logs.traffic())
    assert server["passed_over"] == ["readme.txt"]


def test_standard_input_is_read(tmp_path, monkeypatch):
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(logs.prefixed("%m [%p] ").encode()))

    monkeypatch.setattr(sys, "stdin", Stdin())
    from backend_performance.diagnosis.sqllog.source import STDIN

    assert run_sqllog(STDIN).server["statements"] == len(logs.traffic())


def test_what_was_not_read_is_said_first_and_nothing_passes(tmp_path):
    text = logs.prefixed("%m [%p] ") * 400
    file = tmp_path / "some.log"
    file.write_text(text)
    run = run_sqllog(file, timeout=0.001)
    assert run.server["read_pct"] < 100
    assert {one.verdict for one in run.evidence} <= {"fail", "judge", "unknown", "not_applicable"}
    failed = [one for one in run.evidence if one.verdict == "fail"]
    assert failed and all(one.reason.startswith("in the first") for one in failed)


def test_parts_read_side_by_side_add_up_to_the_whole(tmp_path, monkeypatch):
    from pathlib import Path

    from backend_performance.diagnosis.sqllog import reading

    file = tmp_path / "some.log"
    file.write_text(logs.prefixed("%m [%p] ") * 60)
    whole = run_sqllog(file)
    monkeypatch.setattr(reading, "PART", file.stat().st_size // 4)
    parts = reading.cut(Path(file), reading.format_of(file, {}), float("inf"))
    assert len(parts) > 2
    cut = run_sqllog(file)
    for name in ("statements", "lines", "lines_understood", "different_statements", "bytes"):
        assert cut.server[name] == whole.server[name]
    ranking = [
        [(row["query_untrusted"], row["calls"], row["total_ms"]) for row in one.rows]
        for run in (whole, cut)
        for one in run.evidence
        if one.probe == "sqllog/time-by-statement"
    ]
    assert ranking[0] == ranking[1]
    assert json.dumps(cut.server)
