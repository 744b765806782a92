#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["markdown-it-py>=3,<5", "PyYAML>=6,<7", "jsonschema>=4.20,<5"]
# ///
"""Is this skill well formed? Run with --help."""

from backend_performance.commands.validate import main

if __name__ == "__main__":
    raise SystemExit(main())
