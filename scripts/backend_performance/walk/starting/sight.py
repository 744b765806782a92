"""What a folder contains: code, configuration, variables that name addresses, processes.

Nothing is connected to, and no value of a variable leaves this module.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...files import read_beginning

_LANGUAGES = {
    "pyproject.toml": "python",
    "requirements.txt": "python",
    "setup.py": "python",
    "manage.py": "python",
    "pipfile": "python",
    "package.json": "node",
    "go.mod": "go",
    "pom.xml": "jvm",
    "build.gradle": "jvm",
    "build.gradle.kts": "jvm",
    "gemfile": "ruby",
}
_SUFFIXES = {".csproj": "dotnet", ".sln": "dotnet"}
_IMAGES = {
    "postgres": "postgres",
    "postgis": "postgres",
    "timescaledb": "postgres",
    "pgvector": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "redis": "redis",
    "valkey": "redis",
    "memcached": "memcached",
    "prometheus": "prometheus",
}
_SCHEMES = (
    (re.compile(r"(?i)(?:postgres(?:ql)?|postgis)(?:\+\w+)?://"), "postgres"),
    (re.compile(r"(?i)(?:mysql2?|mariadb)(?:\+\w+)?://"), "mysql"),
    (re.compile(r"(?i)(?:rediss?|valkeys?)://"), "redis"),
)
_COMPOSE = re.compile(r"(?:docker-)?compose[\w.-]*\.ya?ml\Z", re.I)
#: Files that the reader of configuration knows, and what marks a manifest of Kubernetes.
_CONFIGURATION = re.compile(
    r"(?:nginx|redis|valkey|postgresql|pgbouncer|haproxy|my|mysqld?|mariadb)[\w.-]*"
    r"\.(?:conf|cnf|cfg|ini)\Z"
)
_MANIFEST = re.compile(
    r"(?m)^apiVersion:.*\n(?:.*\n){0,3}?kind:|^kind:.*\n(?:.*\n){0,3}?apiVersion:"
)
_MOST_MANIFESTS = 40
_RUNTIMES = re.compile(
    r"(?:python[\d.]*|gunicorn|uvicorn|celery|node|java|ruby|puma|php-fpm|dotnet)\Z"
)
_ENVIRONMENT = re.compile(r"\.env(?:\.[\w-]+)?\Z")
_IMAGE = re.compile(r"(?m)^[ \t]*image:[ \t]*[\"']?(?:[\w.:-]+/)*([\w-]+)")
_ASSIGNED = re.compile(
    r"(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]{0,80})=[\"']?([^\s\"'#]{0,400})"
)
_SKIPPED = {"node_modules", "vendor", "venv", "dist", "build", "target", "site-packages"}
_MAX_BYTES, _MAX_ENTRIES, _DEPTH = 200_000, 3_000, 2
#: Files with examples in place of addresses.
_EXAMPLES = (".example", ".sample", ".template", ".dist")


@dataclass(frozen=True)
class Seen:
    """Something that can be asked, or that says which items apply.

    Args:
        engine: As in items: postgres, python, …; else ``config`` or ``process``.
        where: File, relative to the folder, or ``environment``.
        variable: Name of the variable that holds the address.
    """

    engine: str
    where: str
    variable: str = ""


def look(folder: Path, environment: Mapping[str, str] | None = None) -> tuple[Seen, ...]:
    """Return what is seen in ``folder`` and in the names of the environment, each thing once."""
    found: dict[tuple[str, str], Seen] = {}
    for seen in (*_variables(environment or {}), *_files(folder)):
        found.setdefault((seen.engine, seen.variable), seen)
    return tuple(found.values())


def _variables(environment: Mapping[str, str]) -> Iterator[Seen]:
    for name, value in sorted(environment.items()):
        engine = _engine(name, value)
        if engine:
            yield Seen(engine, "environment", name)


def _files(folder: Path) -> Iterator[Seen]:
    manifests = _MOST_MANIFESTS
    for path in _walk(folder, _DEPTH, [_MAX_ENTRIES]):
        where, name = path.relative_to(folder).as_posix(), path.name.lower()
        language = _LANGUAGES.get(name) or _SUFFIXES.get(path.suffix.lower())
        if language:
            yield Seen(language, where)
        elif _COMPOSE.match(name):
            yield Seen("config", where)
            for image in _IMAGE.findall(_text(path)):
                if image.lower() in _IMAGES:
                    yield Seen(_IMAGES[image.lower()], where)
        elif _CONFIGURATION.match(name):
            yield Seen("config", where)
        elif name.endswith((".yaml", ".yml")) and manifests > 0:
            manifests -= 1
            if _MANIFEST.search(_text(path)):
                yield Seen("config", where)
        elif _ENVIRONMENT.match(name) and not name.endswith(_EXAMPLES):
            for variable, value in _ASSIGNED.findall(_text(path)):
                engine = _engine(variable, value)
                if engine:
                    yield Seen(engine, where, variable)


def running(folder: Path, processes: Path = Path("/proc")) -> tuple[Seen, ...]:
    """Return the processes of a runtime that work in ``folder``, as far as they may be seen."""
    found = []
    for entry in sorted(processes.glob("[0-9]*"), key=lambda each: each.name)[:_MAX_ENTRIES]:
        try:
            name = (entry / "comm").read_text("utf-8", "replace").strip()
            if int(entry.name) == os.getpid() or not _RUNTIMES.match(name):
                continue
            if (entry / "cwd").resolve(strict=True).is_relative_to(folder.resolve()):
                found.append(Seen("process", f"{name}, process {entry.name}", entry.name))
        except (OSError, ValueError):
            continue
    return tuple(found)


def _walk(folder: Path, depth: int, left: list[int]) -> Iterator[Path]:
    """Yield files down to ``depth``, at most ``left[0]`` entries, links not followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        left[0] -= 1
        if left[0] < 0:
            return
        if entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
        elif depth and entry.is_dir(follow_symlinks=False) and _is_searched(entry.name):
            yield from _walk(Path(entry.path), depth - 1, left)


def _is_searched(name: str) -> bool:
    return not name.startswith(".") and name not in _SKIPPED


def _text(path: Path) -> str:
    try:
        return read_beginning(path, _MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _engine(name: str, value: str) -> str | None:
    for scheme, engine in _SCHEMES:
        if scheme.match(value):
            return engine
    is_monitoring = "PROMETHEUS" in name.upper() and value.startswith(("http://", "https://"))
    return "prometheus" if is_monitoring else None
