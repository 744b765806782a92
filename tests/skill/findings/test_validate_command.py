"""validate.py over one and many skills: choosing, excusing, adopting, and where skills lie."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from backend_performance.commands import validate
from backend_performance.skill.findings import checking, discovery
from backend_performance.skill.findings.codes import Choice, explained
from backend_performance.skill.package import SkillNotFoundError

from tests.skill.findings.small_skills import FRONT, skill

ROOT = Path(__file__).parents[3]
BROKEN = "See [a](a.md) and [b](b.md).\n"


def run(capsys, *arguments) -> tuple[int, str, str]:
    code = validate.main([str(each) for each in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def codes(capsys, *arguments) -> list[str]:
    _, out, _ = run(capsys, *arguments, "--format", "json")
    return [each["code"] for each in json.loads(out)["diagnostics"]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["link-target-missing", "link-target-missing", "page-orphaned"]),
        (["--select", "link-target-missing"], ["link-target-missing"] * 2),
        (["--select", "link-*"], ["link-target-missing"] * 2),
        (["--ignore", "link-target-missing"], ["page-orphaned"]),
        (["--select", "link-*,page-orphaned", "--ignore", "link-*"], ["page-orphaned"]),
        (["--select", "link-empty"], []),
    ],
)
def test_codes_are_chosen(capsys, tmp_path, options, expected):
    folder = skill(tmp_path / "demo", BROKEN, references__guide="# Guide\n")
    assert codes(capsys, folder, *options) == expected


def test_an_unknown_code_names_the_nearest(capsys, tmp_path):
    code, out, err = run(capsys, skill(tmp_path / "demo"), "--select", "link-target-mising")
    assert (code, out) == (2, "") and "did you mean 'link-target-missing'?" in err


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
    assert code == 0 and "2 finding(s) of the baseline are gone" in err


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


PLACES = [
    ".claude/skills/one",
    ".agents/skills/two",
    "skills/three",
    "plugins/x/skills/four",
    "deep/er/five",
    ".claude/skills/one/skills/nested",
    "skills/.experimental/six",
]
NO_PLACES = [
    "node_modules/pkg/skills/no",
    ".git/skills/no",
    ".cache/no",
    "venv/skills/no",
    "skills/.tool/lib/no",
    "tests/fixtures/skills/no",
]


def test_skills_are_found_where_clients_look(tmp_path):
    for place in (*PLACES, *NO_PLACES):
        skill(tmp_path / place)
    found = {path.relative_to(tmp_path).as_posix() for path in discovery.skills([tmp_path])}
    assert found == set(PLACES)


def test_a_skill_stands_for_itself_and_comes_once(tmp_path):
    one = skill(tmp_path / "one")
    skill(one / "skills" / "inside")
    assert discovery.skills([one, one / "SKILL.md", one]) == [one]


def test_links_to_folders_are_not_followed(tmp_path):
    skill(tmp_path / "skills" / "one")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert len(discovery.skills([tmp_path])) == 1


def test_an_entry_page_that_links_to_a_skill_below_stands_for_that_one(tmp_path):
    one = skill(tmp_path / "skills" / "one")
    copy = tmp_path / "templates" / "agent" / "skills" / "one"
    copy.mkdir(parents=True)
    (copy / "SKILL.md").symlink_to("../../../../skills/one/SKILL.md")
    assert discovery.skills([tmp_path]) == [one]


@pytest.mark.parametrize("make", ["nothing", "empty", "file", "fifo", "no skill below"])
def test_no_skill_found_is_loud(tmp_path, capsys, make):
    path = tmp_path / "place"
    if make == "empty":
        path.mkdir()
    elif make == "file":
        path.write_text("text")
    elif make == "fifo":
        os.mkfifo(path)
    elif make == "no skill below":
        (path / "a" / "b").mkdir(parents=True)
        (path / "a" / "README.md").write_text("# No\n")
    with pytest.raises(SkillNotFoundError):
        discovery.skills([path])
    code, out, err = run(capsys, path)
    assert (code, out) == (2, "") and str(path) in err


@pytest.mark.parametrize("kind", ["fifo", "folder", "broken link", "loop"])
def test_an_entry_page_that_is_no_file_is_no_hang_and_no_traceback(capsys, tmp_path, kind):
    folder = tmp_path / "odd"
    folder.mkdir()
    entry = folder / "SKILL.md"
    if kind == "fifo":
        os.mkfifo(entry)
    elif kind == "folder":
        entry.mkdir()
    else:
        entry.symlink_to("SKILL.md" if kind == "loop" else "gone.md")
    code, out, err = run(capsys, folder)
    assert (code, out) == (2, "") and "SKILL.md" in err


def test_one_unreadable_skill_among_others_is_a_finding(capsys, tmp_path):
    skill(tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "SKILL.md").symlink_to("gone.md")
    assert codes(capsys, tmp_path) == ["skill-unreadable"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("skills/a/demo", "skills/b/demo", ["warning"]),
        ("p/skills/demo", "q/skills/demo", ["note"]),
        ("skills/demo", "backup/skills/demo", []),
        ("skills/demo", "docs/ja-JP/skills/demo", []),
        (".claude/skills/demo", ".agents/skills/demo", []),
    ],
)
def test_skills_of_one_name_collide_where_one_client_loads_both(
    capsys, tmp_path, first, second, expected
):
    skill(tmp_path / first, "One.\n")
    skill(tmp_path / second, "Two.\n")
    for plugin in ("p", "q"):
        (tmp_path / plugin / ".claude-plugin").mkdir(parents=True)
    _, out, _ = run(capsys, tmp_path, "--select", "name-collision", "--format", "json")
    assert [d["severity"] for d in json.loads(out)["diagnostics"]] == expected


def test_many_skills_over_all_cores_give_what_one_after_the_other_gives(tmp_path):
    roots = [
        skill(tmp_path / f"demo-{n:03}", BROKEN if n % 7 == 0 else "Text.\n")
        for n in range(2 * checking.WORTH_A_PROCESS)
    ]
    assert checking.check_all(roots, Choice()) == [checking.check(r, Choice()) for r in roots]


def test_text_is_bounded_unless_all_is_wanted(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "".join(f"[a](a{n}.md)\n\n" for n in range(400)))
    _, short, _ = run(capsys, folder)
    _, whole, _ = run(capsys, folder, "--all")
    assert len(short) <= 25_000 and "more; --all shows them" in short
    assert whole.count("[link-target-missing]") == 400
    assert short.splitlines()[-1] == whole.splitlines()[-1], "the counts are those of all"


def test_json_is_complete_on_a_slow_pipe(tmp_path):
    folder = skill(tmp_path / "demo", "".join(f"[a](a{n}.md)\n\n" for n in range(2000)))
    script = [sys.executable, str(ROOT / "scripts" / "validate.py"), str(folder)]
    ran = subprocess.run(
        ["sh", "-c", '"$@" --select "link-*" --format json | (sleep 1; cat)', "sh", *script],
        capture_output=True,
        text=True,
    )
    assert len(json.loads(ran.stdout)["diagnostics"]) == 2000 and ran.stderr == ""


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    folder = skill(tmp_path / "demo", "".join(f"[a](a{n}.md)\n\n" for n in range(2000)))
    script = [sys.executable, str(ROOT / "scripts" / "validate.py"), str(folder), "--all"]
    ran = subprocess.run(
        ["sh", "-c", '"$@" | head -1', "sh", *script], capture_output=True, text=True
    )
    assert ran.stderr == "" and ran.stdout.count("\n") == 1


def test_nothing_but_the_needed_is_imported(tmp_path):
    folder = skill(tmp_path / "demo")
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r})\n"
        "from backend_performance.commands import validate\n"
        f"validate.main([{str(folder)!r}])\n"
        "heavy = {'jsonschema', 'multiprocessing', 'jinja2', 'psycopg', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stderr.strip() == "[]"


def test_every_code_is_explained():
    for code, why in explained().items():
        assert code == code.lower() and why.endswith("."), code
        assert len(why.split()) >= 6, code


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("references/guied.md", "did you mean `references/guide.md`?"),
        ("docs/more/deep.md", "did you mean `references/deep.md`?"),  # its name is there once
        ("references/shared.md", "it is at `../../references/shared.md`, outside the skill"),
        ("references/nowhere.md", "add the file or correct the path"),
    ],
)
def test_a_missing_file_comes_with_the_one_that_may_be_meant(capsys, tmp_path, written, said):
    shared = tmp_path / "plugin" / "references" / "shared.md"
    shared.parent.mkdir(parents=True)
    shared.write_text("# Shared\n")
    body = f"See [it]({written}), [guide](references/guide.md), [deep](references/deep.md).\n"
    pages = {"references__guide": "# Guide\n", "references__deep": "# Deep\n"}
    folder = skill(tmp_path / "plugin" / "skills" / "demo", body, **pages)
    _, out, _ = run(capsys, folder, "--format", "json")
    (found,) = json.loads(out)["diagnostics"]
    assert found["code"] == "link-target-missing" and said in found["hint"]
