"""Logs of Ruby's object-relational mappers."""
