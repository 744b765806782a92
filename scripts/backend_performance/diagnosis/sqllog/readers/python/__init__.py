"""Logs of Python's object-relational mappers."""
