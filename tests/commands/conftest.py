"""A small skill and a pretended server, for the tests that call the walk's commands."""

from tests.commands.walk_calls import server, skill  # noqa: F401
