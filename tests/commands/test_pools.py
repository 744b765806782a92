"""Several pools are one budget, and the configuration's budget reaches the servers."""

import pytest
from backend_performance.commands import options, walk_systems
from backend_performance.diagnosis import engines
from backend_performance.diagnosis.engine import Call
from backend_performance.refusal import Refusal
from backend_performance.walk.starting.systems import Answers, Asked

COMPOSE = """
services:
  web:
    image: app
    environment: {DB_POOL_SIZE: "20"}
    deploy: {replicas: 8}
  db:
    image: postgres:16
"""


@pytest.mark.parametrize(
    ("instances", "processes", "size", "pools", "total"),
    [
        (1, 1, None, [20, 5], 25),
        (4, 2, None, [20, 5], 200),
        (4, 2, 10, None, 80),
        (1, 1, 10, [5], 15),
    ],
)
def test_pools_are_added_and_multiplied(instances, processes, size, pools, total):
    given = {"instances": instances, "processes": processes, "pool_size": size, "pool": pools}
    assert options.pool_total(options.deployment(given)) == {"pool_total": total}


@pytest.mark.parametrize(
    "given", [{"instances": 3}, {"pool_size": 10}, {"pool": [10]}, {"processes": 2, "pool": [10]}]
)
def test_a_part_of_the_figures_is_refused(given):
    nothing = dict.fromkeys(("instances", "processes", "pool_size", "pool"))
    with pytest.raises(Refusal, match="--instances"):
        options.deployment(nothing | given)


def test_without_figures_there_is_no_total():
    nothing = dict.fromkeys(("instances", "processes", "pool_size", "pool"))
    assert options.pool_total(options.deployment(nothing)) == {}


def test_what_the_configuration_needs_is_the_budget_of_the_servers(tmp_path, monkeypatch):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    told = []
    original = walk_systems.ask_all

    def ask_all(systems):
        told.extend(each.call for each in systems if each.engine.name == "postgres")
        return original(s for s in systems if s.engine.name == "config") or Answers()

    monkeypatch.setattr(walk_systems, "ask_all", ask_all)
    config = Asked(engines.load("config"), Call(told={"folder": tmp_path}))
    server = Asked(engines.load("postgres"), Call(told={"dsn-env": "x"}))
    walk_systems._with_budget([config, server])
    assert [call.parameters for call in told] == [{"pool_total": 160}]
