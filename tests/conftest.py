"""Marks what a test needs from the fixtures that it asks for: `make test-fast` leaves it out."""

from __future__ import annotations

import os
import shutil
import tempfile

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
        "systems",
        "ask",
    },
    "browser": {"open_page"},
    "install": {"console", "scratch", "clone"},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        for name, fixtures in NEEDS.items():
            if asked & fixtures:
                item.add_marker(name)


def pytest_configure(config: pytest.Config) -> None:
    """Sessions are signed with a key of the user's: tests, and what they start, have another."""
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="bp-state-")
    config.add_cleanup(lambda: shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True))
