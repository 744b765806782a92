"""Kills and failing system calls: nothing acknowledged is lost, nothing is left half-written."""

import errno
import fcntl
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from backend_performance import files
from backend_performance.refusal import Refusal
from backend_performance.walk.report import publish
from backend_performance.walk.store import lock, store

from tests.walk.walk_examples import INSTALLED, decided, evidence, item, saved, walk

ROOT = Path(__file__).parents[3]
#: Each system call on the way of a session to the disk, and what it may fail with.
CALLS = {
    "open": (os, "open", errno.EACCES),
    "mkstemp": (tempfile, "mkstemp", errno.ENOSPC),
    "fdopen": (os, "fdopen", errno.ENOSPC),
    "fsync": (os, "fsync", errno.EIO),
    "replace": (os, "replace", errno.EACCES),
    "link": (os, "link", errno.EPERM),
    "listdir": (os, "listdir", errno.EACCES),
    "flock": (fcntl, "flock", errno.ENOLCK),
    "ftruncate": (os, "ftruncate", errno.EIO),
    "pwrite": (os, "pwrite", errno.ENOSPC),
}


def failing(monkeypatch, call, number, code):
    """Let the n-th call of a function fail; return the counter of its calls."""
    module, name, _ = CALLS[call]
    original, counted = getattr(module, name), Counter()

    def maybe(*arguments, **options):
        counted["calls"] += 1
        if counted["calls"] == number:
            raise OSError(code, os.strerror(code))
        return original(*arguments, **options)

    monkeypatch.setattr(module, name, maybe)
    return counted


def recorded(path):
    return [decision.note for decision in store.load(path, INSTALLED).decisions]


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_two_hundred_kills(tmp_path):
    path = saved(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "tests.walk.store.killed_writers", path, "200"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "scripts")},
        capture_output=True,
        text=True,
        check=True,
    )
    acknowledged, kept = (part.split() for part in done.stdout.split("-\n"))
    assert len(acknowledged) > 50, "the writers were killed before they wrote"
    assert set(acknowledged) <= set(kept) and len(kept) == len(set(kept))
    store.update(path, INSTALLED, lambda current: current)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        ".session.json.lock",
        "session.json",
    ]


@pytest.mark.parametrize("call", CALLS)
def test_a_failing_call_never_costs_a_decision(call, tmp_path, monkeypatch):
    """Each call fails once, at each of its occurrences in one `record`."""
    path = saved(tmp_path)
    for number in range(1, 20):
        before = recorded(path)
        note = str(number)
        with monkeypatch.context() as patch:
            counted = failing(patch, call, number, CALLS[call][2])
            try:
                store.update(path, INSTALLED, lambda s, n=note: decided(s, s.steps[0].id, note=n))
                outcomes = ([*before, note],)
            except Refusal:
                outcomes = (before, [*before, note])
        assert recorded(path) in outcomes
        if counted["calls"] < number:
            break
    else:
        pytest.fail("the call never came to an end")
    assert not list(tmp_path.glob(".session.json.*.tmp"))


@pytest.mark.parametrize("call", CALLS)
def test_a_failed_new_start_leaves_the_earlier_session(call, tmp_path, monkeypatch):
    path = saved(tmp_path, walk(evidence=[evidence()]))
    before = path.read_bytes()
    for number in range(1, 20):
        with monkeypatch.context() as patch:
            counted = failing(patch, call, number, CALLS[call][2])
            try:
                store.create(path, walk([item("new")]), force=True)
            except Refusal as refused:
                if "power cut" not in str(refused):
                    assert path.read_bytes() == before
                    assert not list(tmp_path.glob("*.previous*"))
        for kept in tmp_path.glob("*.previous*"):
            assert kept.read_bytes() == before
            os.replace(kept, path)
        if counted["calls"] < number:
            break


def test_each_earlier_session_is_kept_under_a_name_of_its_own(tmp_path):
    path = saved(tmp_path, walk(evidence=[evidence()]))
    kept = [store.create(path, walk([item(f"i{n}")]), force=True) for n in range(3)]
    names = ["session.previous.json", "session.previous-2.json", "session.previous-3.json"]
    assert [each.name for each in kept] == names
    titles = [store.load(each, INSTALLED).steps[0].title for each in kept]
    assert len(set(titles)) == 3, "none took the place of another"


def test_a_lock_that_cannot_be_signed_holds_all_the_same(tmp_path, monkeypatch):
    path = saved(tmp_path)
    failing(monkeypatch, "ftruncate", 1, errno.ENOSPC)
    with lock.exclusive(tmp_path / ".session.json.lock"), pytest.raises(Refusal, match="locked"):
        store.update(path, INSTALLED, lambda current: current, wait_seconds=0.05)


def test_a_file_system_without_locks_is_named_as_the_reason(tmp_path, monkeypatch):
    path = saved(tmp_path)
    failing(monkeypatch, "flock", 1, errno.ENOLCK)
    with pytest.raises(Refusal, match="file system with locks"):
        store.update(path, INSTALLED, lambda current: current)


def test_a_pipe_in_place_of_the_lock_is_refused(tmp_path):
    path = saved(tmp_path)
    (tmp_path / ".session.json.lock").unlink()
    os.mkfifo(tmp_path / ".session.json.lock")
    with pytest.raises(Refusal, match="not a regular file"):
        store.update(path, INSTALLED, lambda current: current)


def test_what_could_not_be_read_again_is_not_written(tmp_path, monkeypatch):
    path = saved(tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr(store, "MAX_BYTES", len(before) + 10)
    with pytest.raises(Refusal, match="nothing was written"):
        store.update(path, INSTALLED, lambda s: decided(s, s.steps[0].id, note="x" * 100))
    assert path.read_bytes() == before


def test_a_failed_report_leaves_the_earlier_one(tmp_path, monkeypatch):
    report = tmp_path / "report.md"
    publish.write(report, "first")
    failing(monkeypatch, "fsync", 1, errno.ENOSPC)
    with pytest.raises(Refusal, match="No space left"):
        publish.write(report, "second")
    assert report.read_text() == "first"
    assert [each.name for each in tmp_path.iterdir()] == ["report.md"]


def test_a_report_takes_neither_a_link_nor_the_session(tmp_path):
    path, victim = saved(tmp_path), tmp_path / "precious"
    victim.write_text("kept")
    (tmp_path / "report.md").symlink_to(victim)
    for target, said in ((tmp_path / "report.md", "symbolic link"), (path, "is a session")):
        before = target.read_bytes()
        with pytest.raises(Refusal, match=said):
            publish.write(target, "text")
        assert target.read_bytes() == before


def test_a_report_is_for_its_owner_alone(tmp_path):
    publish.write(tmp_path / "report.md", "text")
    assert (tmp_path / "report.md").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["directory", "pipe"])
def test_only_regular_files_are_read_and_only_so_much(make, tmp_path):
    make(tmp_path / "odd")
    with pytest.raises(OSError, match="it is"):
        files.read_regular(tmp_path / "odd", 10)
    (tmp_path / "large").write_bytes(b"x" * 11)
    with pytest.raises(OSError, match="larger than 10 bytes"):
        files.read_regular(tmp_path / "large", 10)
    (tmp_path / "link").symlink_to(tmp_path / "large")
    with pytest.raises(OSError, match="symbolic link"):
        files.read_regular(tmp_path / "link", 100)
