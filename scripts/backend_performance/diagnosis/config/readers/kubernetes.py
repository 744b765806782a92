"""Kubernetes manifests: workloads with limits and probes, and autoscalers."""

from __future__ import annotations

from collections.abc import Iterator

from .. import tables
from ..located import Located, documents
from ..model import Part, Settings
from . import commands, environment
from .source import Source

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "ReplicaSet")


def read(source: Source) -> Iterator[Part]:
    """Yield a part for each container of a workload, and one for each autoscaler.

    Raises:
        NotYamlError: the text cannot be read as YAML.
    """
    for document in documents(source.text):
        is_list = document.text("kind") == "List"
        for resource in document.each("items") if is_list else (document,):
            if resource.text("kind") in _WORKLOADS:
                yield from _workload(resource, source.name)
            elif resource.text("kind") == "HorizontalPodAutoscaler":
                target = resource.text("spec", "scaleTargetRef", "name")
                settings = _settings(resource, source.name)
                yield Part(target, "autoscaler", source.name, resource.line, settings=settings)


def _workload(resource: Located, file: str) -> Iterator[Part]:
    name = resource.text("metadata", "name")
    pod = resource.at("spec", "template", "spec")
    if pod is None:
        return
    shared = tables.defaults("kubernetes") | _settings(resource, file)
    for container in pod.each("containers"):
        given = [*container.words("command"), *container.words("args")]
        place = f"{file}:{(container.at('command') or container.at('args') or container).line}"
        program, options = commands.started(given, container.text("image"), place)
        variables = [
            (one.text("name"), one.text("value"), one.line) for one in container.each("env")
        ]
        yield Part(
            name=name,
            kind="workload",
            file=file,
            line=container.line,
            program=program,
            settings={
                **shared,
                **options,
                **_settings(container, file),
                **environment.settings(variables, file),
            },
            hosts=frozenset({name}),
            facts={"addresses": environment.addresses(variables, file)},
        )


def _settings(resource: Located, file: str) -> Settings:
    found: Settings = {}
    for key, value in resource.flat():
        found |= tables.stated("kubernetes", key, str(value.value), f"{file}:{value.line}")
    return found
