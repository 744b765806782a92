"""Logs of JavaScript's and TypeScript's object-relational mappers."""
