"""A probe decides only the item that it measured: verdicts that were wrong once."""

import pytest
from backend_performance.diagnosis.evidence.model import Verdict
from backend_performance.diagnosis.probes import catalog, judging

QUEUES = "caching/redis-and-valkey/keep-queues-sessions-and-locks-off-the-cache-instance"
POLICY = {"maxmemory": 2**26, "maxmemory_mb": 64, "used_mb": 1, "used_pct": 2}
UNCOMPRESSED = {
    "succeeded": True,
    "text": True,
    "identity_bytes": 90_000,
    "transferred_bytes": 90_000,
    "saving_pct": 0.0,
    "encoding": None,
}


def probe(system, name):
    (found,) = catalog.choose(catalog.load(system), [name])
    return found


@pytest.mark.parametrize(
    ("role", "expected"), [("store", "pass"), ("cache", "fail"), ("unknown", "judge")]
)
def test_noeviction_speaks_of_the_policy_and_not_of_the_queues(role, expected):
    """Queues need it, a cache fails at its limit; neither says whether both share an instance."""
    limit = probe("redis", "memory-limit")
    evidence = judging.judge(limit, [POLICY | {"instance_role": role, "policy": "noeviction"}])
    assert evidence.verdict == expected
    assert QUEUES not in evidence.decides and QUEUES in evidence.related


@pytest.mark.parametrize(("is_local", "expected"), [(True, Verdict.JUDGE), (False, Verdict.FAIL)])
def test_an_address_behind_a_proxy_does_not_fail_for_what_the_proxy_compresses(is_local, expected):
    found = judging.decide(probe("http", "compression"), UNCOMPRESSED | {"is_local": is_local})
    assert found.verdict == expected


@pytest.mark.parametrize(
    ("parents", "deletes", "expected"), [(6, 0, "pass"), (6, 3, "fail"), (90_000, 0, "judge")]
)
def test_a_key_to_a_tiny_parent_that_never_changes_needs_no_index(parents, deletes, expected):
    row = {"child_rows": 50_000, "cover": "none", "parent_rows": parents, "parent_deletes": deletes}
    found = judging.decide(probe("postgres", "unindexed-foreign-keys"), row)
    assert found.verdict == expected
