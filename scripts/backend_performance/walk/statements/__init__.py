"""Statements that a person can run, made from evidence. Nothing here is ever executed."""
