"""Lay out the tasks of evals/evals.json for clean agent sessions, and grade the answers blind."""
