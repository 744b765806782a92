#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "markdown-it-py>=3,<5",
#   "PyYAML>=6,<7",
#   "jsonschema>=4.20,<5",
#   "psycopg[binary]>=3.2,<4",
#   "PyMySQL>=1.1,<2",
#   "redis>=5,<9",
#   "aiohttp>=3.10,<4",
#   "psutil>=5.9,<8",
#   "pathspec>=0.12,<2",
#   "tree-sitter>=0.25,<1",
#   "tree-sitter-c-sharp>=0.23,<1",
#   "tree-sitter-go>=0.23,<1",
#   "tree-sitter-java>=0.23,<1",
#   "tree-sitter-javascript>=0.23,<1",
#   "tree-sitter-kotlin>=1.1,<2",
#   "tree-sitter-php>=0.23,<1",
#   "tree-sitter-python>=0.23,<1",
#   "tree-sitter-ruby>=0.23,<1",
#   "tree-sitter-typescript>=0.23,<1",
#   "crossplane>=0.5.8,<1",
#   "Jinja2>=3.1,<4",
# ]
# ///
"""Which item next, what was found, what does it come to? Run with --help."""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - older ones get a sentence, not a traceback
        sys.stderr.write("error: Python 3.11 or newer is needed, this is " + sys.version + "\n")
        sys.exit(2)
    from backend_performance.commands.walk import main

    sys.exit(main())
