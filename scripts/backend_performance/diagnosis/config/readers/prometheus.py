"""Prometheus: alert rules, and the scrape configuration that their metrics come from."""

from __future__ import annotations

from collections.abc import Iterator

from ..located import Located, documents
from ..model import Part
from .source import Source


def rules(source: Source) -> Iterator[Part]:
    """Yield the alert rules of a rule file or a PrometheusRule resource.

    Raises:
        NotYamlError: the text cannot be read as YAML.
    """
    for document in documents(source.text):
        found = tuple(
            {
                "alert": rule.text("alert"),
                "expr": rule.text("expr"),
                "place": f"{source.name}:{rule.line}",
            }
            for group in groups(document)
            for rule in group.each("rules")
            if rule.text("alert")
        )
        if found:
            yield Part("alerts", "monitoring", source.name, document.line, facts={"alerts": found})


def scrapes(source: Source) -> Iterator[Part]:
    """Yield the intervals and job names of a ``prometheus.yml``.

    Raises:
        NotYamlError: the text cannot be read as YAML.
    """
    for document in documents(source.text):
        default = document.text("global", "scrape_interval") or "1m"
        jobs = tuple(
            {
                "job": job.text("job_name"),
                "interval": job.text("scrape_interval") or default,
            }
            for job in document.each("scrape_configs")
        )
        if jobs:
            yield Part("prometheus", "monitoring", source.name, 1, facts={"jobs": jobs})


def groups(document: Located) -> tuple[Located, ...]:
    """Return the rule groups of a rule file or of a PrometheusRule resource."""
    return document.each("groups") or document.each("spec", "groups")
