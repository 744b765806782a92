"""JSON Schemas (2020-12) of everything the commands print or keep."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def load(name: str) -> dict[str, Any]:
    """Return the schema ``NAME.schema.json`` of this package.

    Raises:
        FileNotFoundError: there is no schema of that name.
    """
    schema: dict[str, Any] = json.loads((_FOLDER / f"{name}.schema.json").read_bytes())
    return schema
