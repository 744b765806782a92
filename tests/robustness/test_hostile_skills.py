"""Small skills that were made to cost much, to be read outside, or to be written badly."""

import json
import os
import time

import pytest
from backend_performance.commands import checklists, crosslink, validate
from backend_performance.refusal import Refusal
from backend_performance.skill import folder_scan
from backend_performance.skill.findings import checking, codes, repair
from backend_performance.walk.store import store

HEAD = (
    "---\nname: demo\ndescription: Shows one thing. Use it when asked.\n"
    "metadata:\n  figures: sourced\n---\n# Demo\n\n"
)
#: Each of these took more than twenty seconds, or never came to an end.
COSTLY = {
    "runs of backticks of every length": "".join("`" * n + " " for n in range(1, 290)),
    "figures without a unit": "1," * 22_000,
    "links that never end": "](" * 22_000,
    "a link of spaces": "](" + " " * 44_000,
}
CPU_SECONDS = 5


@pytest.fixture
def demo(tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "SKILL.md").write_text(HEAD + "Text.\n")
    return folder


@pytest.mark.parametrize(
    "target", ["../" * 3000 + "a.md", f"../{'a' * 300}.md", f"{'a' * 300}.md", f"/{'a/' * 3000}b"]
)
@pytest.mark.parametrize("link", ["[a]({})", "Read `{}`.", "Read `${{CLAUDE_PLUGIN_ROOT}}/{}`."])
def test_a_path_that_no_system_can_have_is_missing(tmp_path, capsys, target, link):
    inner = tmp_path / "outer" / ".claude" / "skills" / "demo"
    inner.mkdir(parents=True)
    (tmp_path / "outer" / "SKILL.md").write_text(HEAD)
    (tmp_path / "outer" / ".claude-plugin").mkdir()
    (tmp_path / "outer" / ".claude-plugin" / "plugin.json").write_text('{"name": "outer"}')
    (inner / "SKILL.md").write_text(HEAD + link.format(target) + "\n")
    assert validate.main([str(inner)]) in (0, 1)
    assert capsys.readouterr().err == ""


def cpu_seconds(folder):
    began = time.process_time()
    assert validate.main([str(folder)]) in (0, 1)
    return time.process_time() - began


@pytest.mark.parametrize("body", COSTLY.values(), ids=COSTLY)
def test_a_small_page_costs_little(body, demo, capsys):
    (demo / "SKILL.md").write_text(HEAD + body + "\n")
    assert cpu_seconds(demo) < CPU_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "x = 1\n"], ids=["empty", "short"])
def test_many_files_cost_little(text, demo, capsys):
    for number in range(3_000):
        (demo / f"f{number}.py").write_text(text)
    assert cpu_seconds(demo) < CPU_SECONDS


def test_an_entry_page_outside_the_skill_is_not_read(demo, tmp_path, capsys):
    secret = tmp_path / "secret.env"
    secret.write_text("PASSWORD=hunter2secret\n")
    (demo / "SKILL.md").unlink()
    (demo / "SKILL.md").symlink_to(secret)
    assert validate.main([str(demo)]) == 2
    assert crosslink.main([str(demo), "--write"]) == 2
    out, err = capsys.readouterr()
    assert "leads out of the skill" in err and "hunter2" not in out + err
    assert secret.read_text() == "PASSWORD=hunter2secret\n"


def test_a_file_with_a_second_name_outside_keeps_what_it_is_there(demo, tmp_path, capsys):
    """A repair replaces the name in the skill; what else has the file is not touched."""
    outside = tmp_path / "outside.py"
    outside.write_text("#!/usr/bin/env python3\nprint(1)\n")
    outside.chmod(0o600)
    (demo / "scripts").mkdir()
    os.link(outside, demo / "scripts" / "a.py")
    (demo / "SKILL.md").write_text(HEAD + "Run it:\n\n```sh\n./scripts/a.py\n```\n")
    validate.main([str(demo), "--fix"])
    assert os.access(demo / "scripts" / "a.py", os.X_OK) and outside.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.open not in os.supports_dir_fd, reason="needs folders that are opened")
