"""Write the release archive: only what an agent needs, the same bytes for the same files.

    python -m harness.publishing.archive [--output FILE]

The archive is validated before it is written: unpacked, it must be small enough and free of
errors and warnings. A tar.xz and no zip: a zip compresses each of several hundred small files
alone and comes out half as large again. Exit codes: 0 written, 1 the skill has findings, 2 could
not run.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import lzma
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from backend_performance import __version__
from backend_performance.skill.findings import checking, codes
from backend_performance.skill.rules.pages.body_budget import tokens_of

ROOT = Path(__file__).resolve().parents[2]
NAME = "backend-performance"
#: The largest download acceptable to someone who only wants to try it. This limit is our own.
MAX_BYTES = 800_000
PATTERNS = (
    "SKILL.md",
    "LICENSE",
    "references/**/*.md",
    "examples/**/*.md",
    "scripts/*.py",
    "scripts/backend_performance/**/*",
    "scripts/probes/**/*",
    "scripts/roles/*",
)


def members(root: Path) -> list[Path]:
    """Return the files of the archive, relative to ``root``, in a fixed order."""
    found = {
        path.relative_to(root)
        for pattern in PATTERNS
        for path in root.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    return sorted(found, key=lambda path: path.as_posix())


def lay(root: Path, folder: Path) -> None:
    """Copy what an archive holds into ``folder``, without packing it."""
    for member in members(root):
        target = folder / NAME / member
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / member, target)


def build(root: Path) -> bytes:
    """Return the bytes of the archive; they tell neither when nor by whom it was made."""
    packed = io.BytesIO()
    with tarfile.open(
        fileobj=packed, mode="w:xz", format=tarfile.USTAR_FORMAT, preset=9 | lzma.PRESET_EXTREME
    ) as archive:
        for member in members(root):
            data = (root / member).read_bytes()
            entry = tarfile.TarInfo(f"{NAME}/{member.as_posix()}")
            is_script = len(member.parts) == 2 and member.parts[0] == "scripts"
            entry.mode = 0o755 if is_script else 0o644
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def unpack(data: bytes, folder: Path) -> Path:
    """Unpack an archive as its users do; return the skill's folder."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:xz") as archive:
        # Python 3.11 knows the filter from 3.11.4 on; what is unpacked here was packed above.
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder, **safely)
    return folder / NAME


def findings(data: bytes) -> Iterator[str]:
    """Yield what speaks against the archive as an agent will find it, one line each."""
    if len(data) >= MAX_BYTES:
        yield f"{len(data):,} bytes, {MAX_BYTES:,} are too many"
    with tempfile.TemporaryDirectory() as folder:
        every_code = codes.choose([], [])
        for found in checking.check(unpack(data, Path(folder)), every_code).found:
            told = found.diagnostic
            if told.severity != "note":
                yield f"{told.file}:{told.line}: {told.message} [{told.code}]"


def budget(root: Path) -> str:
    """Return what reading SKILL.md costs."""
    text = (root / "SKILL.md").read_text(encoding="utf-8")
    return f"SKILL.md {text.count(chr(10))} lines, {tokens_of(text):,} tokens"


def main(argv: Sequence[str] | None = None) -> int:
    """Write the archive; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    default = ROOT / "dist" / f"{NAME}-{__version__}.tar.xz"
    parser.add_argument("--output", type=Path, default=default)
    parser.add_argument("--budget", action="store_true", help="only say what SKILL.md costs")
    arguments = parser.parse_args(argv)
    if arguments.budget:
        print(budget(ROOT))
        return 0
    target, data = arguments.output, build(ROOT)
    wrong = list(findings(data))
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        print(f"error: not written: {len(wrong)} findings", file=sys.stderr)
        return 1
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError as exc:
        print(f"error: cannot write {target}: {exc.strerror}", file=sys.stderr)
        return 2
    print(f"{target.name}: {len(data):,} bytes, {len(members(ROOT))} files; {budget(ROOT)}")
    print(f"sha256 {hashlib.sha256(data).hexdigest()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
