"""What a code base of its kind mostly has, and this one does not show."""

import pytest

from tests.diagnosis.code.samples import reads

CALLS = "import requests\n" + "".join(
    f"def call_{n}(url):\n    return requests.get(url, timeout=3)\n" for n in range(3)
)
MODELS = "from django.db import models\n" + "".join(
    f"class Row{n}(models.Model):\n    rows = models.ManyToManyField('Other')\n" for n in range(3)
)


def shown(run, probe):
    return [lead.probe for lead in run.leads if lead.probe == probe]


@pytest.mark.parametrize("sign", ["", "from pybreaker import CircuitBreaker\n"])
def test_a_breaker_is_missed_only_where_other_systems_are_called(tmp_path, sign):
    run = reads(tmp_path, {"calls.py": sign + CALLS})
    expected = [] if sign else ["code/no-circuit-breaker"]
    assert shown(run, "code/no-circuit-breaker") == expected


@pytest.mark.parametrize(
    ("test", "missed"),
    [
        ("def test_list(django_assert_num_queries):\n    pass\n", True),
        ("def test_list(self):\n    with self.assertNumQueries(3):\n        pass\n", False),
    ],
)
def test_counting_statements_is_looked_for_in_the_tests(tmp_path, test, missed):
    test = test.replace("django_assert_num_queries", "client")
    run = reads(tmp_path, {"models.py": MODELS, "tests/test_list.py": test})
    assert bool(shown(run, "code/statements-not-counted")) is missed


def test_without_tests_nothing_is_said_about_them(tmp_path):
    run = reads(tmp_path, {"models.py": MODELS})
    assert shown(run, "code/statements-not-counted") == []


@pytest.mark.parametrize("unnamed", [None, ()])
def test_a_probe_that_waits_to_be_asked_gives_leads_only_when_named(tmp_path, unnamed):
    files = {"calls.py": CALLS}
    assert shown(reads(tmp_path, files), "code/no-circuit-breaker")
    run = reads(tmp_path, files, only=unnamed)
    assert not shown(run, "code/no-circuit-breaker")
    assert any(e.probe == "code/no-circuit-breaker" and e.rows for e in run.evidence)
