"""Logs of PHP's object-relational mappers."""
