"""The archive of this repository, packed once for all tests of a run that read it."""

import pytest

from harness.publishing import archive


@pytest.fixture(scope="session")
def packed() -> bytes:
    return archive.build(archive.ROOT)
