"""Scripts that a page starts by their path but that the system would not start.

An agent runs the command as it stands; "permission denied" or "exec format error" is what it
gets, and often it then rewrites the script instead of setting a bit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ...diagnostic import Diagnostic, Fix, warning
from ...inspection import Inspection
from ...links.citation_model import Citation
from ...links.context import is_instructed

CODES = {
    "script-not-executable": (
        "A page starts this script by its path, but the file lacks the executable bit. `--fix` "
        "sets it; or name the interpreter in the command."
    ),
    "script-without-shebang": (
        "A page starts this script by its path, but its first line does not say which program "
        "runs it. Start it with `#!/usr/bin/env …`, or name the interpreter in the command."
    ),
}

#: How many lines are looked at for a `#!` that comes too late.
_MAX_LATE = 40
_SCRIPTS = (".py", ".sh", ".bash", ".js", ".mjs", ".rb", ".pl", ".ts")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield at most one finding of each kind per script."""
    if os.name == "nt":
        return
    for name, cited in _started(inspection).items():
        where = f"{cited.source}:{cited.line} starts it by its path"
        if not os.access(inspection.skill.root / name, os.X_OK):
            yield warning(
                "script-not-executable",
                name,
                1,
                f"the file is not executable, but {where}",
                f"run `chmod +x {name}` and commit the mode",
                fix=Fix("executable"),
            )
        source = inspection.sources.get(name)
        if source and not source.data.startswith(b"#!"):
            late = _late_shebang(source.text)
            what = f"the `#!` line is line {late}" if late else "the file has no `#!` line"
            yield warning(
                "script-without-shebang",
                name,
                late or 1,
                f"{what}, but {where}",
                "make it the first line" if late else "start it with `#!/usr/bin/env …`",
            )


def _started(inspection: Inspection) -> dict[str, Citation]:
    """Return the scripts that a page starts by their path, each with its first citation."""
    started: dict[str, Citation] = {}
    interpreted = {cited.target for cited in inspection.graph.edges if cited.role == "run"}
    for cited in inspection.graph.edges:
        is_started = cited.role == "invoke" and cited.target in inspection.skill.files
        # A block of commands is pasted; a sentence or a list may only name a script.
        page = inspection.skill.documents.get(cited.source)
        is_meant = cited.style == "fence" or (
            page is not None
            and cited.target not in interpreted
            and is_instructed(page, cited.line, cited.column)
        )
        is_script = cited.target.endswith(_SCRIPTS)
        if is_started and is_script and is_meant and inspection.is_read(cited.source):
            started.setdefault(cited.target, cited)
    return started


def _late_shebang(text: str) -> int:
    """Return the line of a `#!` that is not the first, or 0."""
    lines = text.split("\n", _MAX_LATE)[:_MAX_LATE]
    return next((n for n, line in enumerate(lines, 1) if line.startswith("#!")), 0)
