"""What ``probe.py code`` prints beside evidence: all leads as JSON, SARIF or annotations."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from ...diagnosis.code.review.baseline import apply, dump
from ...diagnosis.code.review.leads import Lead
from ...diagnosis.code.run import CodeRun
from ...diagnosis.probes.run import Run
from ...files import reason, write_atomically
from ...refusal import Refusal
from ...verdict import Verdict
from .. import console

FORMATS = ("leads", "sarif", "github")
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def finish(run: Run, arguments: argparse.Namespace) -> int | None:
    """Print leads where a format for them was asked; else return None."""
    if not isinstance(run, CodeRun):
        return None
    leads = run.leads
    if arguments.baseline is not None:
        leads = apply(arguments.baseline, leads)
    if arguments.write_baseline is not None:
        try:
            write_atomically(arguments.write_baseline, dump(run.leads).encode())
        except OSError as error:
            raise Refusal(f"cannot write {arguments.write_baseline}: {reason(error)}") from error
        console.write(f"{len(run.leads)} leads written to {arguments.write_baseline.name}")
        return console.CLEAN
    if arguments.format not in FORMATS:
        return None
    if arguments.format != "leads":
        leads = _from_here(leads, arguments.path)
    render = {"leads": _leads, "sarif": _as_sarif, "github": _as_github}[arguments.format]
    text = render(run, leads)
    if text:
        console.write(text)
    return console.FINDINGS if leads else console.CLEAN


def _from_here(leads: tuple[Lead, ...], root: Path) -> tuple[Lead, ...]:
    """Return leads with files as they are seen from the current folder, as hosts expect."""
    near = Path(os.path.relpath(root)).as_posix()
    if near == "." or near.startswith(".."):
        return leads
    prefix = quote(os.fsencode(near))
    return tuple(replace(lead, file=f"{prefix}/{lead.file}") for lead in leads)


def _leads(run: CodeRun, leads: tuple[Lead, ...]) -> str:
    head = {"schema": "leads/1", "lines": run.lines, "server": dict(run.server)}
    rows = ",\n".join(json.dumps(lead.to_json(), ensure_ascii=False) for lead in leads)
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "findings": [\n{rows}\n]}}'


def _as_github(run: CodeRun, leads: tuple[Lead, ...]) -> str:
    return "\n".join(
        f"::{'error' if lead.verdict is Verdict.FAIL else 'warning'} file={_named(lead.file)},"
        f"line={lead.line},endLine={lead.end_line},title={_property(lead.probe)}::"
        f"{_message(_sentence(lead))}"
        for lead in leads
    )


def _as_sarif(run: CodeRun, leads: tuple[Lead, ...]) -> str:
    rules = {lead.probe: lead for lead in leads}
    driver = {
        "name": "backend-performance",
        "rules": [{"id": name, "shortDescription": {"text": name}} for name in sorted(rules)],
    }
    results = [_result(lead) for lead in leads]
    document = {
        "$schema": _SARIF,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def _result(lead: Lead) -> dict[str, Any]:
    from ...skill.findings.as_sarif import message

    region = {"startLine": lead.line, "endLine": max(lead.line, lead.end_line)}
    uri = quote(lead.file, safe="/%@+()=!$,~")
    return {
        "ruleId": lead.probe,
        "level": "error" if lead.verdict is Verdict.FAIL else "warning",
        "message": {"text": message(_sentence(lead))},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"lead/v1": lead.fingerprint},
    }


def _sentence(lead: Lead) -> str:
    via = " → ".join(str(step) for step in lead.more.get("via", ()))
    way = f" ({via})" if via else ""
    ask = f" {lead.ask}" if lead.ask else ""
    return f"{lead.function}: {lead.because}{way}.{ask}"


def _named(file: str) -> str:
    """Return the name that a file has on the disk, escaped as a property."""
    return _property(os.fsdecode(unquote_to_bytes(file)))


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
