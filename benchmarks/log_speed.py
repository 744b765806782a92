"""How fast logs are read, and whether the ranking is that of pgBadger and pt-query-digest.

Writes a log of PostgreSQL or a slow log of MySQL of a given size with the same traffic, has each
program read it, and prints time, peak memory of the largest process and the ten statements that
take most time. pgbadger and pt-query-digest are Debian packages; one that is missing is left out.

    python benchmarks/log_speed.py postgres 1024
    python benchmarks/log_speed.py mysql 1024
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Weight, mean milliseconds and text of each statement; literals differ from call to call.
STATEMENTS = (
    (30, 0.4, "SELECT id, title, body FROM book WHERE shelf_id = {n} ORDER BY title LIMIT 20"),
    (20, 0.2, "SELECT v FROM setting WHERE k = '{w}'"),
    (10, 3.0, "UPDATE loan SET returned = '{w}', fine = {n}.50 WHERE id = {n}"),
    (10, 1.0, "INSERT INTO visit (reader_id, page, note) VALUES ({n}, {n}, '{w}')"),
    (
        8,
        6.0,
        "SELECT l.id, b.title FROM loan l JOIN book b ON b.id = l.book_id WHERE l.due < '{w}'",
    ),
    (6, 9.0, "SELECT count(*) FROM visit WHERE reader_id = {n} AND page IN ({n}, {n}, {n})"),
    (5, 2.0, "DELETE FROM session WHERE token = '{w}'"),
    (4, 20.0, "SELECT fine_of({n})"),
    (4, 30.0, "SELECT * FROM reader WHERE lower(name) LIKE '%{w}%'"),
    (2, 90.0, "SELECT shelf_id, sum(n) FROM book GROUP BY shelf_id HAVING sum(n) > {n}"),
    (1, 400.0, "SELECT * FROM visit ORDER BY note OFFSET {n} LIMIT 50"),
)


def traffic(chance: random.Random) -> Iterator[tuple[datetime, int, float, str]]:
    """Yield moment, session, milliseconds and statement forever."""
    weights = [weight for weight, _, _ in STATEMENTS]
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while True:
        _, mean, text = chance.choices(STATEMENTS, weights)[0]
        moment += timedelta(milliseconds=chance.random() * 4)
        number = str(chance.randint(1, 10**6))
        word = f"{chance.getrandbits(40):x}"
        sql = text.replace("{n}", number).replace("{w}", word)
        yield moment, 4000 + chance.randint(0, 39), mean * chance.expovariate(1), sql


def postgres_line(moment: datetime, session: int, ms: float, sql: str) -> str:
    at = moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return f"{at} UTC [{session}] app@shop LOG:  duration: {ms:.3f} ms  statement: {sql}\n"


def mysql_entry(moment: datetime, session: int, ms: float, sql: str) -> str:
    return (
        f"# Time: {moment:%Y-%m-%dT%H:%M:%S.%fZ}\n"
        f"# User@Host: app[app] @ web [10.0.0.4]  Id: {session}\n"
        f"# Query_time: {ms / 1000:.6f}  Lock_time: 0.000002 Rows_sent: 1  Rows_examined: 20\n"
        f"SET timestamp={moment.timestamp():.0f};\n{sql};\n"
    )


def write(file: Path, kind: str, megabytes: int) -> None:
    """Write a log of so many megabytes."""
    form = postgres_line if kind == "postgres" else mysql_entry
    size, wanted = 0, megabytes * 1_000_000
    with file.open("w") as stream:
        for one in traffic(random.Random(7)):
            size += stream.write(form(*one))
            if size >= wanted:
                return


def measured(command: list[str]) -> tuple[str, float, str]:
    """Return the times as text, peak memory of the largest process in MB, and standard output."""
    with tempfile.NamedTemporaryFile("w+") as memory:
        timed = ["/usr/bin/time", "-f", "%U %S %M", "-o", memory.name, *command]
        started = time.monotonic()
        done = subprocess.run(timed, capture_output=True, text=True, check=False)
        took = time.monotonic() - started
        user, system, peak = map(float, memory.read().split()[-3:])
    times = f"{user + system:.1f} CPU s, {took:.1f} s by the clock"
    return times, peak / 1000, done.stdout


def ours(file: Path) -> tuple[str, float, list[str]]:
    command = [sys.executable, str(ROOT / "scripts/probe.py"), "sqllog", str(file)]
    times, peak, _ = measured([*command, "--timeout", "3600"])
    return times, peak, ranking(file)


def ranking(file: Path) -> list[str]:
    """Return our statements by their time; evidence shows only those above a share."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from backend_performance.diagnosis.sqllog import reading, rows

    part = reading.Part(file, reading.format_of(file, {}))
    found = rows.rows("time", reading.read_part(part), {})
    return [row["query_untrusted"] for row in found]


def pgbadger(file: Path) -> tuple[str, float, list[str]]:
    report = file.with_suffix(".json")
    jobs = str(os.cpu_count() or 1)
    command = ["pgbadger", "-q", "-j", jobs, "-f", "stderr", "-p", "%m [%p] %u@%d ", "-o"]
    took, peak, _ = measured([*command, str(report), str(file)])
    found = json.loads(report.read_text()).get("normalyzed_info", {})
    statements = next(iter(found.values()), {})
    ranked = sorted(statements.items(), key=lambda one: -float(one[1].get("duration", 0)))
    return took, peak, [text for text, _ in ranked]


def pt_query_digest(file: Path) -> tuple[str, float, list[str]]:
    command = ["pt-query-digest", "--output", "json", "--no-version-check", "--limit", "20"]
    took, peak, output = measured([*command, str(file)])
    classes = json.loads(output[output.index("{") :])["classes"]
    return took, peak, [one["fingerprint"] for one in classes]


def words(text: str) -> str:
    """Return what two programs' fingerprints of one statement have in common."""
    plain = re.sub(r"in ?\([^)]*\)|values ?\([^)]*\)|values ?\?\+", "list", text.lower())
    return " ".join(re.findall(r"[a-z_]+", plain))


def main() -> None:
    kind, megabytes = sys.argv[1], int(sys.argv[2])
    other = ("pgbadger", pgbadger) if kind == "postgres" else ("pt-query-digest", pt_query_digest)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "statements.log"
        write(file, kind, megabytes)
        mine = ours(file)
        print(f"{kind}, {file.stat().st_size / 1e6:.0f} MB")
        print(f"probe.py sqllog: {mine[0]}, {mine[1]:.0f} MB at most in a process")
        if not shutil.which(other[0]):
            print(f"{other[0]} is not installed")
            return
        theirs = other[1](file)
        print(f"{other[0]}: {theirs[0]}, {theirs[1]:.0f} MB at most in a process")
        pairs = list(zip(map(words, mine[2]), map(words, theirs[2]), strict=False))[:10]
        print(f"the same statement at {sum(a == b for a, b in pairs)} of {len(pairs)} places")


if __name__ == "__main__":
    main()
