"""Docker Compose files: services with their commands, environment, limits and health checks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from .. import tables
from ..interpolation import filled
from ..located import Located, documents
from ..model import Entry, Part, Place
from . import commands, environment

_LIMITS = (
    "mem_limit",
    "cpus",
    "scale",
    "stop_grace_period",
    "deploy.replicas",
    "deploy.resources.limits.memory",
    "deploy.resources.limits.cpus",
)


def read(text: str, file: str) -> Iterator[Part]:
    """Yield a part for each service.

    Raises:
        NotYamlError: the text cannot be read as YAML.
    """
    for document in documents(text):
        for name, service in document.items("services"):
            yield _part(name, service, file)


def _part(name: str, service: Located, file: str) -> Part:
    image = filled(service.text("image"))
    command, options = "", tuple[Entry, ...]()
    for key in ("entrypoint", "command"):
        started, found = _command(service.at(key))
        command, options = started or command, options + found
    program = command or tables.by_image(image)
    if program and not command:
        # The entry point of an official image hands the command's options to its program.
        options = _bare_options(program, service.at("command"))
    variables = dict(_environment(service.at("environment")))
    entries = [*options]
    for variable, value in variables.items():
        entries += environment.read(variable, value[0], value[1])
    for key in _LIMITS:
        found_limit = service.at(*key.split("."))
        if found_limit is not None:
            value_text = found_limit.value if isinstance(found_limit.value, str) else ""
            entries.append(Entry("compose", key, filled(value_text), found_limit.line))
    return Part(
        name=name,
        kind="workload",
        place=Place(file, service.line),
        program=program,
        entries=tuple(entries),
        context=_context(service, file),
        hosts=frozenset({name, service.text("container_name") or name, *_aliases(service)}),
        facts={"addresses": _addresses(variables, file)},
    )


def _command(value: Located | None) -> tuple[str, tuple[Entry, ...]]:
    if value is None:
        return "", ()
    return commands.read(_words(value), value.line)


def _bare_options(program: str, value: Located | None) -> tuple[Entry, ...]:
    if value is None:
        return ()
    return commands.read([tables.programs()[program].commands[0], *_words(value)], value.line)[1]


def _words(value: Located) -> list[str]:
    if isinstance(value.value, str):
        return commands.words(filled(value.value))
    return [filled(word.value) for word in value.each() if isinstance(word.value, str)]


def _environment(value: Located | None) -> Iterator[tuple[str, tuple[str, int]]]:
    if value is None:
        return
    for name, given in value.items():
        if isinstance(given.value, str):
            yield name, (filled(given.value), given.line)
    for given in value.each():
        if isinstance(given.value, str):
            name, _, text = given.value.partition("=")
            yield name, (filled(text), given.line)


def _context(service: Located, file: str) -> str | None:
    built = service.at("build")
    if built is None:
        return None
    folder = built.value if isinstance(built.value, str) else built.text("context") or "."
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), filled(folder)))


def _aliases(service: Located) -> Iterator[str]:
    for _, network in service.items("networks"):
        for alias in network.each("aliases"):
            if isinstance(alias.value, str):
                yield alias.value


def _addresses(
    variables: Mapping[str, tuple[str, int]], file: str
) -> tuple[Mapping[str, object], ...]:
    """Who is called under which variable: scheme and host only."""
    found = []
    for name, (value, line) in variables.items():
        scheme, host = environment.host(value)
        if scheme and host:
            found.append(
                {"variable": name, "scheme": scheme, "host": host, "place": f"{file}:{line}"}
            )
    return tuple(found)
