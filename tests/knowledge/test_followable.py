"""An item of the service pages can be followed: a line to paste, a risk, now and later."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest

from tests.knowledge.tables import items

AREAS = ("api/", "caching/", "concurrency/", "memory/", "platform/", "profiling/")
ITEMS = [
    each
    for name, each in items().items()
    if name.startswith(AREAS) and each.same_as is None
]  # fmt: skip
_CODE = re.compile(r"`([^`]+)`")
#: What begins a line for a shell; other code is SQL, PromQL, a setting or a name.
PROGRAMS = (
    "awk", "aws", "cat", "curl", "dotnet-", "echo", "env", "find", "for", "git", "grep", "head",
    "java", "jcmd", "kubectl", "ls", "mpstat", "nginx", "node", "nstat", "promtool", "ps",
    "psql", "py-spy", "python3", "rabbitmqctl", "redis-cli", "ruff", "scripts/", "ss",
)  # fmt: skip


def commands(text: str) -> list[str]:
    return [code for code in _CODE.findall(text) if re.match(rf"({'|'.join(PROGRAMS)})\S* ", code)]


def test_there_are_items() -> None:
    assert len(ITEMS) > 60


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_the_check_has_a_line_to_paste(item: Any) -> None:
    pasted = [code for code in _CODE.findall(item.check) if " " in code and len(code) > 15]
    assert pasted, item.check


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_the_risk_is_stated(item: Any) -> None:
    assert item.risk


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_it_is_verified_now_and_over_traffic(item: Any) -> None:
    assert re.match(r"now, .+; over ", item.verify), item.verify


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_lines_for_a_shell_are_shell(item: Any) -> None:
    for line in commands(f"{item.check} {item.fix} {item.verify}"):
        done = subprocess.run(["bash", "-n"], input=line, text=True, capture_output=True)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
