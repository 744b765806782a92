"""--fix repairs exactly what needs no judgement, --diff shows it, and neither does more."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from backend_performance.commands import validate

from tests.skill.findings.small_skills import FRONT, skill

QUOTED = FRONT.replace("Shows one thing.", "Shows one thing: this.")


def run(capsys, *arguments) -> tuple[int, str, str]:
    code = validate.main([str(each) for each in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


GUIDE = {"references__guide": "# Guide\n\n## Setup\n\n## Café\n"}
REPAIRS = [
    pytest.param(
        "[g](references/Guide.md)\n", FRONT, "[g](references/guide.md)\n", id="letter case"
    ),
    pytest.param(
        "[g](references/Guide.md#setup)\n",
        FRONT,
        "[g](references/guide.md#setup)\n",
        id="letter case before an anchor",
    ),
    pytest.param(
        "[g](references/guide.md) [s](#setup)\n",
        FRONT,
        "[g](references/guide.md) [s](references/guide.md#setup)\n",
        id="a moved anchor",
    ),
    pytest.param(
        "[g](references/guide.md)\n", QUOTED, "[g](references/guide.md)\n", id="a value to quote"
    ),
]


@pytest.mark.parametrize(("body", "front", "repaired"), REPAIRS)
def test_a_repair_is_exact_and_leaves_nothing_to_repair(capsys, tmp_path, body, front, repaired):
    folder = skill(tmp_path / "demo", body, front, **GUIDE)
    assert run(capsys, folder)[0] == 1
    code, _, err = run(capsys, folder, "--fix")
    assert (code, "1 repair(s) made" in err) == (0, True), err
    text = (folder / "SKILL.md").read_text()
    assert text.endswith(repaired)
    again = snapshot(folder)
    assert run(capsys, folder, "--fix")[0] == 0
    assert snapshot(folder) == again, "a second run changes nothing"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("Text `references/Guide.md` and [g](references/guide.md).\n", id="code span"),
        pytest.param(
            "[g](references/guide.md)\n\n```sh\ncat references/Guide.md\n```\n", id="fence"
        ),
        pytest.param("[g]: References/guide.md\n\nSee [g].\n", id="definition on another line"),
        pytest.param("[g](references/guide.md) [s](#set-up)\n", id="anchor that only looks alike"),
        pytest.param("[g](references/guide.md) [x](gone.md)\n", id="missing file"),
        pytest.param(
            "[g](references/guide.md) [s](#setup)\n\n## 2.5. Setup\n",
            id="anchor of a heading that is numbered since",
        ),
        pytest.param(
            "[g](references/guide.md) [s](#setup)\n\n```\n## Setup\n```\n",
            id="anchor of a heading in a code block",
        ),
        pytest.param("[g](references/guide.md) [c](#caf%C3%A9)\n", id="percent-encoded anchor"),
    ],
)
def test_what_needs_judgement_or_is_code_is_left(capsys, tmp_path, body):
    folder = skill(tmp_path / "demo", body, **GUIDE)
    before = snapshot(folder)
    run(capsys, folder, "--fix")
    assert snapshot(folder) == before
    _, out, _ = run(capsys, folder, "--notes", "--format", "json")
    assert not [d for d in json.loads(out)["diagnostics"] if d["fixable"]]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_stay_and_the_byte_order_mark_goes(capsys, tmp_path, ends, mark):
    folder = skill(tmp_path / "demo", **GUIDE)
    page = folder / "SKILL.md"
    text = FRONT.format(name="demo") + "[g](references/Guide.md) ü\n"
    page.write_bytes(mark + text.replace("\n", ends).encode())
    page.chmod(0o640)
    run(capsys, folder, "--fix")
    wanted = text.replace("Guide.md", "guide.md").replace("\n", ends).encode()
    assert page.read_bytes() == wanted
    assert page.stat().st_mode & 0o777 == 0o640


def test_a_script_that_is_started_by_its_path_becomes_executable(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "```sh\nscripts/go.sh\n```\n")
    script = folder / "scripts" / "go.sh"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\necho\n")
    script.chmod(0o644)
    _, out, _ = run(capsys, folder, "--diff")
    assert "old mode 100644\nnew mode 100755\n" in out
    assert script.stat().st_mode & 0o777 == 0o644
    assert run(capsys, folder, "--fix")[0] == 0
    assert script.stat().st_mode & 0o777 == 0o755


def test_a_diff_writes_nothing_and_is_what_fix_does(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "One.\n\n[g](references/Guide.md)\n\nTwo.\n", **GUIDE)
    before = snapshot(folder)
    code, out, err = run(capsys, folder, "--diff")
    assert (code, "1 repair(s) in 1 file(s)" in err) == (1, True)
    assert snapshot(folder) == before
    assert "-[g](references/Guide.md)\n+[g](references/guide.md)\n" in out
    run(capsys, folder, "--fix")
    code, out, _ = run(capsys, folder, "--diff")
    assert (code, out) == (0, "")


def test_a_page_behind_a_link_out_of_the_skill_is_not_written(capsys, tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_text(FRONT.format(name="demo") + "[g](references/Guide.md)\n")
    folder = skill(tmp_path / "demo", **GUIDE)
    (folder / "SKILL.md").unlink()
    (folder / "SKILL.md").symlink_to(outside)
    before = outside.read_bytes()
    run(capsys, folder, "--fix")
    assert outside.read_bytes() == before


def test_only_chosen_codes_are_repaired(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "[g](references/Guide.md)\n", **GUIDE)
    before = snapshot(folder)
    run(capsys, folder, "--fix", "--ignore", "link-letter-case")
    assert snapshot(folder) == before


def test_nothing_is_left_behind_beside_the_page(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "[g](references/Guide.md)\n", **GUIDE)
    names = sorted(os.listdir(folder))
    run(capsys, folder, "--fix")
    assert sorted(os.listdir(folder)) == names


def test_what_can_be_repaired_is_said_in_json(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "[g](references/Guide.md) [x](gone.md)\n", **GUIDE)
    _, out, _ = run(capsys, folder, "--select", "link-*", "--format", "json")
    fixable = {d["code"]: d["fixable"] for d in json.loads(out)["diagnostics"]}
    assert fixable == {"link-letter-case": True, "link-target-missing": False}


def test_a_link_planted_under_a_temporary_name_is_not_written_through(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "Text.\n", QUOTED)
    victim = tmp_path / "victim"
    victim.write_text("mine\n")
    for name in (f".SKILL.md.{os.getpid()}", f".SKILL.md.{os.getpid()}.tmp", ".SKILL.md.tmp"):
        (folder / name).symlink_to(victim)
    run(capsys, folder, "--fix")
    assert '"Shows one thing: this.' in (folder / "SKILL.md").read_text()
    assert victim.read_text() == "mine\n"
