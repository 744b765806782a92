"""Charts as data: places on a scale, bounds from rules, and nothing drawn where figures lack."""

import math

import pytest
from backend_performance.walk import join
from backend_performance.walk.report import charts, shapes

from tests.walk.walk_examples import evidence

PROBE_ROWS = {
    "postgres/statements-by-total-time": {"query_untrusted": "select 1", "share_pct": 61.5},
    "postgres/unused-indexes": {"index_name": "a_idx", "index_kb": 900},
    "postgres/dead-rows": {"table_name": "a", "dead_pct": 40},
}
LATENCY = {"p50_ms": 10.0, "p95_ms": 100.0, "max_ms": 1000.0}


def drawn(probe, **fields):
    fields = {"observed": {}, "threshold": {}, "rows": []} | fields
    (reading,) = join.readings([evidence(probe=probe, **fields)])
    return charts.of(reading)


@pytest.mark.parametrize(("probe", "row"), PROBE_ROWS.items(), ids=PROBE_ROWS)
def test_bars_are_drawn_longest_first_within_the_scale(probe, row):
    value = next(name for name, each in row.items() if not isinstance(each, str))
    rows = [row, row | {value: row[value] / 2}, row | {value: None}, row | {value: 0}]
    chart = drawn(probe, rows=rows[::-1])
    lengths = [bar.length for bar in chart.bars if bar.label != "all others"]
    assert lengths == sorted(lengths, reverse=True)
    assert len(lengths) == 2 and 0 < lengths[0] <= 100


def test_shares_of_a_whole_are_completed_to_it():
    rows = [{"query_untrusted": f"select {share}", "share_pct": share} for share in (60, 15)]
    chart = drawn("postgres/statements-by-total-time", rows=rows)
    assert [(bar.label, bar.text) for bar in chart.bars][-1] == ("all others", "25 %")
    assert sum(bar.length for bar in chart.bars) == pytest.approx(100)


def test_the_connection_budget_is_drawn_against_its_limit():
    observed = {"usable": 97, "pool_total": 240, "in_use": 2}
    chart = drawn("postgres/connection-budget", observed=observed)
    assert [(bar.text, bar.beyond) for bar in chart.bars] == [("240", "fail"), ("2", "")]
    assert chart.limits[0].at == pytest.approx(40.4, abs=0.1)
    assert chart.limits[0].text == "97 usable by applications"


def test_hit_ratios_stand_against_the_bounds_below_which_they_are_poor():
    threshold = {"fail": ["hit_pct < 60"], "judge": ["hit_pct < 80"]}
    chart = drawn(
        "redis/hit-ratio", observed={"hit_pct": 70, "hit_pct_since_start": 95}, threshold=threshold
    )
    assert [(bar.length, bar.beyond) for bar in chart.bars] == [(70, "judge"), (95, "")]
    assert [(limit.text, limit.at) for limit in chart.limits] == [
        ("to judge below 80 %", 80),
        ("fails below 60 %", 60),
    ]


def test_latency_points_lie_on_one_logarithmic_scale_with_their_bounds():
    chart = drawn(
        "http/latency-p95",
        rows=[{"path_untrusted": "/orders"} | LATENCY],
        threshold={"fail": ["p95_ms > 100"]},
    )
    ((label, dots),) = chart.lines
    assert label == "/orders" and [dot.name for dot in dots] == ["P50", "P95", "max"]
    steps = [b.at - a.at for a, b in zip(dots, dots[1:], strict=False)]
    assert steps[0] == pytest.approx(steps[1], abs=0.02)
    assert chart.limits[0].at == dots[1].at
    assert [tick.text for tick in chart.ticks] == ["10 ms", "100 ms", "1,000 ms"]


