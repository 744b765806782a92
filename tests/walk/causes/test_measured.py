"""A gain is quoted only where a case measured the same fault."""

from dataclasses import replace

import pytest
from backend_performance.diagnosis import engines
from backend_performance.diagnosis.probes import catalog
from backend_performance.walk import causes
from backend_performance.walk.causes import measured
from backend_performance.walk.starting import gains

from tests.knowledge.tables import this_skill
from tests.walk.walk_examples import evidence, item, walk

GAINS = {
    f"examples/{name}.md": f"what {name} gained"
    for name in ("round-trips-to-redis", "offset-or-keyset", "foreign-key-without-an-index")
}


def gain(probe, verdict="fail", **row):
    advice = item()
    reading = evidence(verdict, [advice["id"]], probe=probe, rows=[{"verdict": verdict} | row])
    current = walk([advice], [reading])
    current = replace(current, steps=tuple(replace(s, gains=GAINS) for s in current.steps))
    (cause,) = causes.of(current)
    return cause.gain and cause.gain["case"]


@pytest.mark.parametrize(
    ("probe", "row", "case"),
    [
        ("postgres/unindexed-foreign-keys", {"cover": "none"}, "foreign-key-without-an-index"),
        ("postgres/unindexed-foreign-keys", {"cover": "partial_index"}, None),
        ("postgres/statement-smells", {"uses_offset": True}, "offset-or-keyset"),
        ("postgres/statement-smells", {"function_on_column": True}, None),
        ("code/cache-round-trips", {"file": "a.py"}, "round-trips-to-redis"),
        ("redis/blocking-commands", {"command": "monitor"}, None),
        ("redis/client-families", {"client_family": "worker", "monitors": 1}, None),
        ("postgres/idle-in-transaction", {"pid": 5, "role": "web"}, None),
        ("postgres/dead-rows", {"table_name": "public.carts"}, None),
    ],
)
def test_a_case_belongs_to_the_fault_that_it_measured(probe, row, case):
    assert gain(probe, **row) == (case and f"examples/{case}.md")


def test_every_case_and_every_probe_exists():
    known = {probe.id for engine in engines.all_engines() for probe in catalog.load(engine.name)}
    assert known >= measured.PROBES
    for name in measured.NAMES:
        assert gains.of_case(this_skill().skill.documents, f"examples/{name}.md"), name
