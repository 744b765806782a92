"""Builders of the JSON both halves publish, and of sessions made from it."""

import json
from datetime import UTC, datetime
from pathlib import Path

from backend_performance import __version__
from backend_performance.walk import join, session
from backend_performance.walk.store import store

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
DIGEST = "sha256:" + "0" * 64
SKILL = session.SkillStamp("backend-performance", __version__, DIGEST)
PAGE = "references/database-optimization.md"


def item(name="index-foreign-keys", **fields):
    made = {
        "id": f"database/indexing/{name}",
        "title": name.replace("-", " ").capitalize(),
        "text": f"**{name.replace('-', ' ').capitalize()}.** Why it pays.",
        "file": PAGE,
        "line": 10,
        "state": "open",
        "check": "[`postgres/x`](../scripts/probes/postgres/x.sql), or by hand",
        "probe": None,
        "fix": "`CREATE INDEX CONCURRENTLY …`",
        "risk": None,
        "verify": "run the check again",
        "why": "[Indexes](#indexes)",
        "impact": "high",
        "effort": "low",
        "no_probe": None,
        "engines": [],
        "probes": [],
        "references": [{"file": PAGE, "anchor": "indexes"}],
        "notes": [],
        "extra": {},
        "children": [],
        "same_as": None,
    }
    return made | {"id": fields.pop("id", made["id"])} | fields


def checklist(*items, area="database"):
    return {
        "id": f"{area}/indexing",
        "title": "Indexing checklist",
        "area": area,
        "file": PAGE,
        "anchor": "indexing-checklist",
        "line": 8,
        "coverage": {
            "items": len(items),
            "with_probe": sum(bool(each["probes"]) for each in items),
            "judgement_only": 0,
            "neither": sum(not each["probes"] for each in items),
        },
        "items": list(items),
    }


def evidence(verdict="fail", items=("database/indexing/index-foreign-keys",), **fields):
    return {
        "probe": "postgres/unindexed-foreign-keys",
        "items": list(items),
        "verdict": verdict,
        "reason": "one foreign key has no index",
        "question": "Does it matter?" if verdict == "judge" else None,
        "observed": {"foreign_keys": 3},
        "threshold": {"child_rows": 10_000},
        "rows": [{"child_untrusted": "orders", "child_rows": 50_000}],
        "truncated": False,
        "took_ms": 1.5,
        "source": "https://www.postgresql.org/docs/current/ddl-constraints.html",
        "caveats": ["Row counts are estimates."],
    } | fields


#: Every item that a walk was made of here: what the skill of these tests has.
KNOWN: dict[str, session.Step] = {}
INSTALLED = session.Installed(DIGEST, KNOWN)


def walk(items=None, evidence=(), engines=None, **fields):
    items = [item()] if items is None else items
    steps = join.steps([checklist(*items)])
    KNOWN.update((step.id, step) for step in steps)
    return session.start(
        steps,
        join.readings(evidence),
        engines,
        skill=SKILL,
        now=NOW,
        **fields,
    )


def decided(current, name, verdict="pass", note="seen", **fields):
    decision = session.Decision(name, verdict, session.moment(NOW), note=note, **fields)
    return session.record(current, name, decision)


def saved(folder: Path, current=None) -> Path:
    path = folder / "session.json"
    store.create(path, current or walk())
    return path


def written(data: dict) -> bytes:
    """Return a session file of that content, sealed as this user's own."""
    return json.dumps(store.sealed(data)).encode()
