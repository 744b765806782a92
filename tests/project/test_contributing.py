"""The recipes of CONTRIBUTING, followed to the letter in a scratch copy of the repository."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness.publishing import archive
from harness.servers.engines import require_or_skip

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"(?ms)^## (Add a [^\n]+)\n(.*?)(?=^## |\Z)", TEXT))
SECTION, PROBE, SYSTEM, RULE, FIELD = RECIPES
#: What `make rules-page` runs, with the scratch copy's own library.
MAKE_RULES_PAGE = (
    "import sys; sys.path[:0] = ['scripts', '.']; "
    "from harness.publishing.rules_page import main; main()"
)
CASES = "tests/diagnosis/postgres/cases/tables.py"
PROBES_TEST = "tests/diagnosis/postgres/test_postgres_probes.py"


def fences(recipe):
    """Return the texts of a recipe's fenced blocks, in order, without their indent."""
    return [
        textwrap.dedent(text)
        for text in re.findall(r"(?ms)^ {3}```\w+\n(.*?)^ {3}```$", RECIPES[recipe])
    ]


@pytest.fixture
def scratch(tmp_path):
    """Return a copy of the repository under the skill's name, with what Python compiled of it."""
    copy = tmp_path / archive.NAME
    ignored = shutil.ignore_patterns(
        ".git",
        ".venv*",
        ".*_cache",
        ".hypothesis",
        ".backend-performance",
        "*.egg-info",
        "dist",
        "build",
    )
    shutil.copytree(ROOT, copy, ignore=ignored)
    return copy


def python(scratch, *arguments, **environment):
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | environment
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=scratch,
        env=environment | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )


def succeed(scratch, *arguments):
    done = python(scratch, *arguments)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    return done.stdout


def succeed_in_tests(scratch, *files):
    """Run tests that need nothing; those that the recipe's text cannot break are left out."""
    without = (f"--ignore=tests/knowledge/{each}" for each in ("behaviour", "configuration"))
    quick = ("-m", "not server and not browser and not slow")
    return succeed(
        scratch, "-m", "pytest", "-q", "-p", "no:cacheprovider", *quick, *without, *files
    )


def inserted(path, before, text):
    """Put ``text`` before the one place where ``before`` stands."""
    content = path.read_text(encoding="utf-8")
    assert content.count(before) == 1, f"{before!r} in {path.name}"
    path.write_text(content.replace(before, text + before), encoding="utf-8")


def appended(path, text):
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + text, encoding="utf-8")


def test_each_recipe_has_at_most_six_steps():
    assert [recipe.split()[2] for recipe in RECIPES] == [
        "reference",
        "probe",
        "system",
        "rule",
        "field",
    ]
    for recipe, text in RECIPES.items():
        steps = re.findall(r"(?m)^(\d+)\. ", text)
        assert steps == [str(number) for number in range(1, len(steps) + 1)], recipe
        assert 3 <= len(steps) <= 6


def test_a_reference_section_with_an_item(scratch):
    section, item = fences(SECTION)
    page = scratch / "references/memory-management.md"
    inserted(page, "## Failure modes\n", section + "\n")
    inserted(page, "### Container memory checklist\n", item + "\n")
    succeed(scratch, "scripts/crosslink.py", "--write")
    assert "](#upload-buffers)" in page.read_text(encoding="utf-8").partition("/generated:toc")[0]
    succeed(scratch, "scripts/validate.py")
    shown = succeed(scratch, "scripts/checklists.py", "--id", "memory/memory-optimization")
    assert "Size upload buffers from the announced length" in shown
    (identifier,) = re.findall(r"`(memory/\S+-length)`", RECIPES[SECTION])
    table = scratch / "tests/knowledge/coverage.tsv"
    beside = " memory/memory-optimization/bound-caches-by-bytes-and-by-entries memory"
    inserted(table, beside, f" {identifier}")
    succeed_in_tests(scratch, "tests/knowledge")


def test_an_incomplete_item_is_told(scratch):
    """The recipe's step 4 would say so."""
    _, item = fences(SECTION)
    page = scratch / "references/memory-management.md"
    inserted(page, "### Container memory checklist\n", item.replace("Verify:", "Later:") + "\n")
    done = python(scratch, "scripts/validate.py")
    assert done.returncode == 1
    assert "verify" in done.stdout.lower() and "#upload-buffers" in done.stdout


def test_a_probe(scratch):
    require_or_skip("postgres")
    probe, link, cases = fences(PROBE)
    (path,) = re.findall(r"`(scripts/probes/\S+\.sql)`", RECIPES[PROBE])
    (scratch / path).write_text(probe, encoding="utf-8")
    page = scratch / "references/database-postgresql.md"
    before, title, after = page.read_text(encoding="utf-8").partition(
        "- [ ] **Measure bloat before rewriting a table.**"
    )
    after = after.replace("  - Check: ", f"  - Check: {link.strip()}; ", 1)
    page.write_text(before + title + after, encoding="utf-8")
    appended_cases = textwrap.indent(textwrap.dedent(cases), "    ")
    inserted(scratch / CASES, '    Case("row-policies", "judge", "planted"', appended_cases)
    succeed(scratch, "scripts/crosslink.py", "--write")
    succeed(scratch, "scripts/validate.py")
    succeed(scratch, "-c", MAKE_RULES_PAGE.replace("rules_page", "probes_page"))
    listed = succeed(scratch, "scripts/probe.py", "postgres", "--list")
    assert "postgres/missing-primary-keys" in listed
    run = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
    out = succeed(scratch, *run, PROBES_TEST, "-k", "missing-primary-keys or every_probe_has")
    assert "4 passed" in out
    succeed_in_tests(scratch, "tests/diagnosis/probes", "tests/knowledge")


