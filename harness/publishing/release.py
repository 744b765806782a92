"""Write what a release consists of: the archive, what its dependencies install, where it came from.

    python -m harness.publishing.release [--output FOLDER]

* ``NAME-VERSION.tar.xz``: the archive, validated, the same bytes for the same files.
* ``NAME-VERSION.cdx.json``: a CycloneDX bill of the files and of the pinned dependencies.
* ``NAME-VERSION.intoto.json``: a SLSA provenance statement: which commit, which builder, which
  digests. It is not signed here; who publishes signs it.

Exit codes: 0 written, 1 the skill has findings, 2 could not run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from backend_performance import __version__
from backend_performance.files import write_atomically

from harness.publishing.archive import NAME, ROOT, build, findings, members
from harness.servers.lookup import installed

#: What a command needs by itself, and what reading code needs besides, by version.
PINS = tuple(ROOT / ".ci" / f"{name}-requirements.txt" for name in ("action", "code"))
_REQUIRED = re.compile(r"([\w.-]+)(?:\[[^]]*\])?(.*)")
_PIN = re.compile(r"(?m)^([\w.-]+)==([^\s;\\]+)((?:.|\n(?=\s))*)")


def bill(root: Path) -> dict[str, Any]:
    """Return the bill of materials: every file by digest, every pinned dependency by version.

    What is installed by range, for one kind of probe each, is named with its range.
    """
    files = [
        {
            "type": "file",
            "name": member.as_posix(),
            "hashes": [{"alg": "SHA-256", "content": _sha256((root / member).read_bytes())}],
        }
        for member in members(root)
    ]
    pinned = _pinned()
    libraries = [*pinned, *_optional(root, {each["name"].lower() for each in pinned})]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": NAME,
                "name": NAME,
                "version": __version__,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": [*libraries, *files],
        "dependencies": [{"ref": NAME, "dependsOn": [each["bom-ref"] for each in libraries]}],
    }


def _pinned() -> list[dict[str, Any]]:
    pins = {pin[:2] for file in PINS for pin in _PIN.findall(file.read_text(encoding="utf-8"))}
    return [
        {**_library(name, f"@{version}"), "version": version, "purl": _url(name, f"@{version}")}
        for name, version in sorted(pins)
    ]


def _optional(root: Path, pinned: Collection[str]) -> list[dict[str, Any]]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    [everything] = extras["all"]
    chosen = everything.partition("[")[2].rstrip("]").split(",")
    wanted = (_REQUIRED.match(each) for extra in chosen for each in extras[extra])
    named = {each[1]: each[2] for each in wanted if each}
    return [
        {
            **_library(name),
            "scope": "optional",
            "properties": [{"name": "requires", "value": versions}],
        }
        for name, versions in sorted(named.items())
        if name.lower() not in pinned
    ]


def _library(name: str, at: str = "") -> dict[str, Any]:
    return {"type": "library", "bom-ref": _url(name, at), "name": name}


def _url(name: str, at: str) -> str:
    return f"pkg:pypi/{name.lower()}{at}"


def provenance(digests: Mapping[str, str], commit: str) -> dict[str, Any]:
    """Return the in-toto statement that files of these digests were built from ``commit``."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": n, "digest": {"sha256": d}} for n, d in sorted(digests.items())],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "make release",
                "externalParameters": {"version": __version__},
                "resolvedDependencies": [
                    {"uri": "git+this-repository", "digest": {"gitCommit": commit}},
                    *(
                        {"uri": file.name, "digest": {"sha256": _sha256(file.read_bytes())}}
                        for file in PINS
                    ),
                ],
            },
            "runDetails": {
                "builder": {"id": "harness.publishing.release", "version": {"python": _python()}},
            },
        },
    }


def _commit() -> str:
    """Return the commit of a checkout without changes.

    Raises:
        ValueError: there is none. The message says why.
    """
    git = installed("git")
    if git is None:
        raise ValueError("git is needed to say which commit the release was built from")
    asked = (["rev-parse", "HEAD"], ["status", "--porcelain"])
    done = [
        subprocess.run([git, *each], cwd=ROOT, capture_output=True, text=True) for each in asked
    ]
    if done[0].returncode != 0:
        raise ValueError("this is no clone: a release is built from a commit")
    if done[1].stdout:
        raise ValueError("the checkout has changes: a release is built from a commit alone")
    return done[0].stdout.strip()


def main(argv: Sequence[str] | None = None) -> int:
    """Write the three files; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="FOLDER")
    folder = parser.parse_args(argv).output
    stem = f"{NAME}-{__version__}"
    try:
        commit = _commit()
        data = build(ROOT)
        wrong = list(findings(data))
        if wrong:
            print(*wrong, "error: nothing written", sep="\n", file=sys.stderr)
            return 1
        content = {f"{stem}.tar.xz": data, f"{stem}.cdx.json": _json(bill(ROOT))}
        digests = {name: _sha256(each) for name, each in content.items()}
        content[f"{stem}.intoto.json"] = _json(provenance(digests, commit))
        folder.mkdir(parents=True, exist_ok=True)
        for name, each in content.items():
            write_atomically(folder / name, each, 0o644)
            print(f"{_sha256(each)}  {name}")
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _python() -> str:
    return platform.python_version()


if __name__ == "__main__":
    raise SystemExit(main())
