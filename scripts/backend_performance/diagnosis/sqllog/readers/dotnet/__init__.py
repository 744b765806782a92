"""Logs of .NET's object-relational mappers."""
