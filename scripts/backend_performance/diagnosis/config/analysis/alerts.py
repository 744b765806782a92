"""Alert rules, against the scrape configuration that their metrics come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...probes.probe import Probe
from ..model import Configuration
from ..quantity import parse

_RANGE = re.compile(r"\b(?:rate|irate|increase|delta|deriv)\s*\([^()]*\[(\w+)[\]:]")
_JOB = re.compile(r"\bjob\s*=\s*\"([^\"]*)\"")


def alerts(configuration: Configuration, probe: Probe) -> Iterator[Mapping[str, object]]:
    """Yield a row for each alert rule that the scrape configuration can be held against.

    A range needs two samples, so `rate` over one scrape interval or less has no value:
    https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
    """
    jobs = {
        str(job["job"]): parse(str(job["interval"]), "s") for _, job in configuration.each("jobs")
    }
    for _, rule in configuration.each("alerts"):
        expression = str(rule["expr"])
        named = _JOB.findall(expression)
        windows = [parse(one, "s") for one in _RANGE.findall(expression)]
        intervals = [jobs[one] for one in named if one in jobs] or list(jobs.values())
        yield {
            "alert_untrusted": rule["alert"],
            "unknown_job": next((one for one in named if jobs and one not in jobs), ""),
            "range_s": min((w for w in windows if isinstance(w, float)), default=None),
            "scrape_interval_s": min((i for i in intervals if isinstance(i, float)), default=None),
            "place": rule["place"],
        }
