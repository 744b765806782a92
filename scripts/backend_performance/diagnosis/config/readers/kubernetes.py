"""Kubernetes manifests: workloads with limits and probes, autoscalers, and files in ConfigMaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .. import tables
from ..located import Located, documents
from ..model import Entry, Part, Place
from . import commands, environment

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "ReplicaSet")
#: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ (maxSurge)
DEFAULT_SURGE_PCT = 25.0


def read(text: str, file: str) -> Iterator[Part]:
    """Yield a part for each container of a workload.

    Raises:
        NotYamlError: the text cannot be read as YAML.
    """
    resources = [one for document in documents(text) for one in _resources(document)]
    for resource in resources:
        if resource.text("kind") in _WORKLOADS:
            yield from _workload(resource, file)
        elif resource.text("kind") == "HorizontalPodAutoscaler":
            yield _autoscaler(resource, file)


def is_manifest(document: Located) -> bool:
    return bool(document.text("apiVersion") and document.text("kind"))


def _resources(document: Located) -> Iterator[Located]:
    if document.text("kind") == "List":
        yield from document.each("items")
    elif is_manifest(document):
        yield document


def _workload(resource: Located, file: str) -> Iterator[Part]:
    name = resource.text("metadata", "name")
    pod = resource.at("spec", "template", "spec")
    if pod is None:
        return
    shared = list(_scaled(resource, pod))
    for container in pod.each("containers"):
        yield Part(
            name=name,
            kind="workload",
            place=Place(file, container.line),
            program=_program(container)[0],
            entries=(*shared, *_container(container)),
            hosts=frozenset({name}),
            facts={
                "kind": ({"kind": resource.text("kind"), "surge_pct": _surge(resource)},),
                "probes": tuple(_probes(container, file)),
                "stop": (_stop(container, pod, file),),
                "addresses": tuple(_addresses(container, file)),
            },
        )


def _scaled(resource: Located, pod: Located) -> Iterator[Entry]:
    replicas = resource.at("spec", "replicas")
    if replicas is not None and isinstance(replicas.value, str):
        yield Entry("kubernetes", "replicas", replicas.value, replicas.line)
    grace = pod.at("terminationGracePeriodSeconds")
    if grace is not None and isinstance(grace.value, str):
        yield Entry("kubernetes", "terminationGracePeriodSeconds", grace.value, grace.line)


def _autoscaler(resource: Located, file: str) -> Part:
    most = resource.at("spec", "maxReplicas")
    target = resource.text("spec", "scaleTargetRef", "name")
    entries: tuple[Entry, ...] = ()
    if most is not None and isinstance(most.value, str):
        entries = (Entry("kubernetes", "hpa.maxReplicas", most.value, most.line),)
    return Part(target, "autoscaler", Place(file, resource.line), entries=entries)


def _surge(resource: Located) -> float:
    """The share of further pods during a rolling update; a count stands as its negative."""
    if resource.text("kind") != "Deployment":
        return 0.0
    strategy = resource.at("spec", "strategy")
    if strategy is not None and strategy.text("type") == "Recreate":
        return 0.0
    given = strategy.text("rollingUpdate", "maxSurge") if strategy else ""
    if given.endswith("%") and given[:-1].isdigit():
        return float(given[:-1])
    return -float(given) if given.isdigit() else DEFAULT_SURGE_PCT


def _program(container: Located) -> tuple[str, tuple[Entry, ...]]:
    line = container.line
    given = [
        word.value
        for key in ("command", "args")
        for word in container.each(key)
        if isinstance(word.value, str)
    ]
    program, options = commands.read(given, line)
    if program:
        return program, options
    program = tables.by_image(container.text("image"))
    if program and given:
        started = tables.programs()[program].commands[0]
        return program, commands.read([started, *given], line)[1]
    return program, ()


def _container(container: Located) -> Iterator[Entry]:
    yield from _program(container)[1]
    for key in ("resources.limits.memory", "resources.limits.cpu"):
        found = container.at(*key.split("."))
        if found is not None and isinstance(found.value, str):
            yield Entry("kubernetes", key, found.value, found.line)
    for variable in container.each("env"):
        yield from environment.read(variable.text("name"), variable.text("value"), variable.line)


def _probes(container: Located, file: str) -> Iterator[Mapping[str, object]]:
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.at(kind)
        if probe is not None:
            command = [w.value for w in probe.each("exec", "command") if isinstance(w.value, str)]
            yield {
                "probe": kind,
                "path": probe.text("httpGet", "path"),
                "port": probe.text("httpGet", "port"),
                "command": " ".join(command),
                "place": f"{file}:{probe.line}",
            }


def _stop(container: Located, pod: Located, file: str) -> Mapping[str, object]:
    hook = container.at("lifecycle", "preStop")
    words = (
        [w.value for w in hook.each("exec", "command") if isinstance(w.value, str)] if hook else []
    )
    seconds = hook.text("sleep", "seconds") if hook else ""
    return {
        "has_hook": hook is not None,
        "hook": " ".join(words) or (f"sleep {seconds}" if seconds else ""),
        "serves": bool(container.each("ports")),
        "place": f"{file}:{hook.line if hook else container.line}",
    }


def _addresses(container: Located, file: str) -> Iterator[Mapping[str, object]]:
    for variable in container.each("env"):
        scheme, host = environment.host(variable.text("value"))
        if scheme and host:
            yield {
                "variable": variable.text("name"),
                "scheme": scheme,
                "host": host.partition(".")[0],
                "place": f"{file}:{variable.line}",
            }
