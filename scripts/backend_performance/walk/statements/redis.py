"""Commands for Redis and Valkey."""

from __future__ import annotations

from .model import Row, Statement

_KEPT = "takes effect at once; CONFIG REWRITE keeps it over a restart"


def policy(row: Row) -> tuple[Statement, ...]:
    """Return what gives a cache a policy at its memory limit, and a limit where it has none."""
    role, current = row.get("instance_role"), row.get("policy")
    commands = []
    if role == "cache" and current == "noeviction":
        commands.append(
            Statement(
                "CONFIG SET maxmemory-policy allkeys-lfu",
                f"{_KEPT}. Risk: keys that must stay are evicted too; only for a pure cache",
                "redis-cli",
            )
        )
    if role == "store" and isinstance(current, str) and current.startswith("allkeys"):
        commands.append(
            Statement(
                "CONFIG SET maxmemory-policy noeviction",
                f"{_KEPT}. Risk: writes fail when the memory is full; watch used_memory",
                "redis-cli",
            )
        )
    return tuple(commands)


def unlink(row: Row) -> tuple[Statement, ...]:
    """Return how to delete a large key without stalling other clients."""
    return (
        Statement(
            "CONFIG SET lazyfree-lazy-user-del yes",
            f"{_KEPT}. DEL then frees memory in the background. Risk: memory falls a little later",
            "redis-cli",
        ),
    )
