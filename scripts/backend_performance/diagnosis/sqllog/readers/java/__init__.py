"""Logs of object-relational mappers and drivers on the JVM."""
