"""Marks what a test needs from the fixtures that it asks for: `make test-fast` leaves it out."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

#: Fixtures that start a server, a browser, or an installer, by the mark of the tests that ask.
NEEDS = {
    "server": {
        "primary",
        "server",
        "well_kept_server",
        "mysql_server",
        "mariadb_running",
        "small_server",
        "full_server",
        "deaf_server",
        "start",
        "postgres_log",
        "mariadb_log",
        "bench",
        "engine",
        "installation",
        "shop",
        "ran",
        "loop",
        "systems",
        "ask",
    },
    "browser": {"open_page"},
    "install": {"console", "scratch", "clone", "packed"},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them; files of long tests come first, so that no worker ends with one of them alone."""
    long: set[Path] = set()
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        for name, fixtures in NEEDS.items():
            if asked & fixtures:
                item.add_marker(name)
        if any(item.get_closest_marker(name) for name in (*NEEDS, "slow")):
            long.add(item.path)
    items.sort(key=lambda item: item.path not in long)


def pytest_configure(config: pytest.Config) -> None:
    """Sessions are signed with a key of the user's: tests, and what they start, have another."""
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="bp-state-")
    config.add_cleanup(lambda: shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True))
