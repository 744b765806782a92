"""What lies around skills: manifests that clients refuse, pages without a folder, hooks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from backend_performance.commands import validate

from tests.skill.findings.small_skills import skill


def found(capsys, *arguments) -> list[tuple[str, str, str]]:
    validate.main([*map(str, arguments), "--format", "json"])
    diagnostics = json.loads(capsys.readouterr().out)["diagnostics"]
    return [(d["code"], d["severity"], Path(d["path"]).name) for d in diagnostics]


def manifest(folder: Path, name: str, data: object) -> None:
    path = folder / ".claude-plugin" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), "utf-8")


def test_a_page_right_below_the_folder_of_skills_is_not_loaded(capsys, tmp_path):
    skill(tmp_path / "skills" / "roses")
    (tmp_path / "skills" / "beds.md").write_text("---\nname: beds\ndescription: Digs.\n---\n")
    (tmp_path / "skills" / "README.md").write_text("# Skills\n")
    assert found(capsys, tmp_path) == [("skill-flat-file", "warning", "beds.md")]
    assert found(capsys, tmp_path / "skills" / "roses") == [], "the skill itself is well"


@pytest.mark.parametrize(
    ("name", "data", "count"),
    [
        ("plugin.json", {"name": "garden", "skills": "./skills"}, 0),
        ("plugin.json", {"name": "garden", "author": {"name": "A"}, "hooks": {}}, 0),
        ("plugin.json", {"name": "garden", "skills": ["./skills/roses"]}, 0),
        ("plugin.json", {"name": "garden", "skills": ["./skills/roses/SKILL.md"]}, 1),
        ("plugin.json", {"name": "Garden Tools"}, 1),
        ("plugin.json", {"name": "garden", "skills": [{"name": "roses"}]}, 1),
        ("plugin.json", {"name": "garden", "skills": "skills", "author": "me"}, 2),
        ("plugin.json", {"name": "garden", "commands": "./gone.md"}, 1),
        ("plugin.json", ["garden"], 1),
        ("plugin.json", {"name": "garden", "agents": "./agents"}, 1),
        ("plugin.json", {"name": "garden", "homepage": "garden.example"}, 1),
        ("plugin.json", {"name": "garden", "repository": {"url": "x"}}, 1),
        ("plugin.json", {"name": "garden", "hooks": {"Rain": []}}, 1),
        ("plugin.json", {"name": "garden", "hooks": "./hooks/gone.json"}, 1),
        ("plugin.json", {"name": "garden", "season": "spring"}, 0),
        ("marketplace.json", {"name": "m", "owner": {"name": "me"}, "plugins": []}, 0),
        (
            "marketplace.json",
            {"name": "m", "owner": {"name": "me"}, "plugins": [{"name": "g", "source": "./"}]},
            0,
        ),
        (
            "marketplace.json",
            {
                "name": "m",
                "owner": "me",
                "plugins": [{"name": "g", "source": ".", "skills": [{"name": "x"}]}],
            },
            3,
        ),
    ],
)
def test_a_manifest_that_claude_code_refuses_is_an_error(capsys, tmp_path, name, data, count):
    skill(tmp_path / "skills" / "roses")
    manifest(tmp_path, name, data)
    code = name.replace(".json", "-manifest")
    assert found(capsys, tmp_path) == [(code, "error", name)] * count


def test_a_script_that_a_hook_of_the_plugin_starts_is_no_orphan(capsys, tmp_path):
    folder = skill(tmp_path / "skills" / "roses")
    (folder / "scripts").mkdir()
    (folder / "scripts" / "log.cjs").write_text("log()\n")
    assert found(capsys, tmp_path) == [("script-orphaned", "note", "log.cjs")]
    manifest(tmp_path, "plugin.json", {"name": "garden"})
    (tmp_path / "hooks").mkdir()
    command = "node ${CLAUDE_PLUGIN_ROOT}/skills/roses/scripts/log.cjs"
    hooks = {"Stop": [{"hooks": [{"type": "command", "command": command}]}]}
    (tmp_path / "hooks" / "hooks.json").write_text(json.dumps({"hooks": hooks}))
    assert found(capsys, tmp_path) == []


def test_a_plugin_may_be_described_by_the_marketplace_alone(capsys, tmp_path):
    plugin = tmp_path / "plugins" / "garden"
    command = "python ${CLAUDE_PLUGIN_ROOT}/skills/tools/log.py"
    skill(plugin / "skills" / "roses", f"Run `{command}`.\n")
    plugins = [{"name": "garden", "source": "./plugins/garden"}]
    manifest(
        tmp_path, "marketplace.json", {"name": "m", "owner": {"name": "I"}, "plugins": plugins}
    )
    assert found(capsys, tmp_path) == [("path-target-missing", "warning", "SKILL.md")]
    (plugin / "skills" / "tools").mkdir()
    (plugin / "skills" / "tools" / "log.py").write_text("log()\n")
    assert found(capsys, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Read `skills/roses/references/care.md`.", []),
        ("Read your `references/care.md`.", [("page-orphaned", "warning", "care.md")]),
    ],
)
def test_a_page_that_an_agent_of_the_plugin_reads_is_no_orphan(capsys, tmp_path, text, expected):
    skill(tmp_path / "skills" / "roses", references__care="# Care\n")
    manifest(tmp_path, "plugin.json", {"name": "garden"})
    (tmp_path / "agents").mkdir()
    agent = f"---\nname: gardener\ndescription: Cares for roses.\n---\n{text}\n"
    (tmp_path / "agents" / "gardener.md").write_text(agent)
    assert found(capsys, tmp_path) == expected


def test_a_script_of_the_project_is_not_looked_at_as_if_it_were_the_skills(capsys, tmp_path):
    folder = skill(tmp_path / ".claude" / "skills" / "roses", "Run `scripts/sow.sh --all`.\n")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "sow.sh").write_text("#!/bin/sh\n")
    assert found(capsys, folder) == []


RAKE = {"type": "command", "command": "rake"}


@pytest.mark.parametrize(
    ("data", "count"),
    [
        ({"hooks": {"Stop": [{"hooks": [RAKE]}]}}, 0),
        ({"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [RAKE | {"timeout": 5}]}]}}, 0),
        ({"Stop": [{"hooks": [RAKE]}]}, 1),
        ({"hooks": {"Rain": [{"hooks": [RAKE]}]}}, 1),
        ({"hooks": {"Stop": [RAKE]}}, 1),
        ({"hooks": {"Stop": [{"matcher": 1, "hooks": [{"type": "command"}]}]}}, 2),
        ({"hooks": {"Stop": [{"hooks": [{"type": "magic"}, RAKE | {"timeout": "5"}]}]}}, 2),
    ],
)
def test_hooks_that_claude_code_refuses_are_errors(capsys, tmp_path, data, count):
    skill(tmp_path / "skills" / "roses")
    manifest(tmp_path, "plugin.json", {"name": "garden"})
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks" / "hooks.json").write_text(json.dumps(data))
    assert found(capsys, tmp_path) == [("plugin-hooks", "error", "hooks.json")] * count


def test_a_plugin_that_is_not_there_is_a_warning(capsys, tmp_path):
    skill(tmp_path / "skills" / "roses")
    plugins = [{"name": "g", "source": "./gone"}]
    manifest(
        tmp_path, "marketplace.json", {"name": "m", "owner": {"name": "I"}, "plugins": plugins}
    )
    assert found(capsys, tmp_path) == [("marketplace-manifest", "warning", "marketplace.json")]


FIELDS = """\
---
name: {name}
description: Grows roses. Use it when roses are planted.
argument-hint: {hint}
---

Text.
"""


@pytest.mark.parametrize(
    ("clients", "hint", "expected"),
    [
        ("", "bed", ["note"]),
        ("claude-code", "bed", []),
        ("claude-code,copilot", "bed", []),
        ("codex", "bed", ["note"]),
        ("upload", "bed", ["error"]),
        ("claude-code,upload", "bed", ["error"]),
        ("", "[bed]", ["warning"]),
        ("copilot", "[bed]", ["error"]),
    ],
)
def test_fields_are_judged_for_the_clients_that_are_named(
    capsys, tmp_path, clients, hint, expected
):
    folder = skill(tmp_path / "roses", front=FIELDS.replace("{hint}", hint))
    options = ["--client", clients] if clients else []
    assert [severity for _, severity, _ in found(capsys, folder, *options)] == expected


def test_a_client_that_is_not_known_is_refused_with_those_that_are(capsys, tmp_path):
    folder = skill(tmp_path / "roses")
    assert validate.main([str(folder), "--client", "nobody"]) == 2
    assert "claude-code" in capsys.readouterr().err
