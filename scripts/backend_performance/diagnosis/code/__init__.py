"""Source code as evidence: parsed, never imported or run.

Files → facts (the same for every language) → effects along calls → rows → probes.
"""
