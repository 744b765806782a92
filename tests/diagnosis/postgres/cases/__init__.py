"""One planted, one clean and one unknown case of every probe, by subject."""

from tests.diagnosis.postgres.cases import indexes, server, sessions, statements, tables

CASES = (*indexes.CASES, *statements.CASES, *sessions.CASES, *tables.CASES, *server.CASES)
