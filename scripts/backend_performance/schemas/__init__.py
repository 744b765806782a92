"""JSON Schemas (2020-12) of everything the commands print or keep."""

import json
from importlib.resources import files
from typing import Any


def load(name: str) -> dict[str, Any]:
    """Return the schema ``NAME.schema.json`` of this package.

    Raises:
        FileNotFoundError: there is no schema of that name.
    """
    return json.loads(files(__package__).joinpath(f"{name}.schema.json").read_bytes())
