"""Each process probe on a real process or real files: a planted fault, a clean one, no answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from backend_performance.diagnosis.probes import catalog, run
from backend_performance.diagnosis.process import cgroup
from backend_performance.diagnosis.process import run as process_run
from backend_performance.diagnosis.process.cgroup import Figures
from backend_performance.diagnosis.process.sample import Sample, Watched

from tests.diagnosis.process.children import child
from tests.diagnosis.process.real_groups import LIMIT_BYTES, limited

pytest.importorskip("psutil")

pytestmark = pytest.mark.slow


MEGABYTE = 2**20


HALF_AN_HOUR = [10.0 * n for n in range(181)]


def watch(program: str, window_s: float = 2.0, interval_s: float = 0.05, **options):
    with child(program) as pid:
        run = process_run.run_process(pid=pid, window_s=window_s, interval_s=interval_s, **options)
    return {evidence.probe.partition("/")[2]: evidence for evidence in run.evidence}


@pytest.mark.parametrize(
    ("program", "name", "verdict", "says"),
    [
        ("leak", "memory-trend", "judge", "too short to tell a leak from warm-up"),
        ("steady", "memory-trend", "unknown", "less than five minutes"),
        ("descriptors", "file-descriptors", "judge", "more than chance"),
        ("many descriptors", "file-descriptors", "fail", "nine tenths of the descriptors"),
        ("close wait", "file-descriptors", "judge", "closed stay open"),
        ("steady", "file-descriptors", "pass", "no finding"),
        ("ends", "memory-trend", "unknown", "ended while it was watched"),
        ("ends", "file-descriptors", "unknown", "ended while it was watched"),
        ("ends", "cpu-use", "unknown", "ended while it was watched"),
        ("steady", "cpu-use", "unknown", "less than five seconds"),
    ],
)
def test_a_probe_of_a_real_process(program, name, verdict, says):
    found = watch(program, only=[name])[name]
    assert (found.verdict, says in found.reason) == (verdict, True), found.reason


@pytest.mark.parametrize(("program", "verdict"), [("busy", "one core"), ("steady", "no finding")])
def test_the_use_of_the_processor_is_measured(program, verdict):
    found = watch(program, window_s=5.5, interval_s=0.5, only=["cpu-use"])["cpu-use"]
    if program == "busy" and found.observed["available_cores"] < 1.2:
        verdict = "90 %"
    elif program == "busy" and not 0.9 <= found.observed["used_cores"] <= 1.1:
        pytest.skip(f"the machine gave the process {found.observed['used_cores']} cores only")
    assert verdict in found.reason


def test_too_few_samples_show_no_trend():
    found = watch("leak", window_s=0.2, only=["memory-trend"])["memory-trend"]
    assert found.verdict == "unknown" and "raise --window" in found.reason


def series(values, *, descriptors=None) -> Watched:
    """What half an hour of samples looks like; no test can wait for it."""
    samples = tuple(
        Sample(at, round(value), 0, 4, 0.0, 20 if descriptors is None else descriptors[n], 0)
        for n, (at, value) in enumerate(zip(HALF_AN_HOUR, values, strict=True))
    )
    return Watched("python", 7200.0, 2, 1024, samples, False)


def judged(watched: Watched, name: str):
    measured = process_run.measure(watched, Figures(), Figures(), 1800.0)
    [chosen] = catalog.choose(catalog.load("process"), [name])
    return run.answer(chosen, run.from_readings(measured))


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        pytest.param([200 * MEGABYTE + n * 120_000 for n in range(181)], "fail", id="leak"),
        pytest.param(
            [200 * MEGABYTE + n * 120_000 + (n % 20) * MEGABYTE for n in range(181)],
            "fail",
            id="leak below a saw-tooth",
        ),
        pytest.param([200 * MEGABYTE] * 181, "pass", id="flat"),
        pytest.param(
            [200 * MEGABYTE + (n % 20) * 4 * MEGABYTE for n in range(181)], "pass", id="saw-tooth"
        ),
        pytest.param(
            [200 * MEGABYTE + min(n, 40) * 2 * MEGABYTE for n in range(181)],
            "pass",
            id="a cache that is full after seven minutes",
        ),
        pytest.param([200 * MEGABYTE + n * 10_000 for n in range(181)], "pass", id="slow"),
    ],
)
def test_half_an_hour_tells_a_leak_from_waves_and_warming_up(values, verdict):
    found = judged(series(values), "memory-trend")
    assert found.verdict == verdict, found.observed
    if verdict == "fail":
        assert len(found.rows) <= 20 and {"seconds", "rss_bytes"} <= set(found.rows[0])
        assert found.observed["slope_bytes_per_hour"] > 10 * MEGABYTE


def test_descriptors_that_rise_for_half_an_hour_fail():
    found = judged(
        series([MEGABYTE] * 181, descriptors=[20 + n for n in range(181)]), "file-descriptors"
    )
    assert found.verdict == "fail" and "more than chance" in found.reason


def group(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="ascii")
    return folder


MEMORY = {"memory__current": "900\n", "memory__max": "1000\n", "memory__events": "oom_kill 0\n"}


@pytest.mark.parametrize(
    ("files", "verdict", "says"),
    [
        (MEMORY | {"memory__stat": "anon 950\nfile 10\n"}, "fail", "cannot drop"),
        (MEMORY | {"memory__stat": "anon 850\nfile 10\n"}, "judge", "over 80 %"),
        (MEMORY | {"memory__stat": "anon 300\nfile 600\n"}, "pass", "no finding"),
        (
            MEMORY | {"memory__stat": "anon 3\n", "memory__events": "oom 1\noom_kill 2\n"},
            "fail",
            "memory ran out",
        ),
        (
            MEMORY | {"memory__stat": "anon 950\n", "memory__max": "max\n"},
            "not_applicable",
            "no memory limit",
        ),
        (
            {
                "memory__usage_in_bytes": "900",
                "memory__limit_in_bytes": "1000",
                "memory__stat": "total_rss 950\n",
                "memory__oom_control": "oom_kill 0\n",
            },
            "fail",
            "cannot drop",
        ),
        (
            {
                "memory__usage_in_bytes": "900",
                "memory__limit_in_bytes": "9223372036854771712",
                "memory__stat": "total_rss 950\n",
                "memory__oom_control": "oom_kill 0\n",
            },
            "not_applicable",
            "no memory limit",
        ),
        ({}, "unknown", "cannot be read"),
    ],
)
def test_the_memory_limit_of_a_group(tmp_path, files, verdict, says):
    folder = group(tmp_path / "group", **files)
    run = process_run.run_process(cgroup=folder, window_s=0, only=["memory-limit"])
    [found] = run.evidence
    assert (found.verdict, says in found.reason) == (verdict, True), found.reason


@pytest.mark.parametrize(
    ("before", "after", "quota", "verdict"),
    [
        ((100, 5), (400, 105), 1.0, "fail"),
        ((100, 5), (400, 10), 1.0, "judge"),
        ((100, 5), (400, 5), 1.0, "pass"),
        ((100, 5), (150, 50), 1.0, "unknown"),
        ((100, 5), (400, 5), None, "not_applicable"),
        ((None, None), (None, None), None, "unknown"),
    ],
)
def test_throttling_counts_the_periods_of_the_window(before, after, quota, verdict):
    first, last = (
        Figures(periods=p, throttled=t, throttled_us=0, quota_cores=quota)
        for p, t in (before, after)
    )
    measured = process_run.measure(None, first, last, 60.0)
    [chosen] = catalog.choose(catalog.load("process"), ["cpu-throttling"])
    found = run.answer(chosen, run.from_readings(measured))
    assert found.verdict == verdict, found.reason


def test_throttling_is_read_from_the_files_of_both_versions(tmp_path):
    second = group(
        tmp_path / "v2",
        cpu__stat="nr_periods 10\nnr_throttled 3\nthrottled_usec 2000\n",
        cpu__max="50000 100000\n",
    )
    first = group(
        tmp_path / "v1",
        cpu__stat="nr_periods 10\nnr_throttled 3\nthrottled_time 2000000\n",
        cpu__cfs_quota_us="50000\n",
        cpu__cfs_period_us="100000\n",
    )
    expected = Figures(periods=10, throttled=3, throttled_us=2000, quota_cores=0.5)
    assert cgroup.read({"cpu": second}) == expected
    assert cgroup.read({"cpu": first}) == expected


@pytest.mark.parametrize(("program", "verdict"), [("busy", "fail"), ("steady", "unknown")])
def test_throttling_in_a_real_group(program, verdict):
    """The group is found from the process, without being named."""
    with child(program) as pid, limited(pid):
        run = process_run.run_process(
            pid=pid, window_s=2.5, interval_s=0.5, only=["cpu-throttling", "memory-limit"]
        )
    found = {evidence.probe: evidence for evidence in run.evidence}
    assert found["process/cpu-throttling"].verdict == verdict
    assert found["process/memory-limit"].verdict == "pass"
    assert run.server["memory_limit_bytes"] == LIMIT_BYTES
    assert run.server["quota_cores"] == pytest.approx(0.2)


def test_the_group_of_a_process_is_found_and_stays_below_the_mount(tmp_path):
    proc, root = tmp_path / "proc", tmp_path / "cgroup"
    (proc / "7").mkdir(parents=True)
    (root / "system.slice" / "shop.service").mkdir(parents=True)
    (proc / "7" / "cgroup").write_text("0::/system.slice/shop.service\n")
    found = cgroup.folders(7, root, proc)
    assert found["memory"] == root / "system.slice" / "shop.service"
    (proc / "7" / "cgroup").write_text("0::/../../etc\n")
    assert cgroup.folders(7, root, proc)["memory"] == root
