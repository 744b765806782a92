"""The key metrics of this skill, which the probes of services and monitoring judge by."""

from backend_performance.commands.options import key_metrics

METRICS = key_metrics(None)
