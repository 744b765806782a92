"""Command lines: parse, call one function, print, return the exit code."""

import sys
from importlib.util import find_spec

_DEPENDENCIES = {"markdown_it": "markdown-it-py", "yaml": "PyYAML", "jsonschema": "jsonschema"}

_missing = [package for module, package in _DEPENDENCIES.items() if find_spec(module) is None]
if _missing:
    print(
        f"error: not installed: {', '.join(_missing)}; run the script as `uv run scripts/NAME.py`, "
        f"or first: python -m pip install {' '.join(_missing)}",
        file=sys.stderr,
    )
    raise SystemExit(2)
