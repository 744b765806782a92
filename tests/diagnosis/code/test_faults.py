"""Each kind of fault is found, and the repaired form beside it is not."""

import pytest

from tests.diagnosis.code.faults import FAULTS
from tests.diagnosis.code.samples import places, reads


@pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS)
def test_the_fault_is_found_and_its_repair_is_not(tmp_path, case):
    category, name, text, lines = case
    run = reads(tmp_path, {name: text})
    assert places(run, category) == [(name, line) for line in lines]
