"""Findings as text, JSON, SARIF and annotations: places, spans, escapes."""

from __future__ import annotations

import json

import pytest
from backend_performance import schemas
from backend_performance.commands import validate
from backend_performance.skill.findings import as_text
from jsonschema import Draft202012Validator
from sarif_pydantic import Sarif

from tests.skill.findings.small_skills import FRONT, skill


def run(capsys, *arguments) -> str:
    validate.main([str(each) for each in arguments])
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "under"),
    [
        ("See [a](gone.md) here.", "gone.md"),
        ("中文字 [a](gone.md) here.", "gone.md"),
        ("\ttext\n\n- a\tb [a](gone.md)", "gone.md"),
        ("e\u0301 [a](gone.md)", "gone.md"),
        ("x" * 300 + " [a](gone.md) " + "y" * 300, "gone.md"),
    ],
    ids=["plain", "wide", "tab", "combining", "long"],
)
def test_the_carets_stand_below_the_span(capsys, tmp_path, line, under):
    folder = skill(tmp_path / "demo", f"{line}\n")
    out = run(capsys, folder, "--select", "link-target-missing").splitlines()
    shown, carets = next(
        (above, below) for above, below in zip(out, out[1:], strict=False) if "^" in below
    )
    before = as_text.columns(shown[: shown.index(under)])
    assert carets.index("^") == before and carets.count("^") == len(under)
    assert as_text.columns(shown) < 130


def test_what_a_terminal_would_obey_is_written_out(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "[a](gone.md) \x1b[2J \u202eabc \u200b\n")
    out = run(capsys, folder)
    assert not set("\x1b\u202e\u200b") & set(out)
    assert "\\u{1b}[2J" in out and "\\u{202e}" in out


def test_no_color_in_a_pipe(capsys, tmp_path):
    assert "\x1b" not in run(capsys, skill(tmp_path / "demo", "[a](gone.md)\n"))


def test_json_says_where_and_what(capsys, tmp_path, monkeypatch):
    folder = skill(tmp_path / "demo", "See [a](gone.md).\n")
    monkeypatch.chdir(tmp_path)
    data = json.loads(run(capsys, "demo", "--format", "json"))
    Draft202012Validator(schemas.load("diagnostics")).validate(data)
    [found] = data["diagnostics"]
    assert (found["path"], found["file"]) == ("demo/SKILL.md", "SKILL.md")
    assert (found["skill"], found["line"]) == ("demo", 8)
    assert folder.name == found["skill"]


HOSTILE = "See [a](gone%20:,.md) 100% \u202e\n"


def test_sarif_is_what_code_scanning_reads(capsys, tmp_path, monkeypatch):
    """The models of `sarif-pydantic` are made from the schema of the standard."""
    skill(
        tmp_path / "a b",
        HOSTILE + "[guide](references/Guide.md)\n",
        FRONT.replace("{name}", "ab"),
        references__guide="# Guide\n",
    )
    monkeypatch.chdir(tmp_path)
    data = json.loads(run(capsys, "a b", "--select", "link-*", "--format", "sarif"))
    Sarif.model_validate(data)
    [only] = data["runs"]
    rules = [rule["id"] for rule in only["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    for result in only["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "a%20b/SKILL.md"
        assert place["region"]["startLine"] >= 1 and place["region"]["startColumn"] >= 1
    [fixed] = [r for r in only["results"] if "fixes" in r]
    [change] = fixed["fixes"][0]["artifactChanges"][0]["replacements"]
    assert change["insertedContent"]["text"] == "references/guide.md"
    region = change["deletedRegion"]
    line = (tmp_path / "a b" / "SKILL.md").read_text().splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "references/Guide.md"


def test_a_page_writes_no_link_and_no_placeholder_into_a_message(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "[a](#[go](http://evil.example))\n\n[b](gone\u202e{0}.md)\n")
    data = json.loads(run(capsys, folder, "--select", "link-*", "--format", "sarif"))
    texts = " ".join(result["message"]["text"] for result in data["runs"][0]["results"])
    assert "evil.example" in texts
    assert "](" not in texts.replace("\\](", "")
    assert "\u202e" not in texts and "{0}" not in texts.replace("{{0}}", "")


def test_many_findings_of_one_kind_hide_no_other_kind(capsys, tmp_path):
    many = "".join(f"[x{n}](page.md#gone{n})\n" for n in range(2_000))
    folder = skill(tmp_path / "demo", f"{many}\n[e](missing.md)\n", page="# P\n")
    out = run(capsys, folder, "--select", "link-*")
    assert len(out) < 30_000
    assert "[link-target-missing]" in out and out.index("gone0`") < out.index("missing.md")
    assert "--all shows them" in out


def test_a_sarif_fingerprint_stays_when_lines_move(capsys, tmp_path):
    def prints(body):
        folder = skill(tmp_path / "demo", body)
        data = json.loads(run(capsys, folder, "--format", "sarif"))
        return [r["partialFingerprints"] for r in data["runs"][0]["results"]]

    assert prints("[a](gone.md)\n") == prints("Moved.\n\n[a](gone.md)\n")


def test_annotations_are_escaped(capsys, tmp_path, monkeypatch):
    skill(tmp_path / "a,b", "[a](100%25:.md)\n", FRONT.replace("{name}", "ab"))
    monkeypatch.chdir(tmp_path)
    out = run(capsys, "a,b", "--select", "link-target-missing", "--format", "github")
    [line] = out.splitlines()
    assert line.startswith("::error file=a%2Cb/SKILL.md,line=8,col=")
    assert "title=link-target-missing::" in line
    assert "100%25" in line, "a percent sign is written as %25"


def test_nothing_wrong_is_no_annotation(capsys, tmp_path):
    assert run(capsys, skill(tmp_path / "demo"), "--format", "github") == ""
