"""Small trees of configuration files, written from a mapping of names to texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from backend_performance.diagnosis.config.run import run_config
from backend_performance.diagnosis.evidence.model import Evidence


def written(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return root


def asked(root: Path, files: Mapping[str, str], probe: str) -> Evidence:
    """Return the evidence of one probe in a tree."""
    (one,) = run_config(written(root, files), only=(probe,)).evidence
    return one
