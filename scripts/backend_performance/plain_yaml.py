"""YAML read by libyaml where PyYAML was built with it: a tenth of the time of its own parser."""

from pathlib import Path
from typing import Any


def load(text: str) -> Any:
    """Return the value of a document of plain types.

    Raises:
        yaml.YAMLError: it is not YAML, or has a tag that is not of YAML itself.
    """
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def load_file(path: Path) -> Any:
    """Return the value in a file of this skill."""
    return load(path.read_text(encoding="utf-8"))
