"""Checklists with evidence: the library behind the five scripts of this skill."""

__version__ = "0.1.0"
