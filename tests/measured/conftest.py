"""One set of engines for all measured tests of a run, each started on first use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def bench() -> Iterator[object]:
    from harness.measuring.bench import Bench

    with Bench() as running:
        yield running
