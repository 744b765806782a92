"""Configuration files as evidence: read as text and data, never executed."""
