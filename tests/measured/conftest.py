"""One set of engines for all measured tests of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def bench() -> Iterator[object]:
    from harness.bench import Bench
    from harness.engines import FINDERS, require_or_skip

    for engine in FINDERS:
        require_or_skip(engine)
    with Bench() as running:
        yield running
