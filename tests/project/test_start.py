"""How the programs start and end where something is not as usual: Python, output, interruption."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from backend_performance import __version__
from backend_performance.commands import checklists, console, crosslink, probe, validate, walk

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
COMMANDS = {
    "validate": validate,
    "crosslink": crosslink,
    "checklists": checklists,
    "probe": probe,
    "walk": walk,
}
OLD = sorted(Path.home().glob(".pyenv/versions/*/bin/python")) or [Path("/usr/bin/python2")]


def old_pythons() -> list[Path]:
    found = []
    for python in OLD:
        version = python.parent.parent.name.split(".")
        if python.is_file() and [int(part) for part in version[:2]] < [3, 11]:
            found.append(python)
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_an_older_python_is_refused_in_one_line(script):
    found = old_pythons()
    if not found:
        pytest.skip("no Python older than 3.11 here")
    for python in found:
        done = subprocess.run([python, script], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (2, ""), python
        assert done.stderr.startswith("error: Python 3.11 or newer is needed"), done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_program_tells_its_version_and_its_own_name(name, capsys, monkeypatch):
    for called in (f"{name}.py", f"backend-performance-{name}"):
        monkeypatch.setattr(sys, "argv", [f"/some/where/{called}"])
        with pytest.raises(SystemExit) as leave:
            COMMANDS[name].main(["--version"])
        assert leave.value.code == 0
        assert capsys.readouterr().out == f"{called} {__version__}\n"
        with pytest.raises(SystemExit):
            COMMANDS[name].main(["--help"])
        out = capsys.readouterr().out
        assert f"usage: {called} " in out
        assert (f" {name}.py " in out) is called.endswith(".py")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_the_output_cannot_encode_is_escaped(encoding, form, tmp_path):
    """Also in JSON, which must still be JSON."""
    import json

    plan = tmp_path / "plan.json"
    plan.write_text('{"Plan": {"Node Type": "Seq Scan", "Relation Name": "ж𝒳é"}}', "utf-8")
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/probe.py", "explain", str(plan), "--format", form],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert b"Traceback" not in done.stderr and done.returncode in (0, 1), done.stderr
    if form == "json":
        json.loads(done.stdout.decode(encoding))


def test_escapes_are_json_for_every_character(capsys):
    text = "é ж 𝒳 \udcff"
    assert text.encode("ascii", "backend-performance-escape").decode() == (
        r"\u00e9 \u0436 \ud835\udcb3 \udcff"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\u001b]0;title\u0007"),
        ("a\u202eb", r"a\u202eb"),
        ("a\x9b2Jb", r"a\u009b2Jb"),
        ("tab\tand\nline é ж", "tab\tand\nline é ж"),
        ("carriage\rreturn", r"carriage\u000dreturn"),
    ],
)
def test_what_moves_a_cursor_is_shown_and_does_nothing(capsys, text, shown):
    console.write(text)
    console.fail(text)
    captured = capsys.readouterr()
    assert captured.out == shown + "\n"
    assert captured.err == f"error: {shown}\n"


def test_a_bug_says_that_it_is_one_and_exits_with_2(capsys):
    @console.command
    def broken(argv):
        return {}["no such key"]

    assert broken([]) == 2
    err = capsys.readouterr().err
    assert "KeyError" in err and "this is a bug" in err.splitlines()[-1]


def test_an_interrupt_ends_quietly(capsys):
    @console.command
    def interrupted(argv):
        raise KeyboardInterrupt

    assert interrupted([]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "argument",
    ["postgresql://u:hunter2@h/d", "--dsn=u:hunter2@h", "password=hunter2", "--token=hunter2"],
)
@pytest.mark.parametrize("name", COMMANDS)
def test_no_program_repeats_what_may_be_a_credential(capsys, name, argument, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = {"probe": ["postgres"], "walk": ["start"]}.get(name, ["here"])
    try:
        code = COMMANDS[name].main([*words, argument, "--no-such-option"])
    except SystemExit as leave:
        code = leave.code
    captured = capsys.readouterr()
    assert code == 2 and "hunter2" not in captured.out + captured.err


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_a_message():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, ROOT / "scripts/probe.py", "postgres", "--list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr and done.stderr.count("\n") == 1, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("arguments", ["postgres --list", "--help"])
def test_a_reader_that_has_gone_ends_it_quietly(arguments):
    script = ROOT / "scripts/probe.py"
    done = subprocess.run(
        f'"{sys.executable}" "{script}" {arguments} | true',
        shell=True,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    "arguments", [["validate"], ["walk", "record", "-"], ["probe", "explain", "-"]]
)
def test_a_closed_stream_is_no_bug(closed, arguments, tmp_path):
    """The next file that is opened would take its place, too."""
    command = f'"{sys.executable}" "{ROOT}/scripts/{arguments[0]}.py" {" ".join(arguments[1:])}'
    ran = subprocess.run(
        f"{command} {closed}", shell=True, cwd=tmp_path, capture_output=True, text=True, stdin=None
    )
    assert ran.returncode in (0, 2) and "Traceback" not in ran.stderr


@pytest.mark.slow
def test_the_processes_that_share_work_end_with_their_parent(tmp_path):
    for number in range(900):
        (tmp_path / f"m{number}.py").write_text("def f(x):\n    return [y for y in x]\n" * 40)
    command = [sys.executable, str(ROOT / "scripts" / "probe.py"), "code", str(tmp_path)]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    time.sleep(1.5)
    started.kill()
    # The pipe ends once every process that holds it has ended.
    started.communicate(timeout=15)


@pytest.mark.parametrize("piece", [":/", "(", "passw", "u:p"])
def test_a_message_of_any_length_is_masked_at_once(piece, capsys):
    began = time.process_time()
    console.fail(f"no such file: {piece * 100_000}hunter2secret@h")
    assert time.process_time() - began < 5
    said = capsys.readouterr().err
    assert len(said) < 11_000 and "hunter2secret" not in said


@pytest.mark.slow
@pytest.mark.parametrize(
    "given",
    [
        ["walk", "next", "--session", "mysql://u:hunter2secret@h/d"],
        ["walk", "record", "redis://:hunter2secret@h", "fail"],
        ["probe", "explain", "x?password=hunter2secret"],
        ["validate", "https://u:hunter2secret@h/skill"],
        ["probe", "sqllog", "postgresql://u:hunter2secret@h"],
        ["probe", "sqllog", "mysql://u:x/hunter2secret@h"],
        ["probe", "code", "redis://:hunter2secret@h"],
        ["probe", "config", "u:hunter2secret@h"],
    ],
)
def test_no_message_repeats_a_credential(given, tmp_path):
    ran = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{given[0]}.py"), *given[1:]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 2 and "hunter2secret" not in ran.stdout + ran.stderr
