#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["markdown-it-py>=3,<5", "PyYAML>=6,<7", "jsonschema>=4.20,<5"]
# ///
"""Is this skill well formed? Run with --help."""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - older ones get a sentence, not a traceback
        sys.stderr.write("error: Python 3.11 or newer is needed, this is " + sys.version + "\n")
        sys.exit(2)
    from backend_performance.commands.validate import main

    sys.exit(main())
