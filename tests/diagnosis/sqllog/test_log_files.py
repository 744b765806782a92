"""How a log lies on the disk: packed, in a directory, in parts, cut off by the clock."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import sys

import pytest
from backend_performance.diagnosis.sqllog.run import run_sqllog
from backend_performance.diagnosis.trouble import CannotRun

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


def zstandard_of(data):
    return pytest.importorskip("zstandard").ZstdCompressor(write_checksum=True).compress(data)


@pytest.mark.slow
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard_of])
@pytest.mark.parametrize("fault", ["cut off", "overwritten"])
def test_of_a_damaged_file_what_can_be_read_counts_and_the_rest_is_said(tmp_path, pack, fault):
    chance = random.Random(3)
    lines = (
        f"2024-03-01 10:00:00.000 UTC [2030] LOG:  duration: 1.0 ms  statement: "
        f"SELECT * FROM book WHERE token = '{chance.getrandbits(400):x}'\n"
        for _ in range(12_000)
    )
    packed = bytearray(pack("".join(lines).encode()))
    half = len(packed) // 2
    if fault == "overwritten":
        packed[half : half + 400] = bytes(chance.getrandbits(8) for _ in range(400))
    file = tmp_path / "some.log.packed"
    file.write_bytes(packed if fault == "overwritten" else packed[:half])
    run = run_sqllog(file)
    assert 0 < run.server["statements"] <= 12_000
    assert run.server["damaged"][0].startswith("some.log.packed: ")
    assert run.server["recognised"].startswith("not read to the end: some.log.packed")
    assert all(one.verdict != "pass" for one in run.evidence)


def test_a_file_damaged_from_its_beginning_is_refused(tmp_path):
    file = tmp_path / "some.log.gz"
    file.write_bytes(gzip.compress(b"nothing")[:5])
    with pytest.raises(CannotRun, match="cannot be read"):
        run_sqllog(file)


def test_without_the_library_for_zstd_the_message_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    file = tmp_path / "some.log.zst"
    file.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(40))
    with pytest.raises(CannotRun, match=r"pip install.*zstd"):
        run_sqllog(file)


def test_lines_come_out_whole_whatever_the_size_of_a_read(monkeypatch):
    from backend_performance.diagnosis.sqllog.files import source

    text = "\ufeffa\r\nbé\n\n" + "x" * 90 + "\n" + "y" * 40 + "\nend"
    monkeypatch.setattr(source, "MAX_LINE", 64)
    for size in (1, 3, 7, 1000):
        monkeypatch.setattr(source, "_BLOCK", size)
        found = [line for block in source.blocks(io.BytesIO(text.encode())) for line in block]
        assert found[:3] + found[4:] == ["a", "bé", "", "y" * 40, "end"]
        assert found[3] == "x" * (64 if size < 60 else 90)


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
    from backend_performance.diagnosis.sqllog.files.source import STDIN

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


@pytest.mark.slow
def test_parts_read_side_by_side_add_up_to_the_whole(tmp_path, monkeypatch):
    from pathlib import Path

    from backend_performance.diagnosis.sqllog import parts as cutting
    from backend_performance.diagnosis.sqllog import reading

    file = tmp_path / "some.log"
    file.write_text(logs.prefixed("%m [%p] ") * 60)
    whole = run_sqllog(file)
    monkeypatch.setattr(cutting, "PART", file.stat().st_size // 4)
    parts = cutting.cut(Path(file), reading.format_of(file, {}), float("inf"))
    assert len(parts) > 2
    cut = run_sqllog(file)
    said = f"read in {len(parts)} parts"
    assert said in cut.server["recognised"] and "parts" not in whole.server["recognised"]
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
