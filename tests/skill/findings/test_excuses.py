"""Findings that are excused in the page, or known from a baseline."""

from __future__ import annotations

import json

import pytest

from tests.skill.findings.small_skills import FRONT, codes, run, skill

BROKEN = "See [a](a.md) and [b](b.md).\n"


EXCUSE = "<!-- validate: ignore {} -->"
BECAUSE = "link-target-missing because the build makes it"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(f"[a](a.md) {EXCUSE.format(BECAUSE)}\n", [], id="same line"),
        pytest.param(f"{EXCUSE.format(BECAUSE)}\n[a](a.md)\n", [], id="line before"),
        pytest.param(
            f"{EXCUSE.format(BECAUSE)}\n\n[a](a.md)\n",
            ["suppression-unused", "link-target-missing"],
            id="too far",
        ),
        pytest.param(
            f"[a](a.md)\n\ntext\n\n{EXCUSE.replace('ignore', 'ignore-page').format(BECAUSE)}\n",
            [],
            id="whole page",
        ),
        pytest.param(
            f"[a](a.md) {EXCUSE.format('link-target-missing')}\n",
            ["link-target-missing", "suppression-without-reason"],
            id="no reason",
        ),
        pytest.param(
            f"[a](a.md) {EXCUSE.format('link-missing because it is so')}\n",
            ["link-target-missing", "suppression-unknown-code"],
            id="unknown code",
        ),
        pytest.param(
            f"text {EXCUSE.format(BECAUSE)}\n", ["suppression-unused"], id="nothing to excuse"
        ),
        pytest.param(
            f"```\n{EXCUSE.format(BECAUSE)}\n```\n`{EXCUSE.format(BECAUSE)}`\n",
            [],
            id="shown as an example",
        ),
        pytest.param(
            f"[a](a.md) []() {EXCUSE.format('link-target-missing, link-empty because of both')}\n",
            [],
            id="two codes",
        ),
    ],
)
def test_findings_are_excused_with_a_reason(capsys, tmp_path, body, expected):
    assert codes(capsys, skill(tmp_path / "demo", body)) == expected


def test_an_excuse_in_the_frontmatter(capsys, tmp_path):
    front = FRONT.replace(
        "description",
        "# validate: ignore frontmatter-unknown-field because a client of ours reads it\n"
        "colour: red\ndescription",
    )
    bare = FRONT.replace("description", "colour: red\ndescription")
    assert "frontmatter-unknown-field" in codes(capsys, skill(tmp_path / "bare", front=bare))
    assert codes(capsys, skill(tmp_path / "demo", front=front)) == []


def test_excused_findings_are_counted(capsys, tmp_path):
    folder = skill(tmp_path / "demo", f"[a](a.md) {EXCUSE.format(BECAUSE)}\n")
    _, out, _ = run(capsys, folder)
    assert "0 errors" in out and "1 suppressed" in out


def test_an_excuse_of_a_code_not_looked_for_is_not_unused(capsys, tmp_path):
    folder = skill(tmp_path / "demo", f"[a](a.md) {EXCUSE.format(BECAUSE)}\n")
    assert codes(capsys, folder, "--ignore", "link-target-missing") == []


def test_a_baseline_hides_what_was_there_and_shows_what_is_new(capsys, tmp_path):
    folder, file = skill(tmp_path / "demo", BROKEN), tmp_path / "known.json"
    assert run(capsys, folder, "--write-baseline", file)[0] == 0
    code, out, _ = run(capsys, folder, "--baseline", file)
    assert code == 0 and "2 in the baseline" in out
    page = folder / "SKILL.md"
    page.write_text(page.read_text().replace("# Title", "# Title\n\nMoved down.\n\n[c](c.md)\n"))
    code, out, _ = run(capsys, folder, "--baseline", file, "--format", "json")
    [fresh] = json.loads(out)["diagnostics"]
    assert code == 1 and "c.md" in fresh["message"]


def test_a_baseline_counts_equal_lines(capsys, tmp_path):
    folder, file = skill(tmp_path / "demo", "[a](a.md)\n"), tmp_path / "known.json"
    run(capsys, folder, "--write-baseline", file)
    with open(folder / "SKILL.md", "a") as page:
        page.write("\n[a](a.md)\n")
    assert run(capsys, folder, "--baseline", file)[0] == 1


def test_what_is_gone_from_the_baseline_is_said(capsys, tmp_path):
    folder, file = skill(tmp_path / "demo", BROKEN), tmp_path / "known.json"
    run(capsys, folder, "--write-baseline", file)
    skill(tmp_path / "demo", "Repaired.\n")
    code, _, err = run(capsys, folder, "--baseline", file)
    assert code == 0 and err.startswith("2 finding(s) of the baseline")


def test_a_baseline_holds_from_any_folder(capsys, tmp_path, monkeypatch):
    folder, file = skill(tmp_path / "demo", BROKEN), tmp_path / "known.json"
    run(capsys, folder, "--write-baseline", file)
    monkeypatch.chdir(folder)
    assert run(capsys, ".", "--baseline", "../known.json")[0] == 0


@pytest.mark.parametrize(
    "content", [None, b"", b"[]", b'{"schema": "other/1"}', b"\xff", b"[" * 100_000]
)
def test_a_bad_baseline_is_exit_2(capsys, tmp_path, content):
    folder, file = skill(tmp_path / "demo"), tmp_path / "known.json"
    if content is not None:
        file.write_bytes(content)
    code, out, err = run(capsys, folder, "--baseline", file)
    assert (code, out) == (2, "") and str(file) in err
