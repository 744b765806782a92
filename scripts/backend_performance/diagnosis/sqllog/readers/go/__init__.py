"""Logs of Go's object-relational mappers."""
