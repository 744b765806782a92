"""Small code bases: the same fault, and its repair, in several languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backend_performance.diagnosis.code.run import CodeRun, run_code
from backend_performance.diagnosis.probes import catalog


def reads(folder: Path, files: dict[str, str], **options: Any) -> CodeRun:
    """Write files below a folder and return what reading them gives."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    everything = [probe.id for probe in catalog.load("code")]
    return run_code(folder, **{"only": everything, **options})


def places(run: CodeRun, category: str) -> list[tuple[str, int]]:
    """Return file and line of the leads of a category."""
    return sorted((lead.file, lead.line) for lead in run.leads if lead.category == category)
