"""Write the release archive: only what an agent needs, the same bytes for the same files.

    python -m harness.archive [--output FILE]

The archive is validated before it is written: unpacked under its final name, it must be free of
errors and warnings. Exit codes: 0 written, 1 the skill has findings, 2 could not run.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from backend_performance import __version__
from backend_performance.skill import inspection, package, rules
from backend_performance.skill.diagnostic import Diagnostic
from backend_performance.skill.rules.body_budget import tokens_of

ROOT = Path(__file__).resolve().parents[1]
NAME = "backend-performance"
PATTERNS = (
    "SKILL.md",
    "LICENSE",
    "references/**/*.md",
    "examples/**/*.md",
    "scripts/*.py",
    "scripts/backend_performance/**/*",
    "scripts/probes/**/*",
)
#: The earliest time a ZIP can hold: the archive must not tell when it was made.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_EXECUTABLE, _PLAIN = 0o100755, 0o100644


def members(root: Path) -> list[Path]:
    """Return the files of the archive, relative to ``root``, in a fixed order."""
    found = {
        path.relative_to(root)
        for pattern in PATTERNS
        for path in root.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    return sorted(found, key=lambda path: path.as_posix())


def build(root: Path) -> bytes:
    """Return the bytes of the archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for member in members(root):
            entry = zipfile.ZipInfo(f"{NAME}/{member.as_posix()}", _EPOCH)
            entry.create_system = 3  # Unix, wherever this runs
            entry.compress_type = zipfile.ZIP_DEFLATED
            is_script = len(member.parts) == 2 and member.parts[0] == "scripts"
            entry.external_attr = (_EXECUTABLE if is_script else _PLAIN) << 16
            archive.writestr(entry, (root / member).read_bytes())
    return buffer.getvalue()


def findings(data: bytes) -> Iterator[Diagnostic]:
    """Yield every error and warning about the skill as an agent will find it."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(folder)
        skill = package.load(Path(folder) / NAME)
        for diagnostic in rules.run(inspection.inspect(skill)):
            if diagnostic.severity != "note":
                yield diagnostic


def main(argv: Sequence[str] | None = None) -> int:
    """Write the archive; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    default = ROOT / "dist" / f"{NAME}-{__version__}.zip"
    parser.add_argument("--output", type=Path, default=default)
    target = parser.parse_args(argv).output
    data = build(ROOT)
    wrong = list(findings(data))
    for diagnostic in wrong:
        print(
            f"{diagnostic.file}:{diagnostic.line}: {diagnostic.message} [{diagnostic.code}]",
            file=sys.stderr,
        )
    if wrong:
        print(f"error: not written: {len(wrong)} findings", file=sys.stderr)
        return 1
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError as exc:
        print(f"error: cannot write {target}: {exc.strerror}", file=sys.stderr)
        return 2
    entry = (ROOT / "SKILL.md").read_text(encoding="utf-8")
    print(
        f"{target.name}: {len(data):,} bytes, {len(members(ROOT))} files; "
        f"SKILL.md {entry.count(chr(10))} lines, {tokens_of(entry):,} tokens"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
