"""Ten questions per page that an engineer on call asks, each answered by a section of that page."""

from collections import Counter

import pytest

from tests.knowledge.tables import ROOT, missing_marks, rows, this_skill

QUESTIONS = rows("reader-questions.tsv", ROOT / "evals")
PER_PAGE = 10


def test_every_reference_is_asked_ten_questions_or_more():
    pages = {n for n in this_skill().skill.documents if n.startswith("references/")}
    asked = Counter(f"references/{each['page']}.md" for each in QUESTIONS)
    assert set(asked) == pages and min(asked.values()) >= PER_PAGE


def test_no_question_is_asked_twice():
    assert len({each["question"] for each in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("each", QUESTIONS, ids=lambda q: f"{q['page']}-{q['question']}")
def test_the_section_that_answers_has_the_marks_of_the_answer(each):
    section = f"references/{each['page']}.md#{each['anchor']}"
    assert missing_marks(section, each["marks"]) == []
