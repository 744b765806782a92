"""What the tests of written logs share."""

from __future__ import annotations

from backend_performance.diagnosis.sqllog.run import run_sqllog


def ask(tmp_path, text, **options):
    file = tmp_path / "some.log"
    file.write_text(text, "utf-8")
    run = run_sqllog(file, **options)
    return run.server, {one.probe.partition("/")[2]: one for one in run.evidence}


def postgres(statements):
    return "".join(
        f"2024-03-01 10:{n // 60:02}:{n % 60:02}.000 UTC [2030] lib@library LOG:  {text}\n"
        for n, text in enumerate(statements)
    )
