"""What a skill's findings are where other skills are around it, or it is a part of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.skill.findings.small_skills import FRONT, codes, run, skill

PATH = "`{baseDir}/scripts/build.py`"
COMMAND = "```bash\npython $SKILL_DIR/scripts/build.py\n```"
MARKETPLACE = """{{
"name": "demo", "owner": {{"name": "me"}}, "plugins": [{{"name": "demo", "source": "{source}"}}]
}}"""
RULE = "# A rule\n\nEvery bed has an edge.\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (  # the other skill is named, and it has the file
            {
                "skills/app/SKILL.md": f"Use the skill `app-build`:\n\n{COMMAND}\n",
                "skills/app-build/SKILL.md": f"Run {PATH}.\n",
                "skills/app-build/scripts/build.py": "print(1)\n",
            },
            {("skills/app/SKILL.md", "path-target-missing", "note")},
        ),
        (  # it has not
            {
                "skills/app/SKILL.md": f"Use the skill `app-build`:\n\n{COMMAND}\n",
                "skills/app-build/SKILL.md": "Build it.\n",
            },
            {("skills/app/SKILL.md", "path-target-missing", "warning")},
        ),
        (  # a form for new skills
            {
                "skills/maker/SKILL.md": "Copy `templates/plugin/`.\n",
                "skills/maker/templates/plugin/skills/sample/SKILL.md": f"Run {PATH}.\n",
            },
            {
                ("skills/maker/SKILL.md", "skill-nested", "note"),
                (
                    "skills/maker/templates/plugin/skills/sample/SKILL.md",
                    "path-target-missing",
                    "note",
                ),
            },
        ),
        (  # pages called SKILL.md, which the outer skill sends to
            {
                "skills/check/SKILL.md": "Read `rules/r1/SKILL.md`.\n",
                "skills/check/rules/r1/SKILL.md": RULE,
            },
            {
                ("skills/check/SKILL.md", "skill-nested", "warning"),
                ("skills/check/rules/r1/SKILL.md", "frontmatter-absent", "note"),
            },
        ),
        (  # older versions of it
            {"skills/one/SKILL.md": "One.\n", "skills/one/archive/v0.1/SKILL.md": "One.\n"},
            {
                ("skills/one/SKILL.md", "skill-nested", "warning"),
                ("skills/one/archive/v0.1/SKILL.md", "frontmatter-name-format", "note"),
            },
        ),
        (  # a sample of a plugin in a plugin about plugins
            {
                "plugin-dev/.claude-plugin/plugin.json": '{"name": "plugin-dev"}',
                "plugin-dev/skills/shape/SKILL.md": (
                    '```bash\nsource "${CLAUDE_PLUGIN_ROOT}/lib/common.sh"\n```\n'
                ),
            },
            set(),
        ),
        (  # and in one about something else
            {
                "garden/.claude-plugin/plugin.json": '{"name": "garden"}',
                "garden/skills/shape/SKILL.md": (
                    '```bash\nbash "${CLAUDE_PLUGIN_ROOT}/lib/common.sh"\n```\n'
                ),
                "garden/skills/dig/SKILL.md": "Run `python $CLAUDE_PLUGIN_ROOT/scripts/dig.py`.\n",
            },
            {
                ("garden/skills/shape/SKILL.md", "path-target-missing", "warning"),
                ("garden/skills/dig/SKILL.md", "path-target-missing", "warning"),
            },
        ),
        (  # skills of a collection whose root is one, too
            {"lib/SKILL.md": "Pick one below skills.\n", "lib/skills/r1/SKILL.md": RULE},
            {
                ("lib/SKILL.md", "skill-nested", "warning"),
                ("lib/skills/r1/SKILL.md", "frontmatter-absent", "error"),
            },
        ),
        (  # the index of a folder of skills is no flat page
            {
                "skills/SKILL.md": "See [one](one/SKILL.md).\n",
                "skills/one/SKILL.md": "One.\n",
            },
            {("skills/SKILL.md", "skill-nested", "warning")},
        ),
    ],
)
def test_findings_among_other_skills(capsys, tmp_path, monkeypatch, files, expected) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("demo")
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        is_skill = path.name == "SKILL.md" and body != RULE
        path.write_text(FRONT.format(name=path.parent.name) + body if is_skill else body)
    _, out, _ = run(capsys, folder, "--format", "json")
    found = {
        (each["path"].removeprefix("demo/"), each["code"], each["severity"])
        for each in json.loads(out)["diagnostics"]
    }
    assert found == expected


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ('[bb]: https://example.org/ "A\n\n  title"\n', "line 12 defines nothing"),
        ("Text:\n[bb]: https://example.org/\n", "line 13 defines nothing"),
        ("", "add a line `[bb]: target`"),
    ],
)
def test_a_label_names_the_line_that_was_to_define_it(capsys, tmp_path, definition, said) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    body = f"See [the beds][bb], [soil][s].\n\n[s]: https://example.org/soil\n\n{definition}"
    (folder / "SKILL.md").write_text(FRONT.format(name="demo") + body)
    _, out, _ = run(capsys, folder, "--format", "json")
    (found,) = json.loads(out)["diagnostics"]
    assert found["code"] == "link-label-undefined"
    assert found["hint"].startswith(said)


@pytest.mark.parametrize(
    ("manifests", "expected"),
    [
        ({".claude-plugin/plugin.json": '{"name": "demo"}'}, ["plugin-hooks"]),
        ({".claude-plugin/marketplace.json": "./"}, ["plugin-hooks"]),
        ({".claude-plugin/marketplace.json": "./dist"}, ["marketplace-manifest"]),
        ({"gemini-extension.json": '{"name": "demo"}'}, []),
    ],
)
def test_hooks_are_those_of_a_plugin(capsys, tmp_path, manifests, expected) -> None:
    files = {"hooks/hooks.json": '{"hooks": {"BeforeTool": []}}'} | manifests
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if text.startswith("{") else MARKETPLACE.format(source=text))
    skill(tmp_path / "skills" / "demo")
    assert codes(capsys, tmp_path) == expected


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("See [tabs](/components/tabs/#api).", "link-absolute", "mean `references/Tabs.md#api`?"),
        ("See [tabs](/components/tabs#x).", "link-absolute", "did you mean `references/Tabs.md`?"),
        ("See [more](/components/card).", "link-absolute", "write a path relative to this page"),
        ("See [r1](#r1).\n\n## R1: imports", "link-anchor-missing", "did you mean `#r1-imports`?"),
        (
            "See [r](#6-review-for-work).\n\n## 6. Review when it matters",
            "link-anchor-missing",
            "did you mean `#6-review-when-it-matters`?",
        ),
        ("<a>\n```py\na\n\nb\n```\n", "fence-unclosed", "put an empty line above line 11"),
        ("```py\na\n", "fence-unclosed", "close it with a line of as many backticks"),
    ],
)
def test_a_hint_names_the_place(capsys, tmp_path, body, code, said) -> None:
    pages = {"references__Tabs": "# Tabs\n\n## API\n"}
    folder = skill(tmp_path / "demo", f"[Tabs](references/Tabs.md)\n\n{body}\n", **pages)
    _, out, _ = run(capsys, folder, "--select", code, "--format", "json")
    (found,) = json.loads(out)["diagnostics"]
    assert said in found["hint"]
