"""Limits of memory and processor, against what runs inside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import Configuration, Service

Row = Mapping[str, object]
#: What one program holds for its main purpose: setting, and how a message names it.
_HELD = (
    ("heap_limit", "heap"),
    ("maxmemory", "data set"),
    ("shared_buffers", "shared buffers"),
    ("buffer_pool", "buffer pool"),
)


def memory(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each service with a memory limit and a stated size inside it (bytes)."""
    for service in configuration.workloads():
        limit = service.number("memory_limit")
        for setting, name in _HELD:
            held = service.number(setting)
            if limit and held and service.written(setting):
                processes = (service.number("processes") or 1) if name == "heap" else 1
                yield _memory_row(service, limit, held * processes, name, setting)
        share = service.number("heap_share_pct")
        if limit and share and service.program == "java" and not service.number("heap_limit"):
            yield _memory_row(service, limit, limit * share / 100, "heap", "heap_share_pct")


def _memory_row(service: Service, limit: float, held: float, name: str, setting: str) -> Row:
    return {
        "service": service.part.name,
        "holds": name,
        "held_bytes": int(held),
        "limit_bytes": int(limit),
        "held_pct": round(100 * held / limit, 1),
        "is_default": not service.written(setting),
        "place": service.place(setting) if service.written(setting) else str(service.part.place),
        "limit_place": service.place("memory_limit"),
    }


def cpu(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each application with a CPU limit: processes and runtime inside it."""
    for service in configuration.workloads():
        limit = service.number("cpu_limit")
        if limit and service.program:
            yield {
                "service": service.part.name,
                "program": service.program,
                "cpu_limit": limit,
                "processes": service.number("processes"),
                "processes_written": service.written("processes"),
                "memory_limit_bytes": service.number("memory_limit"),
                "place": service.place("cpu_limit"),
            }


def redis(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each Redis: limit, eviction policy, and who uses it for what."""
    for service in configuration.running("redis"):
        if service.part.kind != "workload" and len(configuration.running("redis")) > 1:
            continue
        uses = _uses(configuration, service)
        yield {
            "service": service.part.name,
            "maxmemory_bytes": int(service.number("maxmemory") or 0),
            "policy": service.text("eviction_policy"),
            "evicts_any_key": service.text("eviction_policy").startswith("allkeys"),
            "used_as_cache": "cache" in uses,
            "used_as_queue": "queue" in uses,
            "policy_place": service.place("eviction_policy"),
            "place": str(service.part.place),
        }


#: Words in a variable's name that tell what a Redis is for.
_CACHE_WORDS = ("CACHE",)
_QUEUE_WORDS = ("BROKER", "QUEUE", "SIDEKIQ", "CELERY", "BULL", "RESQUE", "JOB")


def _uses(configuration: Configuration, server: Service) -> set[str]:
    found = set()
    for service in configuration.workloads():
        for address in service.part.facts.get("addresses", ()):
            if str(address["host"]) not in server.part.hosts:
                continue
            variable = str(address["variable"]).upper()
            if any(word in variable for word in _CACHE_WORDS):
                found.add("cache")
            if any(word in variable for word in _QUEUE_WORDS) or service.program == "sidekiq":
                found.add("queue")
    return found
