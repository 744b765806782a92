"""Who gives up on an answer does not pull away what the question still uses."""

from __future__ import annotations

import threading
import time

import pytest
from backend_performance.diagnosis.guards.patience import Overdue, within


def test_work_that_was_given_up_ends_before_the_caller_goes_on():
    cut = threading.Event()
    ended = []

    def work():
        cut.wait(5)
        time.sleep(0.1)  # as a driver does that takes leave of a broken connection
        ended.append(True)

    with pytest.raises(Overdue):
        within(0.05, work, cut.set)
    assert ended
