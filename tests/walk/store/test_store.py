"""The session file is whole or refused, whatever happened to it and to its writers."""

import json
import os
import random
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from backend_performance.refusal import Refusal
from backend_performance.walk import session_json
from backend_performance.walk.store import lock, store

from tests.walk.walk_examples import INSTALLED, decided, evidence, item, saved, walk, written

HERE = Path(__file__).parent
WRITER = """
import sys
sys.path[:0] = [{scripts!r}, {here!r}]
from pathlib import Path
from tests.walk.walk_examples import INSTALLED, decided
from backend_performance.walk.store import store
print("ready", flush=True)
for number in range({first}, {first} + {count}):
    note = str(number)
    store.update(Path(sys.argv[1]), INSTALLED, lambda s: decided(s, s.steps[0].id, note=note))
"""


def writer(path, first=0, count=10**9):
    code = WRITER.format(
        scripts=str(HERE.parents[2] / "scripts"),
        here=str(HERE.parents[2]),
        first=first,
        count=count,
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


def notes(path):
    return [decision.note for decision in store.load(path, INSTALLED).decisions]


def test_a_session_is_resumed_where_it_was_left(tmp_path):
    path = saved(tmp_path)
    store.update(path, INSTALLED, lambda current: decided(current, current.steps[0].id))
    assert notes(path) == ["seen"]


def test_only_the_owner_may_read_the_file_and_nothing_else_is_left_behind(tmp_path):
    path = saved(tmp_path)
    store.update(path, INSTALLED, lambda current: decided(current, current.steps[0].id))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == [".session.json.lock", "session.json"]


def test_the_default_folder_stays_out_of_the_audited_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store.create(store.DEFAULT_PATH, walk())
    assert Path(".backend-performance/.gitignore").read_text() == "*\n"


def test_an_existing_session_is_not_overwritten_and_force_keeps_it(tmp_path):
    path = saved(tmp_path, walk(evidence=[evidence()]))
    before = path.read_bytes()
    with pytest.raises(Refusal, match="--force"):
        store.create(path, walk([item("new")]))
    assert path.read_bytes() == before
    kept = store.create(path, walk([item("new")]), force=True)
    assert kept.read_bytes() == before
    assert store.load(path, INSTALLED).steps[0].title == "New"


def test_a_session_with_nothing_to_lose_is_replaced(tmp_path):
    path = saved(tmp_path)
    assert store.create(path, walk([item("new")])) is None
    assert store.load(path, INSTALLED).steps[0].title == "New"
    store.update(path, INSTALLED, lambda current: decided(current, current.steps[0].id))
    with pytest.raises(Refusal, match="--force"):
        store.create(path, walk())


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_a_readable_session(tmp_path):
    path = saved(tmp_path)
    chance = random.Random(7)
    seen = 0
    for _ in range(12):
        process = writer(path)
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.wait()
        process.stdout.close()
        count = len(notes(path))
        assert count >= seen
        seen = count
    assert seen > 0, "no writer got as far as writing"
    store.update(path, INSTALLED, lambda s: decided(s, s.steps[0].id, note="last"))
    assert notes(path)[-1] == "last"
    assert not list(tmp_path.glob(".*.tmp")), "temporary files of killed writers are swept up"


@pytest.mark.slow
def test_two_writers_at_once_lose_no_decision(tmp_path):
    path = saved(tmp_path)
    writers = [writer(path, first, 40) for first in (0, 100)]
    for process in writers:
        assert process.wait(60) == 0
        process.stdout.close()
    kept = [int(note) for note in notes(path)]
    assert sorted(kept) == [*range(40), *range(100, 140)]
    assert [n for n in kept if n < 100] == list(range(40)), "each writer's order is kept"


def test_a_lock_that_is_not_released_is_reported_with_its_holder(tmp_path):
    path = saved(tmp_path)
    holder = f"locked by process {os.getpid()}"
    with lock.exclusive(tmp_path / ".session.json.lock"), pytest.raises(Refusal, match=holder):
        store.update(path, INSTALLED, lambda current: current, wait_seconds=0.1)
    assert notes(path) == []


def test_the_lock_of_a_dead_process_does_not_count(tmp_path):
    path = saved(tmp_path)
    (tmp_path / ".session.json.lock").write_text("999999\n")
    store.update(path, INSTALLED, lambda current: decided(current, current.steps[0].id))
    assert notes(path) == ["seen"]


def content():
    return session_json.to_json(walk())


DAMAGED = {
    "empty": (b"", "damaged"),
    "cut short": (written(content())[:-40], "damaged"),
    "not text": (b"\xff\xfe\x00garbage", "damaged"),
    "one character changed": (written(content()).replace(b"index-for", b"index-fro"), "checksum"),
    "nested without end": (b"[" * 100_000, "damaged"),
    "checksum missing": (json.dumps(content()).encode(), "checksum"),
    "some other JSON": (b'{"name": "left-pad", "version": "1.0.0"}', "not a session file"),
    "a list": (b"[1, 2]", "not a session file"),
    "a later schema": (written(content() | {"schema": "session/9"}), "session/9"),
    "another skill": (
        written(content() | {"skill": {"name": "other", "version": "7", "digest": "sha256:1"}}),
        "started with other 7",
    ),
    "a field is missing": (
        written({k: v for k, v in content().items() if k != "decisions"}),
        "damaged",
    ),
    "an unknown field": (written(content() | {"evidence": [{"colour": 1}]}), "damaged"),
    "an unknown verdict": (
        written(content() | {"decisions": [{"item": "a", "verdict": "fine", "at": "x"}]}),
        "damaged",
    ),
    "items are no list": (written(content() | {"items": 7}), "damaged"),
}


@pytest.mark.parametrize(("data", "message"), DAMAGED.values(), ids=DAMAGED)
def test_what_cannot_be_trusted_is_refused_and_stays_as_it_is(tmp_path, data, message):
    path = tmp_path / "session.json"
    path.write_bytes(data)
    with pytest.raises(Refusal, match=message):
        store.load(path, INSTALLED)
    with pytest.raises(Refusal, match=message):
        store.update(path, INSTALLED, lambda current: current)
    assert path.read_bytes() == data


def test_a_symbolic_link_is_not_followed(tmp_path):
    target = saved(tmp_path)
    link = tmp_path / "link.json"
    link.symlink_to(target)
    before = target.read_bytes()
    for refused in (
        lambda: store.load(link, INSTALLED),
        lambda: store.create(link, walk(), force=True),
        lambda: store.create(link, walk()),
        lambda: store.update(link, INSTALLED, lambda current: current),
    ):
        with pytest.raises(Refusal):
            refused()
    assert link.is_symlink()
    assert target.read_bytes() == before


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["directory", "pipe"])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path, make):
    path = tmp_path / "session.json"
    make(path)
    with pytest.raises(Refusal, match="--session names"):
        store.load(path, INSTALLED)
    with pytest.raises(Refusal):
        store.create(path, walk(), force=True)


def test_a_missing_session_says_how_to_begin(tmp_path):
    for path in (tmp_path / "none.json", tmp_path / "no" / "such" / "folder.json"):
        with pytest.raises(Refusal, match=r"walk\.py start"):
            store.load(path, INSTALLED)
        with pytest.raises(Refusal, match=r"walk\.py start"):
            store.update(path, INSTALLED, lambda current: current)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refusal, match="cannot create"):
        store.create(tmp_path / "file" / "session.json", walk())


def test_text_that_is_no_valid_unicode_survives(tmp_path):
    path = saved(tmp_path)
    store.update(
        path,
        INSTALLED,
        lambda s: decided(s, s.steps[0].id, note="a\udcff\u2028b"),
    )
    assert notes(path) == ["a\udcff\u2028b"]
