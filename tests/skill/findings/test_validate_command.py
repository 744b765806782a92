"""validate.py over one and many skills: choosing codes, and what is printed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from backend_performance.skill.findings import checking
from backend_performance.skill.findings.codes import Choice, explained

from tests.skill.findings.small_skills import codes, run, skill

ROOT = Path(__file__).parents[3]
MISSING = "link-target-missing"
BROKEN = "See [a](a.md) and [b](b.md).\n"


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


@pytest.mark.slow
def test_json_is_complete_on_a_slow_pipe(tmp_path):
    folder = skill(tmp_path / "demo", "".join(f"[a](a{n}.md)\n\n" for n in range(2000)))
    script = [sys.executable, str(ROOT / "scripts" / "validate.py"), str(folder)]
    ran = subprocess.run(
        ["sh", "-c", '"$@" --select "link-*" --format json | (sleep 1; cat)', "sh", *script],
        capture_output=True,
        text=True,
    )
    assert len(json.loads(ran.stdout)["diagnostics"]) == 2000 and ran.stderr == ""


@pytest.mark.slow
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
    ("written", "code", "said"),
    [
        ("references/guied.md", MISSING, "did you mean `references/guide.md`?"),
        ("references/long-guide.md", MISSING, "did you mean `references/guide.md`?"),
        ("docs/more/deep.md", MISSING, "did you mean `references/deep.md`?"),  # its name, once
        ("docs/guide.md", MISSING, "add the file or"),  # the page names the other one, too
        ("references/guide.png", MISSING, "add the file or correct the path"),
        ("references/deep-water-rescue-map.md", MISSING, "add the file or correct the path"),
        ("references/shared.md", MISSING, "it is at `../../references/shared.md`, outside the"),
        ("../references/shared.md", "link-outside-skill", "at `../../references/shared.md`, seen"),
        ("../references/nowhere.md", "link-outside-skill", "remove the link or correct the path"),
        ("references/nowhere.md", MISSING, "add the file or correct the path"),
        ("references/parts.md", MISSING, "the skill `shop-parts` has it: name that skill"),
        ("references/tools.md", MISSING, "add the file or correct the path"),  # of a stranger
    ],
)
def test_a_missing_file_comes_with_the_one_meant(capsys, tmp_path, written, code, said):
    for name, page in [("shop-parts", "parts"), ("other", "tools")]:
        skill(tmp_path / "plugin" / "skills" / name, **{f"references__{page}": "# Page\n"})
    shared = tmp_path / "plugin" / "references" / "shared.md"
    shared.parent.mkdir(parents=True)
    shared.write_text("# Shared\n")
    body = f"See [it]({written}), [the guide](references/guide.md) or `shop-parts`.\n"
    pages = {"references__guide": "# Guide\n\n[On](deep.md)\n", "references__deep": "# Deep\n"}
    folder = skill(tmp_path / "plugin" / "skills" / "demo", body, **pages)
    _, out, _ = run(capsys, folder, "--select", "link-*", "--format", "json")
    (found,) = json.loads(out)["diagnostics"]
    assert found["code"] == code and said in found["hint"]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("## 2.5. Setup", "did you mean `#25-setup`?"),
        ("## 3 – Setup", "did you mean `#3--setup`?"),
        ("## 🚀 Setup", "did you mean `#-setup`?"),
        ("## Other", "the heading is now in `references/guide.md#setup`"),
    ],
)
def test_a_heading_of_the_page_itself_comes_before_one_of_another(capsys, tmp_path, heading, said):
    body = f"[guide](references/guide.md) [setup](#setup)\n\n{heading}\n"
    folder = skill(tmp_path / "demo", body, references__guide="# Guide\n\n## Setup\n")
    _, out, _ = run(capsys, folder, "--format", "json")
    (found,) = json.loads(out)["diagnostics"]
    assert (found["code"], found["hint"]) == ("link-anchor-missing", said)


def test_notes_are_counted_and_shown_to_who_asks(capsys, tmp_path):
    folder = skill(tmp_path / "demo", "# One\n\n### Three\n")
    code, out, _ = run(capsys, folder)
    assert code == 0 and "[heading-level-skipped]" not in out and "1 note (--notes" in out
    assert "[heading-level-skipped]" in run(capsys, folder, "--notes")[1]
    assert "[heading-level-skipped]" in run(capsys, folder, "--select", "heading-*")[1]
    assert run(capsys, folder, "--format", "github")[1] == ""
    assert "heading-level-skipped" in run(capsys, folder, "--format", "json")[1]
