"""Settings of the database servers that decide how they behave under load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import Configuration, Service

Row = Mapping[str, object]


def postgres(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each PostgreSQL server whose settings are written somewhere (bytes)."""
    for service in _once(configuration, "postgres"):
        work, most = service.number("work_mem"), service.number("max_connections")
        yield {
            "server": service.part.name,
            "fsync": _is_on(service, "durable"),
            "full_page_writes": _is_on(service, "full_page_writes"),
            "shared_buffers_bytes": _whole(service.number("shared_buffers")),
            "shared_buffers_written": service.written("shared_buffers"),
            "memory_limit_bytes": _whole(service.number("memory_limit")),
            "work_mem_for_all_bytes": _whole(work * most) if work and most else None,
            "idle_in_transaction_s": service.number("idle_in_transaction_timeout"),
            "place": _place(service, "durable", "full_page_writes", "shared_buffers"),
        }


def mysql(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each MySQL or MariaDB server whose settings are written somewhere."""
    for service in _once(configuration, "mysql"):
        yield {
            "server": service.part.name,
            "buffer_pool_bytes": _whole(service.number("buffer_pool")),
            "buffer_pool_written": service.written("buffer_pool"),
            "flush_at_commit": service.number("flush_at_commit"),
            "memory_limit_bytes": _whole(service.number("memory_limit")),
            "place": _place(service, "flush_at_commit", "buffer_pool"),
        }


def pgbouncer(configuration: Configuration) -> Iterator[Row]:
    """Yield a row for each PgBouncer: its pools against the server behind it."""
    servers = configuration.running("postgres")
    for service in _once(configuration, "pgbouncer"):
        limits = {one.number("max_connections") for one in servers}
        yield {
            "server": service.part.name,
            "server_pool_size": _whole(service.number("server_pool_size")),
            "client_limit": _whole(service.number("client_limit")),
            "pool_mode": service.text("pool_mode"),
            "server_limit": _whole(limits.pop()) if len(limits) == 1 else None,
            "place": _place(service, "server_pool_size", "pool_mode", "client_limit"),
        }


def _is_on(service: Service, name: str) -> bool:
    return (service.text(name) or "on").lower() not in ("off", "false", "no", "0")


def _once(configuration: Configuration, program: str) -> Iterator[Service]:
    """A workload that runs the program, or its file where nothing here starts it.

    A server of which no file states a setting is left out: defaults alone are no evidence.
    """
    running = configuration.running(program)
    workloads = [one for one in running if one.part.kind == "workload"]
    yield from (one for one in workloads or running if any(map(one.written, one.settings)))


def _place(service: Service, *names: str) -> str:
    written = (service.place(name) for name in names if service.written(name))
    return next(written, str(service.part.place))


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
