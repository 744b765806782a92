"""Parts joined into services: what a file configures is given to the workloads that it is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from . import files, tables
from .model import Configuration, Part, Service, Setting

#: Programs that read the files of a framework or language beside their own.
_READS = {
    "gunicorn": ("gunicorn", "django", ""),
    "uvicorn": ("gunicorn", "django", ""),
    "puma": ("puma", "rails", ""),
    "rails": ("puma", "rails", ""),
    "sidekiq": ("rails", ""),
    "celery": ("django", ""),
    "java": ("java", ""),
}


def configuration(root: Path) -> Configuration:
    """Return everything that the configuration files below ``root`` say."""
    parts, count, unread = files.read(root)
    merged = [_with_image(part, parts) for part in _merged(parts)]
    workloads = [part for part in merged if part.kind == "workload"]
    apply = [part for part in merged if part.kind == "file"]
    services = [_service(part, apply, workloads, merged) for part in workloads]
    services += [
        Service(part, tables.defaults(part.program) | _settings(part))
        for part in merged
        if part.kind in ("server", "proxy", "monitoring")
    ]
    if not workloads:
        images = [part for part in merged if part.kind == "image"]
        services += [_alone(part, apply) for part in images or apply]
    return Configuration(tuple(services), count, unread)


def _merged(parts: Sequence[Part]) -> Iterable[Part]:
    """Give the entries of a Compose override file to the services that it overrides."""
    overrides = [
        part for part in parts if part.kind == "workload" and "override" in part.place.file
    ]
    for part in parts:
        if part in overrides and any(_overrides(part, other) for other in parts):
            continue
        added = [one.entries for one in overrides if _overrides(one, part)]
        yield replace(part, entries=sum(added, part.entries)) if added else part


def _overrides(override: Part, part: Part) -> bool:
    same_folder = override.deployment == part.deployment
    is_base = part.kind == "workload" and "override" not in part.place.file
    return is_base and same_folder and override.name == part.name


def _service(
    part: Part, apply: Sequence[Part], workloads: Sequence[Part], parts: Sequence[Part]
) -> Service:
    settings: dict[str, Setting] = {}
    for file in apply:
        if _applies(file, part, workloads):
            settings |= _settings(file)
    server = next(
        (one for one in parts if one.kind == "server" and one.program == part.program), None
    )
    if server is not None and part.program:
        settings |= _settings(server)
    settings |= _settings(part)
    for scaler in parts:
        if scaler.kind == "autoscaler" and scaler.name == part.name:
            settings |= _settings(scaler)
    known = tables.defaults(part.program)
    return Service(part, known | settings)


def _with_image(part: Part, parts: Sequence[Part]) -> Part:
    """Give a workload that is built here what the Dockerfile of its folder starts."""
    if part.kind != "workload" or part.context is None or part.program:
        return part
    context = part.context.removeprefix(".").strip("/")
    for image in parts:
        if image.kind == "image" and image.deployment == context:
            return replace(part, program=image.program, entries=(*image.entries, *part.entries))
    return part


def _alone(part: Part, apply: Sequence[Part]) -> Service:
    """A file that nothing here starts: one process of one instance is all that is known."""
    workload = replace(part, kind="workload", context=part.deployment)
    settings: dict[str, Setting] = {}
    for file in apply:
        if file is not part and _applies(file, workload, [workload]):
            settings |= _settings(file)
    return Service(workload, tables.defaults(part.program) | settings | _settings(part))


def _settings(part: Part) -> dict[str, Setting]:
    return tables.settings(part.entries, part.place.file)


def _applies(file: Part, workload: Part, workloads: Sequence[Part]) -> bool:
    """A file configures the workloads of its program, built from the folder that holds it."""
    if workload.context is None and _built(workloads):
        return False  # A third-party image does not read this project's files.
    programs = _READS.get(workload.program, (workload.program, ""))
    if workload.program in tables.programs():
        kind = tables.programs()[workload.program].kind
        if kind not in ("application", "worker") or file.program not in programs:
            return False
    context = (workload.context or "").removeprefix(".").strip("/")
    inside = not context or file.place.file.startswith(f"{context}/")
    others = {one.context for one in workloads if one.context}
    return inside and (bool(context) or len(others) <= 1)


def _built(workloads: Sequence[Part]) -> bool:
    return any(one.context is not None for one in workloads)
