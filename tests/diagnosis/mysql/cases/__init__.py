"""Planted, clean and unknown cases of every probe, by subject."""

from tests.diagnosis.mysql.cases import schema, server, sessions, statements

CASES = (*statements.CASES, *schema.CASES, *sessions.CASES, *server.CASES)