def test_a_system(scratch):
    *texts, line, test = fences(SYSTEM)
    package, tests = re.findall(r"package `disk` [io][nf] `(\S+/)`", RECIPES[SYSTEM])
    engine, run = f"{package}disk/engine.py", f"{package}disk/run.py"
    cases = f"{tests}disk/test_disk_probes.py"
    (probe,) = re.findall(r"`(scripts/probes/disk/\S+)`", RECIPES[SYSTEM])
    (registry,) = re.findall(r"`(scripts/\S+/engines\.py)`", RECIPES[SYSTEM])
    for path, text in [*zip((engine, run, probe), texts, strict=True), (cases, test)]:
        (scratch / path).parent.mkdir(exist_ok=True)
        if path.endswith("py"):
            (scratch / path).with_name("__init__.py").touch()
        (scratch / path).write_text(text, encoding="utf-8")
    inserted(scratch / registry, ")\n\n\n@cache", textwrap.indent(line, "    "))
    pages = MAKE_RULES_PAGE.replace("rules_page", "probes_page")
    succeed(scratch, "-c", pages)
    assert "### disk/free-space" in (scratch / "docs/probes.md").read_text(encoding="utf-8")
    assert "disk/free-space" in succeed(scratch, "scripts/probe.py", "disk", "--list")
    asked = python(scratch, "scripts/probe.py", "disk", "--folder", ".", "--format", "json")
    assert asked.returncode in (0, 1) and '"probe": "disk/free-space"' in asked.stdout
    assert python(scratch, "scripts/probe.py", "disk").returncode == 2
    succeed(scratch, "scripts/walk.py", "start", "--disk", ".")
    report = python(scratch, "scripts/walk.py", "report", "--format", "json").stdout
    assert "disk/free-space" in report
    inserted(scratch / "docs/architecture.md", '"] --> run', " disk")
    succeed_in_tests(scratch, cases, "tests/project/test_architecture.py")
    succeed(scratch, "-m", "ruff", "check", engine, run, cases)
    succeed(scratch, "-m", "ruff", "format", "--check", engine, run, cases)
    succeed(scratch, "-m", "mypy", "--strict", engine, run)


def test_a_rule(scratch):
    rule, defect, lookalike = fences(RULE)
    (name,) = set(re.findall(r"`(\w+\.py)`", RECIPES[RULE]))
    (scratch / "scripts/backend_performance/skill/rules/pages" / name).write_text(rule, "utf-8")
    cases = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/skill/rules/test_defects.py")
    assert python(scratch, *cases).returncode == 1, "a rule without a planted defect"
    appended(scratch / "tests/skill/rules/defects/markdown.txt", defect)
    appended(scratch / "tests/skill/rules/lookalikes/markdown.txt", lookalike)
    succeed(scratch, *cases)
    succeed(scratch, "-c", MAKE_RULES_PAGE)
    assert "## heading-with-colon" in (scratch / "docs/rules.md").read_text(encoding="utf-8")
    folder = scratch.parent / "demo"
    folder.mkdir()
    folder.joinpath("SKILL.md").write_text(
        "---\nname: demo\ndescription: Shows one thing. Use it when asked.\n---\n# Demo:\n\nText.\n"
    )
    told = python(scratch, "scripts/validate.py", "--notes", str(folder)).stdout
    assert "SKILL.md:5:1: note: the heading ends in a colon [heading-with-colon]" in told


def test_a_field_of_items(scratch):
    line, described, used = fences(FIELD)
    model, schema, *_ = re.findall(r"`(scripts/\S+)`", RECIPES[FIELD])
    inserted(scratch / model, "    verify: str | None", textwrap.indent(line, "    "))
    inserted(scratch / schema, '        "verify": {', textwrap.indent(described, " " * 8))
    inserted(scratch / schema, '"verify",\n', '"rollback", ')
    (example,) = re.findall(r"`(\"rollback\": null,)`", RECIPES[FIELD])
    inserted(scratch / "docs/output.md", '"verify": "the trigger\'s time falls"', example)
    page = scratch / "references/memory-management.md"
    title = "- [ ] **Watch live heap after GC at equal load.**"
    before, title, after = page.read_text(encoding="utf-8").partition(title)
    after = after.replace("  - Verify:", textwrap.indent(used, "  ") + "  - Verify:", 1)
    page.write_text(before + title + after, encoding="utf-8")
    succeed(scratch, "scripts/validate.py")
    listed = succeed(scratch, "scripts/checklists.py", "--format", "json")
    validator = Draft202012Validator(json.loads((scratch / schema).read_text(encoding="utf-8")))
    validator.validate(json.loads(listed))
    walk = ("scripts/walk.py",)
    succeed(scratch, *walk, "start", "--area", "memory")
    name = "watch-live-heap-after-gc-at-equal-load"
    (identifier,) = set(re.findall(rf'"(memory/[^"]+/{name})"', listed))
    succeed(scratch, *walk, "record", identifier, "fail", "--note", "restarted twice")
    for form in ("md", "html", "json"):
        out = python(scratch, *walk, "report", "--format", form).stdout
        assert re.search("(?i)rollback.*restart with the old limit", out), form
    succeed_in_tests(scratch, "tests/walk/report", "tests/project/test_output_page.py")
