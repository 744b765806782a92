"""Docker Compose files: services with their commands, environment, limits and health checks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from .. import tables
from ..interpolation import filled
from ..located import Located, documents
from ..model import Part
from . import commands, environment
from .source import Source


def read(source: Source) -> Iterator[Part]:
    """Yield a part for each service.

    Raises:
        NotYamlError: the text cannot be read as YAML.
    """
    for document in documents(source.text):
        for name, service in document.items("services"):
            yield _part(name, service, source.name)


def _part(name: str, service: Located, file: str) -> Part:
    given = [word for key in ("entrypoint", "command") for word in _words(service.at(key))]
    line = (service.at("command") or service.at("entrypoint") or service).line
    started = commands.started(given, filled(service.text("image")), f"{file}:{line}")
    variables = list(_environment(service.at("environment")))
    settings = started.settings | environment.settings(variables, file)
    for key, value in service.flat():
        settings |= tables.stated("compose", key, filled(str(value.value)), f"{file}:{value.line}")
    aliases = [a for _, network in service.items("networks") for a in network.words("aliases")]
    return Part(
        name=name,
        kind="workload",
        file=file,
        line=service.line,
        program=started.program,
        settings=settings,
        context=_context(service, file),
        dockerfile=filled(service.text("build", "dockerfile")),
        scripts=started.scripts,
        hosts=frozenset({name, service.text("container_name") or name, *aliases}),
        facts={"addresses": environment.addresses(variables)},
    )


def _words(value: Located | None) -> list[str]:
    if value is None:
        return []
    if isinstance(value.value, str):
        return commands.words(filled(value.value))
    return [filled(word) for word in value.words()]


def _environment(value: Located | None) -> Iterator[environment.Variable]:
    if value is None:
        return
    for name, given in value.items():
        if isinstance(given.value, str):
            yield name, given.value, given.line
    for given in value.each():
        if isinstance(given.value, str):
            name, _, text = given.value.partition("=")
            yield name, text, given.line


def _context(service: Located, file: str) -> str | None:
    built = service.at("build")
    if built is None:
        return None
    folder = built.value if isinstance(built.value, str) else built.text("context") or "."
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), filled(folder)))
