"""Sessions are laid out so that one arm has the skill, and graded so that nobody sees which."""

from __future__ import annotations

import json
import shutil

import pytest

from harness.evals import layout, sheets, summary, tasks
from harness.evals.__main__ import main

TASKS = tasks.load()


def test_tasks_are_numbered_and_have_what_they_speak_of():
    assert [task.id for task in TASKS] == list(range(1, len(TASKS) + 1))
    assert [f for task in TASKS for f in task.files if not (tasks.ROOT / f).is_file()] == []
    assert [task.id for task in TASKS if len(set(task.assertions)) < 5] == []


@pytest.fixture(scope="module")
def all_laid(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evals") / "laid"
    assert main(["lay", str(folder), "--runs", "2", "--tasks", "1", "4"]) == 0
    return folder


@pytest.fixture
def laid(all_laid, tmp_path):
    """The same folder without the copies of the skill, for a test that answers and grades."""
    return shutil.copytree(
        all_laid, tmp_path / "laid", ignore=shutil.ignore_patterns(layout.HIDDEN)
    )


def by_arm(folder, arm):
    return [each for each in tasks.read_key(folder) if each.arm == arm]


def test_each_task_has_as_many_sessions_in_both_arms(laid):
    made = tasks.read_key(laid)
    assert len(made) == 8 and len({each.code for each in made}) == 8
    assert (laid / "order.txt").read_text().split() == [each.code for each in made]


def test_only_one_arm_finds_the_skill_and_its_description(all_laid):
    description = layout.description()
    for arm in tasks.ARMS:
        for session in by_arm(all_laid, arm):
            prompt = (all_laid / "prompts" / f"{session.code}.md").read_text()
            place = all_laid / "sessions" / session.code
            found = place / layout.HIDDEN / "backend-performance" / "SKILL.md"
            has = arm == "with_skill"
            assert (found.is_file(), description in prompt) == (has, has)
            assert str(place) in prompt and arm not in prompt
            assert not (place / layout.HIDDEN / "backend-performance" / "evals").exists()


def test_both_arms_get_the_same_message_and_files(laid):
    [task] = tasks.load([1])
    for session in (each for each in tasks.read_key(laid) if each.task == 1):
        assert task.prompt in (laid / "prompts" / f"{session.code}.md").read_text()
        assert (laid / "sessions" / session.code / "orders_views.py").is_file()


TRACES = (
    "See references/concurrency.md#retries in the backend-performance skill.",
    "Run `uv run scripts/walk.py start --code .` or probe.py explain plan.json",
    "As SKILL.md says, use a lease.",
)


@pytest.mark.parametrize("text", TRACES)
def test_an_answer_shows_no_trace_of_the_skill(text):
    shown = sheets.without_traces(text)
    for word in ("backend-performance", "SKILL", "skill", "references/", "walk.py", "probe.py"):
        assert word not in shown


def answer(folder, text="Use a lease."):
    for each in tasks.read_key(folder):
        (folder / "sessions" / each.code / "answer.md").write_text(text)


def test_a_sheet_has_every_answer_and_no_arm(laid, capsys):
    answer(laid)
    assert main(["sheets", str(laid), "--tasks", "1", "4"]) == 0
    text = (laid / "grading" / "01.md").read_text()
    assert [f"## Answer {letter}" in text for letter in "ABCDE"] == [True] * 4 + [False]
    assert "with_skill" not in text and not any(s.code in text for s in tasks.read_key(laid))
    assert all(assertion in text for assertion in tasks.load([1])[0].assertions)
    assert "orders_views.py" in text and "def list_orders" in text


def test_a_task_without_all_its_answers_has_no_sheet(laid, capsys):
    first = tasks.read_key(laid)[0]
    (laid / "sessions" / first.code / "answer.md").write_text("x")
    assert main(["sheets", str(laid)]) == 2
    assert "answer.md" in capsys.readouterr().err


def graded(folder, passes):
    """Write grades for task 4: all of an arm's answers pass the assertions named for it."""
    [task] = tasks.load([4])
    decided = {
        session.letter: [
            {"assertion": n, "pass": n in passes[session.arm], "evidence": ""}
            for n in range(1, len(task.assertions) + 1)
        ]
        for session in tasks.read_key(folder)
        if session.task == 4
    }
    (folder / "grading").mkdir(exist_ok=True)
    (folder / "grading" / "04.json").write_text(json.dumps(decided))


def test_the_summary_says_which_assertions_tell(laid):
    graded(laid, {"with_skill": {1, 2, 3}, "without_skill": {1, 4}})
    for session in by_arm(laid, "with_skill"):
        usage = {"tokens": 9000, "seconds": 60}
        (laid / "sessions" / session.code / "usage.json").write_text(json.dumps(usage))
    text = summary.render(laid, tasks.load([4]), tasks.read_key(laid))
    assert "| Pass rate | 60 % ± 0 (n = 2) | 40 % ± 0 (n = 2) |" in text
    assert "| Tokens | 9,000 ± 0 (n = 2) | – |" in text
    tells = [
        line.rsplit("|", 2)[1].strip() for line in text.splitlines() if line.startswith("| 4 ")
    ]
    assert tells == ["no: both", "yes", "yes", "reversed", "no: neither"]


def test_a_grade_that_is_not_complete_is_refused(laid, capsys):
    graded(laid, {"with_skill": set(), "without_skill": set()})
    file = laid / "grading" / "04.json"
    decided = json.loads(file.read_text())
    decided["A"].pop()
    file.write_text(json.dumps(decided))
    assert main(["summary", str(laid), "--tasks", "4"]) == 2
    assert "answer A" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["lay", "{}", "--tasks", "99"], ["sheets", "{}"], ["lay", "{}"]])
def test_a_call_that_cannot_work_says_why(tmp_path, capsys, argv):
    (tmp_path / "kept").write_text("x")
    assert main([part.format(tmp_path) for part in argv]) == 2
    assert capsys.readouterr().err.startswith("error: ")
