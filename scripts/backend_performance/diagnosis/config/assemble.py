"""Parts joined: what a file configures is given to the workloads that it is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from . import files, tables
from .model import Configuration, Part, Settings


def configuration(root: Path) -> Configuration:
    """Return everything that the configuration files below ``root`` say."""
    parts, count, unread = files.read(root)
    merged = [_with_script(_with_image(part, parts), parts) for part in _merged(parts)]
    workloads = [part for part in merged if part.kind == "workload"]
    if not workloads:  # One process of one instance is all that is known.
        alone = [p for p in merged if p.kind == "image"] or [p for p in merged if p.kind == "file"]
        workloads = [replace(p, kind="workload", context=p.deployment) for p in alone]
    services = [replace(one, settings=_settings(one, merged, workloads)) for one in workloads]
    services += [
        replace(part, settings=tables.defaults(part.program) | dict(part.settings))
        for part in merged
        if part.kind in ("server", "proxy", "monitoring")
    ]
    return Configuration(tuple(services), count, unread)


def _merged(parts: Sequence[Part]) -> Iterable[Part]:
    """Give the settings of a Compose override file to the services that it overrides."""
    workloads = [part for part in parts if part.kind == "workload"]
    overrides = {_key(part): part for part in workloads if "override" in part.file}
    bases = {_key(part) for part in workloads if "override" not in part.file}
    for part in parts:
        override = overrides.get(_key(part))
        if part.kind != "workload" or override is None or _key(part) not in bases:
            yield part
        elif part is not override:
            yield replace(part, settings={**part.settings, **override.settings})


def _key(part: Part) -> tuple[str, str]:
    return part.deployment, part.name


def _with_image(part: Part, parts: Sequence[Part]) -> Part:
    """Give a workload that is built here what the Dockerfile of its folder starts."""
    if part.kind != "workload" or part.context is None or part.program:
        return part
    images = [p for p in parts if p.kind == "image" and p.deployment == _folder(part)]
    named = [p for p in images if part.dockerfile and p.file.endswith(part.dockerfile)]
    for image in named or images:
        settings = {**image.settings, **part.settings}
        scripts = part.scripts or image.scripts
        return replace(part, program=image.program, settings=settings, scripts=scripts)
    return part


def _with_script(part: Part, parts: Sequence[Part]) -> Part:
    """Give a workload that runs a script of this tree what the script starts."""
    if part.kind not in ("workload", "image") or part.program:
        return part
    for path in part.scripts:
        name = path.removeprefix("./").lstrip("/")
        found = [p for p in parts if p.kind == "script" and f"/{p.file}".endswith(f"/{name}")]
        here = [p for p in found if p.file.startswith(f"{_folder(part)}/")] or found
        if len(here) == 1:
            settings = {**here[0].settings, **part.settings}
            return replace(part, program=here[0].program, settings=settings)
    return part


def _settings(part: Part, parts: Sequence[Part], workloads: Sequence[Part]) -> Settings:
    """What holds for a workload: the nearer to it something is stated, the later it counts."""
    found = tables.defaults(part.program)
    for file in parts:
        if file.kind == "file" and _applies(file, part, workloads):
            found |= file.settings
    servers = [p for p in parts if p.kind == "server" and p.program == part.program]
    here = [p for p in servers if p.deployment == part.deployment] or servers
    found |= here[0].settings if len(here) == 1 else {}
    found |= part.settings
    for scaler in parts:
        if scaler.kind == "autoscaler" and scaler.name == part.name:
            found |= scaler.settings
    return found


def _applies(file: Part, workload: Part, workloads: Sequence[Part]) -> bool:
    """A file configures the workloads of its program, built from the folder that holds it."""
    folders = {_folder(one) for one in workloads if one.context is not None}
    if workload.context is None and folders:
        return False  # A third-party image does not read this project's files.
    program = tables.programs().get(workload.program)
    if program is not None:
        reads = (program.name, *program.reads, "")
        if program.kind not in ("application", "worker") or file.program not in reads:
            return False
    elif len(folders) > 1 or (not workload.context and len(workloads) > 1):
        return False  # Nothing shows which of them the file is for.
    around = [one for one in folders if not one or file.file.startswith(f"{one}/")]
    return not folders or _folder(workload) == max(around, key=len, default=None)


def _folder(part: Part) -> str:
    return (part.context or "").removeprefix(".").strip("/")