@pytest.mark.parametrize(
    ("examined", "label"), [(1, "the address"), (3, "the first of 3 addresses")]
)
def test_a_pass_shows_the_figures_that_were_observed(examined, label):
    chart = drawn("http/latency-p95", observed=LATENCY | {"examined": examined})
    assert [name for name, _ in chart.lines] == [label]


def test_too_few_figures_for_a_verdict_are_not_drawn():
    (reading,) = join.readings([evidence("unknown", probe="http/latency-p95", observed=LATENCY)])
    assert charts.of(reading) is None


def test_memory_is_drawn_with_its_slope():
    rows = [{"seconds": 60 * n, "rss_bytes": 1e8 + 1e6 * n} for n in range(61)]
    chart = drawn("process/memory-trend", rows=rows, observed={"slope_bytes_per_hour": 6e7})
    assert chart.text == "100 MB → 160 MB in 60 min, slope +60 MB an hour"
    places = [tuple(map(float, point.split(","))) for point in chart.points.split()]
    assert places[0] == (0, 38) and places[-1] == (100, 2)
    assert chart.slope == pytest.approx((0, 38, 100, 2))
    assert chart.listed[0] == ("0 s", "100 MB") and len(chart.listed) <= 13


def test_a_falling_slope_is_drawn_too():
    rows = [{"seconds": n, "rss_bytes": 5e6 - n} for n in range(5)]
    chart = drawn("process/memory-trend", rows=rows, observed={"slope_bytes_per_hour": -3.6e3})
    assert chart.slope[1] < chart.slope[3] and "slope -0.0036 MB an hour" in chart.text


def test_a_long_series_is_thinned():
    rows = [{"seconds": n, "rss_bytes": n} for n in range(5_000)]
    assert len(drawn("process/memory-trend", rows=rows).points.split()) <= shapes.MAX_POINTS


@pytest.mark.parametrize(
    ("probe", "fields"),
    {
        "no figures": ("postgres/connection-budget", {}),
        "no limit": ("postgres/connection-budget", {"observed": {"usable": None, "in_use": 5}}),
        "only a limit": ("postgres/connection-budget", {"observed": {"usable": 97}}),
        "a word": ("postgres/connection-budget", {"observed": {"usable": "many", "in_use": 2}}),
        "limit of zero": ("postgres/connection-budget", {"observed": {"usable": 0, "in_use": 2}}),
        "not finite": ("postgres/cache-hit-ratio", {"observed": {"hit_pct": math.inf}}),
        "one bar": ("postgres/unused-indexes", {"rows": [{"index_name": "a", "index_kb": 5}]}),
        "one point": ("http/latency-p95", {"rows": [{"p50_ms": 5.0, "max_ms": 0}]}),
        "two samples": (
            "process/memory-trend",
            {"rows": [{"seconds": n, "rss_bytes": 1} for n in (0, 1)]},
        ),
        "no time passes": ("process/memory-trend", {"rows": [{"seconds": 0, "rss_bytes": 1}] * 5}),
        "another probe": ("postgres/wraparound", {"observed": {"hit_pct": 5}}),
    }.values(),
)
def test_missing_figures_draw_nothing(probe, fields):
    assert drawn(probe, **fields) is None


def test_labels_are_short_and_inert():
    rows = [{"index_name": "a\x1b[31m" + "b" * 500, "index_kb": n} for n in (1, 2)]
    label = drawn("postgres/unused-indexes", rows=rows).bars[0].label
    assert "\x1b" not in label and len(label) <= 90


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("p95_ms > 400", [(400, True)]),
        ("p95_ms >= 0.5", [(0.5, True)]),
        ("p95_ms < 3 and requests > 5", [(3, False)]),
        ("max_p95_ms > 400", []),
        ("p95_ms > limit", []),
        ("p95_ms is null", []),
    ],
)
def test_bounds_are_read_out_of_rules(rule, found):
    bounds = shapes.limits({"fail": [rule]}, "p95_ms", "ms")
    assert [(bound.value, bound.is_upper) for bound in bounds] == found
