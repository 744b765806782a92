"""``probe.py code``: leads as JSON, SARIF and annotations, a baseline, a branch."""

import json
import os
import shutil
import subprocess
from urllib.parse import unquote

import pytest
from backend_performance.commands.probe import main
from backend_performance.diagnosis.code.run import run_code

from tests.diagnosis.code.samples import reads

SLOW = "import requests\ndef f(xs):\n    for x in xs:\n        requests.get(x, timeout=1)\n"


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "a.py").write_text(SLOW)
    return tmp_path


def test_leads_are_json_in_order(shop, capsys):
    assert main(["code", str(shop), "--format", "leads"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "leads/1"
    assert found["lines"] == 5
    assert [(f["file"], f["line"], f["category"]) for f in found["findings"]] == [
        ("a.py", 4, "sequential-awaits")
    ]


WAITS = "import requests, subprocess\n@app.get('/a')\ndef f(x):\n    {}\n    {}\n"
LOOPS = "import requests\ndef f():\n    for x in {}:\n        requests.get(x, timeout=1)\n"
ORDERS = {
    "a rule that is more often worth a look": (
        {"a.py": WAITS.format("subprocess.check_output(['convert', x])", "requests.get(x)")},
        [("a.py", 5), ("a.py", 4)],
    ),
    "many elements": (
        {"a.py": LOOPS.format("find_roles()"), "b.py": LOOPS.format("find_messages()")},
        [("b.py", 4), ("a.py", 4)],
    ),
}


@pytest.mark.parametrize("case", ORDERS)
def test_what_is_most_often_worth_a_look_comes_first(case, tmp_path):
    files, order = ORDERS[case]
    found = reads(tmp_path, files, only=()).leads
    assert [(lead.file, lead.line) for lead in found] == order


def test_sarif_holds_place_and_fingerprint(shop, capsys):
    sarif_pydantic = pytest.importorskip("sarif_pydantic")
    assert main(["code", str(shop), "--format", "sarif"]) == 1
    text = capsys.readouterr().out
    sarif_pydantic.Sarif.model_validate_json(text)
    result = json.loads(text)["runs"][0]["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a.py"
    assert place["region"]["startLine"] == 4
    assert result["partialFingerprints"]["lead/v1"]


def test_annotations_escape_what_would_end_them(shop, capsys):
    (shop / "a,b:c.py").write_text(SLOW)
    (shop / "a.py").unlink()
    assert main(["code", str(shop), "--format", "github"]) == 1
    line = capsys.readouterr().out
    assert line.startswith("::warning file=a%2C")
    assert line.count("\n") == 1


@pytest.mark.parametrize("name", ["a b.py", "a%2fb.py", "[x](y).py", "a\n::error::x.py"])
def test_hosts_find_a_file_of_any_name(name, tmp_path, monkeypatch, capsys):
    (tmp_path / "100%").mkdir()
    (tmp_path / "100%" / name).write_text(SLOW)
    monkeypatch.chdir(tmp_path)
    assert main(["code", "100%", "--format", "sarif"]) == 1
    [result] = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == f"100%/{name}" and "[" not in uri
    assert main(["code", "100%", "--format", "github"]) == 1
    [line] = capsys.readouterr().out.splitlines()
    written = line.partition("file=")[2].partition(",")[0]
    assert unquote(written) == f"100%/{name}", "the runner takes one layer of %XX away"


def test_a_baseline_hides_what_was_there_even_when_lines_move(shop, tmp_path, capsys):
    known = str(tmp_path / "known.json")
    assert main(["code", str(shop), "--write-baseline", known]) == 0
    (shop / "a.py").write_text("# a line more\n" + SLOW)
    assert main(["code", str(shop), "--baseline", known, "--format", "github"]) == 0
    (shop / "b.py").write_text(SLOW)
    assert main(["code", str(shop), "--baseline", known, "--format", "github"]) == 1
    assert "file=b.py" in capsys.readouterr().out
    (tmp_path / "known.json").write_text("[]")
    assert main(["code", str(shop), "--baseline", known, "--format", "github"]) == 2


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_baseline_that_is_no_regular_file_keeps_nobody_waiting(make, shop, tmp_path):
    make(tmp_path / "odd")
    assert main(["code", str(shop), "--baseline", str(tmp_path / "odd")]) == 2


def test_a_branch_is_told_what_it_changed_and_what_that_does_to_callers(shop, capsys):
    def git(*words):
        subprocess.run(
            ["git", "-C", shop, "-c", "user.name=a", "-c", "user.email=a@b", *words],
            check=True,
            capture_output=True,
        )

    (shop / "calls.py").write_text(
        "import requests\nfrom loads import load\ndef g(xs):\n    for x in xs:\n        load(x)\n"
    )
    (shop / "loads.py").write_text("import requests\ndef load(x):\n    return x\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "before")
    assert main(["code", str(shop), "--changed", "HEAD", "--format", "leads"]) == 0
    (shop / "loads.py").write_text(
        "import requests\ndef load(x):\n    return requests.get(x, timeout=1)\n"
    )
    capsys.readouterr()
    assert main(["code", str(shop), "--changed", "HEAD", "--format", "leads"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["file"], f["line"]) for f in found] == [("calls.py", 5)], "a.py was there before"


#: What a repository can have git run: a filter of files, a monitor, a diff of its own.
RUNS = """
[core]
    fsmonitor = "touch {marker}; false"
    hooksPath = hooks
[diff]
    external = touch {marker}
[diff "own"]
    textconv = touch {marker}
[filter "own"]
    clean = touch {marker}
    required = true
"""


@pytest.mark.parametrize("where", ["the repository", "a submodule", "a folder that looks like one"])
def test_nothing_that_a_repository_configures_is_run(where, shop, tmp_path, capsys):
    def git(*words, root=shop):
        command = ["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@b", *words]
        subprocess.run(command, check=True, capture_output=True)

    marker, asked = tmp_path / "executed", shop
    (shop / ".gitattributes").write_text("* filter=own diff=own\n")
    configured = shop
    if where == "a submodule":
        configured = shop / "sub"
        configured.mkdir()
        (configured / "b.py").write_text(SLOW)
        git("init", "-q", root=configured)
        git("add", ".", root=configured)
        git("commit", "-qm", "before", root=configured)
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "before")
    config = configured / ".git" / "config"
    if where == "a folder that looks like one":
        asked = shop / "bare"
        shutil.copytree(shop / ".git", asked)
        (asked / "c.py").write_text(SLOW)
        config = asked / "config"
        config.write_text(
            config.read_text().replace("bare = false", "bare = false\n\tworktree = ..")
        )
    config.write_text(config.read_text() + RUNS.format(marker=marker))
    (shop / "a.py").write_text(SLOW + "# changed\n")
    main(["code", str(asked), "--changed", "HEAD", "--format", "leads"])
    assert not marker.exists(), "git ran what the repository says"


#: A repository that was cloned in part has git fetch what is missing, by a program that it names.
FETCHES = """
[core]
    repositoryFormatVersion = 1
    sshCommand = touch {marker};
[extensions]
    partialClone = origin
[protocol]
    allow = always
[remote "origin"]
    promisor = true
    url = {url}
    uploadpack = touch {marker};
"""


@pytest.mark.parametrize("url", [".", "ssh://nowhere/x", "ext::touch {marker}"])
def test_what_a_repository_lacks_is_not_fetched(url, shop, tmp_path, capsys):
    marker = tmp_path / "executed"
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "before"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", "-C", shop, *who, *words], check=True, capture_output=True)
    with (shop / ".git" / "config").open("a") as config:
        config.write(FETCHES.format(marker=marker, url=url.format(marker=marker)))
    for each in (shop / ".git" / "objects").iterdir():
        shutil.rmtree(each)
    assert main(["code", str(shop), "--changed", "HEAD"]) == 2
    assert not marker.exists(), "git ran what the repository says"


@pytest.mark.parametrize("revision", ["--", "--output=/tmp/x", "no-such-branch", "a b"])
def test_what_is_no_revision_is_refused(shop, revision, capsys):
    try:
        code = main(["code", str(shop), f"--changed={revision}"])
    except SystemExit as left:
        code = left.code
    assert code == 2
    assert "--changed" in capsys.readouterr().err


def test_evidence_keeps_the_leads_to_read_first_with_the_words_of_their_rules(tmp_path):
    for number in range(30):
        (tmp_path / f"a{number}.py").write_text("#!/usr/bin/env python\n" + SLOW + "f(1)\n")
    migrations = tmp_path / "app" / "migrations"
    migrations.mkdir(parents=True)
    for number in range(30):
        (migrations / f"{number}.py").write_text(SLOW)
    (tmp_path / "z.py").write_text(SLOW + "def g():\n    requests.get('x')\n")
    run = run_code(tmp_path)
    (loops,) = [one for one in run.evidence if one.probe == "code/remote-call-in-loop"]
    assert [row["lead"] for row in loops.rows] == sorted(row["lead"] for row in loops.rows)
    assert not any("migrations" in row["file"] for row in loops.rows)
    assert all(row["because"] and row["ask"] for row in loops.rows)
    assert run.server["leads"] > len(loops.rows)


def test_a_line_that_does_several_things_is_told_with_all_of_them(tmp_path, capsys):
    (tmp_path / "a.py").write_text(
        "from django.db import models\nclass Cart(models.Model):\n    name = models.TextField()\n"
        "def put(x):\n    cart = Cart.objects.get(pk=x)\n    cart.save()\n"
        "def f(xs):\n    for x in xs:\n        put(x)\n"
    )
    assert main(["code", str(tmp_path), "--format", "github"]) == 1
    [line] = [at for at in capsys.readouterr().out.splitlines() if "line=9," in at]
    assert "a query runs once" in line and "a write runs once" in line


def test_a_baseline_holds_while_lines_of_the_called_function_move(shop, capsys):
    (shop / "calls.py").write_text(
        "import requests\ndef ask(x):\n    return requests.get(x, timeout=1)\n"
    )
    (shop / "a.py").write_text(
        "from calls import ask\ndef f(xs):\n    for x in xs:\n        ask(x)\n"
    )
    known = str(shop / "known.json")
    assert main(["code", str(shop), "--write-baseline", known]) == 0
    for name in ("a.py", "calls.py"):
        (shop / name).write_text("\n\n" + (shop / name).read_text())
    assert main(["code", str(shop), "--baseline", known, "--format", "github"]) == 0
