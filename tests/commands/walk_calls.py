"""Calls of the walk's commands in a process, with a server that is pretended."""

from __future__ import annotations

import pytest
from backend_performance import diagnosis
from backend_performance.commands import walk
from backend_performance.diagnosis.postgres import run as postgres_run

from tests.walk.walk_examples import evidence

SECRET = "hunter2-secret"


DSN = f"postgresql://probe:{SECRET}@127.0.0.1:1/shop"


SKILL_PAGE = """\
---
name: small-skill
description: For tests.
metadata:
  version: "2.0.0"
---

# Small

<!-- area: database -->

### Indexing checklist

- [ ] **Index foreign keys.** PostgreSQL creates none.
  - Check: [`postgres/x`](scripts/probes/postgres/x.sql)
  - Fix: build it
  - Verify: look again
  - Impact: high · Effort: low · Engines: postgres
- [ ] **Set a TTL.** Everything expires.
  - Impact: low · Effort: low · Engines: redis
- [ ] Read the logs
"""


FOREIGN_KEYS = "database/indexing/index-foreign-keys"


@pytest.fixture
def skill(tmp_path, monkeypatch):
    """A small skill; commands run in a folder beside it."""
    folder = tmp_path / "small-skill"
    folder.mkdir()
    (folder / "SKILL.md").write_text(SKILL_PAGE, encoding="utf-8")
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    return folder


class Server:
    """Stands for the diagnosis half: what it was asked, what it says."""

    def __init__(self, *answers, error=None):
        self.answers, self.error, self.asked = answers, error, None

    def run(self, dsn, **options):
        self.asked = (dsn, options)
        if self.error:
            raise self.error
        found = [_Said(answer) for answer in self.answers]
        return diagnosis.Run({"version": "17.2", "note": f"at {DSN}"}, tuple(found))


class _Said:
    def __init__(self, content):
        self.content = content

    def to_json(self):
        return self.content


@pytest.fixture
def server(monkeypatch):
    made = Server(evidence("fail", [FOREIGN_KEYS], caveats=[f"password was {SECRET}"]))
    monkeypatch.setattr(postgres_run, "run_postgres", made.run)
    monkeypatch.setenv("DATABASE_URL", DSN)
    return made


def call(capsys, *arguments, skill=None):
    extra = ["--skill", str(skill)] if skill else []
    try:
        code = walk.main([*map(str, arguments), *extra])
    except SystemExit as exc:  # argparse
        code = exc.code
    out, err = capsys.readouterr()
    return code, out, err