def test_a_folder_that_becomes_a_link_meanwhile_is_not_written_through(demo, tmp_path, monkeypatch):
    """Another user of a shared folder swaps it between the check and the write."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "guide.md").write_text("precious")
    (demo / "references").mkdir()
    (demo / "references" / "guide.md").write_text("# Guide\n\n[a](Other.md)\n")
    (demo / "references" / "other.md").write_text("# Other\n")
    (demo / "SKILL.md").write_text(HEAD + "[g](references/guide.md)\n")
    made = repair.repairs([checking.check(demo, codes.choose([], []))])
    assert [each.file for each in made] == ["references/guide.md"]
    (demo / "references").rename(demo / "before")
    (demo / "references").symlink_to(home)
    with pytest.raises(OSError):
        made[0].write()
    assert (home / "guide.md").read_text() == "precious"
    assert [each.name for each in home.iterdir()] == ["guide.md"]


@pytest.mark.parametrize("arguments", [["--format", "sarif"], ["--write-baseline", "b.json"]])
def test_a_name_that_is_not_utf_8_is_written_all_the_same(arguments, demo, monkeypatch, capsys):
    monkeypatch.chdir(demo.parent)
    with open(os.fsencode(demo) + b"/caf\xe9.md", "wb") as page:
        page.write(b"# Page\n\n[a](gone.md)\n")
    assert validate.main([str(demo), *arguments]) in (0, 1)
    if arguments[0] == "--write-baseline":
        assert validate.main([str(demo), "--baseline", "b.json"]) == 0


WITH_CONTENTS = (
    b"# Guide\n\n<!-- generated:toc -->\n<!-- /generated:toc -->\n\n## One\n\nText.\n\n## Two\n\n"
)


@pytest.mark.parametrize(
    "rest", [b"caf\xe9\n", b"Text.\n" * 2_500_000], ids=["not UTF-8", "too large"]
)
def test_a_page_that_was_read_in_part_is_never_written(rest, demo, capsys):
    (demo / "references").mkdir()
    page = demo / "references" / "guide.md"
    page.write_bytes(WITH_CONTENTS + rest)
    before = page.read_bytes()
    assert crosslink.main([str(demo), "--write"]) == 2
    assert "it is left unchanged" in (said := capsys.readouterr().err) or "larger than" in said
    assert page.read_bytes() == before
    page.write_bytes(WITH_CONTENTS)
    assert crosslink.main([str(demo), "--write"]) == 0
    assert b"](#one)" in page.read_bytes(), "the same page would have been written"


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_regular_file_keeps_nobody_waiting(make, demo, tmp_path, capsys):
    make(tmp_path / "odd")
    assert validate.main([str(demo), "--baseline", str(tmp_path / "odd")]) == 2
    (demo / "SKILL.md").unlink()
    make(demo / "SKILL.md")
    assert validate.main([str(demo)]) == 2
    with pytest.raises(Refusal, match="no readable SKILL"):
        store.digest_of(demo)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_page_that_became_a_pipe_since_it_was_listed_is_not_waited_for(make, demo):
    make(demo / "odd.md")
    with pytest.raises(OSError, match="not a regular file"):
        folder_scan.beginning(demo, "odd.md", 100)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
@pytest.mark.parametrize(
    "name", [".claude-plugin/marketplace.json", "skills/flat.md", ".gitignore"]
)
def test_what_lies_around_a_skill_keeps_nobody_waiting(name, make, tmp_path, capsys):
    skill = tmp_path / "skills" / "demo"
    skill.mkdir(parents=True)
    (skill / "SKILL.md").write_text(HEAD + "Read `references/gone.md`.\n")
    (tmp_path / ".claude-plugin").mkdir()
    make(tmp_path / name)
    assert validate.main([str(tmp_path)]) in (0, 1)


def test_the_name_of_a_folder_begins_no_line_of_its_own(tmp_path, capsys):
    """A runner of CI takes a line that begins with ``::`` for a command."""
    folder = tmp_path / "a\n::stop-commands::x"
    folder.mkdir()
    (folder / "b\n::error::y.md").write_text("# B\n\n- [ ] **Do it.** Why.\n")
    (folder / "SKILL.md").write_text(HEAD + "[b](<b\n::error::y.md>) [gone](gone.md)\n")
    for main, *more in ((crosslink.main,), (crosslink.main, "--check"), (checklists.main,)):
        assert main([str(folder), *more]) in (0, 1)
    for form in ("text", "github"):
        validate.main([str(folder), "--format", form])
        out = capsys.readouterr().out
        assert "\n::stop-commands" not in out and "\n::error::y" not in out


def test_a_baseline_never_takes_the_place_of_a_pipe_or_a_device(demo, tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe")
    assert validate.main([str(demo), "--write-baseline", str(tmp_path / "pipe")]) == 2
    assert "not a regular file" in capsys.readouterr().err and (tmp_path / "pipe").is_fifo()


def test_where_a_rule_stops_searching_nothing_passes(demo, capsys):
    """What thousands of warnings might hide is not known."""
    for number in range(2_100):
        (demo / f"{number}.md").symlink_to(f"/nowhere/{number}")
    assert validate.main([str(demo), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {"error"} == {f["severity"] for f in found if f["code"] == "too-many-findings"}
