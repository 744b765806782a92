"""Kubernetes manifests: workloads with limits and probes, and autoscalers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from .. import tables
from ..located import Located, documents
from ..model import Part, Settings
from . import commands, environment, plain
from .source import Source

_NGINX = "nginx.ingress.kubernetes.io/"
_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "ReplicaSet")


def read(source: Source) -> Iterator[Part]:
    """Yield a part for each container of a workload, each autoscaler and each file in a ConfigMap.

    Raises:
        NotYamlError: the text cannot be read as YAML.
    """
    for document in documents(source.text):
        is_list = document.text("kind") == "List"
        for resource in document.each("items") if is_list else (document,):
            if resource.text("kind") in _WORKLOADS:
                yield from _workload(resource, source.name)
            elif resource.text("kind") == "ConfigMap":
                yield from chain.from_iterable(map(plain.read, _files(resource, source)))
            elif resource.text("kind") == "HorizontalPodAutoscaler":
                target = resource.text("spec", "scaleTargetRef", "name")
                settings = _settings(resource, source.name)
                yield Part(target, "autoscaler", source.name, resource.line, settings=settings)
            elif resource.text("kind") == "Ingress":
                routes = {"ingresses": tuple(_routes(resource, source.name))}
                yield Part("ingress", "proxy", source.name, resource.line, "nginx", facts=routes)


def _workload(resource: Located, file: str) -> Iterator[Part]:
    name = resource.text("metadata", "name")
    pod = resource.at("spec", "template", "spec")
    if pod is None:
        return
    shared = tables.defaults("kubernetes") | _settings(resource, file)
    for container in pod.each("containers"):
        given = [*container.words("command"), *container.words("args")]
        place = f"{file}:{(container.at('command') or container.at('args') or container).line}"
        started = commands.started(given, container.text("image"), place)
        variables = [
            (one.text("name"), one.text("value"), one.line) for one in container.each("env")
        ]
        yield Part(
            name=name,
            kind="workload",
            file=file,
            line=container.line,
            program=started.program or _by_port(container),
            settings={
                **shared,
                **started.settings,
                **_settings(container, file),
                **environment.settings(variables, file),
            },
            scripts=started.scripts,
            hosts=frozenset({name}),
            facts={"addresses": environment.addresses(variables)},
        )


def _routes(resource: Located, file: str) -> Iterator[dict[str, object]]:
    """What ingress-nginx passes on; a service is taken to be named like its workload."""
    known = resource.at("metadata", "annotations", f"{_NGINX}proxy-read-timeout")
    if known is None and "nginx" not in _class(resource):
        return
    held = (str(known.value),) if known else ()
    for rule in resource.each("spec", "rules"):
        for path in rule.each("http", "paths"):
            service = path.at("backend", "service", "name") or path.at("backend", "serviceName")
            yield {
                "by": "proxy_pass",
                "target": str(service.value) if service else "",
                "holding": {"proxy_read_timeout": (held, known.line)} if known else {},
                "place": f"{file}:{path.line}",
            }


def _class(resource: Located) -> str:
    named = resource.text("metadata", "annotations", "kubernetes.io/ingress.class")
    return resource.text("spec", "ingressClassName") or named


def _by_port(container: Located) -> str:
    """A database in an image of the project's own still listens on its usual port."""
    ports = {port.text("containerPort") for port in container.each("ports")}
    return next((p.name for p in tables.programs().values() if str(p.port) in ports), "")


def _files(resource: Located, source: Source) -> Iterator[Source]:
    """The files in a ConfigMap, at the lines where they stand in the manifest."""
    for name, value in resource.items("data"):
        kind = tables.kind_of_file(name)
        if kind is not None and kind.dialect and isinstance(value.value, str):
            yield replace(source, text="\n" * value.line + value.value, kind=kind)


def _settings(resource: Located, file: str) -> Settings:
    found: Settings = {}
    for key, value in resource.flat():
        found |= tables.stated("kubernetes", key, str(value.value), f"{file}:{value.line}")
    return found
