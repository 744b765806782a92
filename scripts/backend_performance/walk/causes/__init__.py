"""Causes: evidence about the same thing, joined, ranked by what it costs, with what to do."""

from .join import of
from .model import Cause, Place, Subject

__all__ = ["Cause", "Place", "Subject", "of"]
