"""Health checks and shutdown: what restarts a pod, and what happens to its last requests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .. import tables
from ..model import Configuration
from ..quantity import parse

Row = Mapping[str, object]
_CLIENT = re.compile(r"\b(psql|pg_isready|mysqladmin|mysql|redis-cli|mongosh?)\b")
_SLEEP = re.compile(r"\bsleep\s+(\d+)")
#: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
GRACE_S = 30.0


def health_checks(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each liveness probe of an application."""
    for service in configuration.workloads():
        probes = {str(one["probe"]): one for one in service.part.facts.get("probes", ())}
        live, ready = probes.get("livenessProbe"), probes.get("readinessProbe")
        program = tables.programs().get(service.program)
        if live is None or (program is not None and program.kind in ("database", "cache")):
            continue
        same = ready is not None and bool(live["path"]) and live["path"] == ready["path"]
        yield {
            "service": service.part.name,
            "path_untrusted": live["path"],
            "command_untrusted": str(live["command"])[:200],
            "asks_database": _CLIENT.search(str(live["command"])) is not None,
            "same_as_readiness": same,
            "place": live["place"],
        }


def shutdown(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each Kubernetes workload that serves requests (seconds)."""
    for service in configuration.workloads():
        for stop in service.part.facts.get("stop", ()):
            if not stop["serves"] or service.program in ("postgres", "mysql", "redis"):
                continue
            sleep = _SLEEP.search(str(stop["hook"]))
            grace = service.number("stop_timeout")
            yield {
                "service": service.part.name,
                "has_hook": stop["has_hook"],
                "hook_s": float(sleep[1]) if sleep else 0.0,
                "grace_s": GRACE_S if grace is None else grace,
                "request_s": service.number("request_timeout"),
                "place": stop["place"],
            }


_RANGE = re.compile(r"\b(?:rate|irate|increase|delta|deriv)\s*\([^()]*\[(\w+)[\]:]")
_JOB = re.compile(r"\bjob\s*=\s*\"([^\"]*)\"")


def alerts(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each alert rule that the scrape configuration can be held against.

    A range needs two samples, so `rate` over one scrape interval or less has no value:
    https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
    """
    jobs = {
        str(job["job"]): parse(str(job["interval"]), "s")
        for service in configuration.services
        for job in service.part.facts.get("jobs", ())
    }
    for service in configuration.services:
        for rule in service.part.facts.get("alerts", ()):
            expression = str(rule["expr"])
            named = _JOB.findall(expression)
            windows = [parse(one, "s") for one in _RANGE.findall(expression)]
            shortest = min((one for one in windows if isinstance(one, float)), default=None)
            intervals = [jobs[one] for one in named if one in jobs] or list(jobs.values())
            known = [one for one in intervals if isinstance(one, float)]
            yield {
                "alert_untrusted": rule["alert"],
                "unknown_job": next((one for one in named if jobs and one not in jobs), ""),
                "range_s": shortest,
                "scrape_interval_s": min(known) if known else None,
                "place": rule["place"],
            }
