"""Walking a checklist with evidence: where the two halves meet."""
