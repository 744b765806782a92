"""Command lines: parse, call one function, print, return the exit code."""
