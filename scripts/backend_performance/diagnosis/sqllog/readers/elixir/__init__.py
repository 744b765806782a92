"""Logs of Elixir's database library."""
