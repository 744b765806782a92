"""The key metrics of this skill, which the probes of services and monitoring judge by."""

from backend_performance.skill.checklists import metrics

from tests.knowledge.tables import this_skill

METRICS = [row.to_json() for row in metrics.extract(this_skill().skill)]
