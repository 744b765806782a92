"""The report as one self-contained HTML file, which prints well and fits a phone.

Its only script copies a statement; the page's policy allows that script by its hash.
"""

from __future__ import annotations

import base64
import hashlib

from ..order import STATES, WORDS
from ..views import costs, digest
from . import charts, page, views
from .model import Report
from .reading import telling, telling_columns

#: More rows than anybody reads; the JSON report holds them all.
_MAX_ROWS = 15


def render(report: Report) -> str:
    """Return the report as HTML.

    Raises:
        Refusal: Jinja2 is not installed.
    """
    script = (page.TEMPLATES / "copy.js").read_text(encoding="utf-8").strip()
    html: str = (
        page.environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            states=STATES,
            words=WORDS,
            symbols=page.SYMBOLS,
            name=views.system_name(report),
            targets=[views.target_text(target) for target in report.targets],
            failing=report.causes_of("fail"),
            leads=report.causes_of("judge"),
            decided=report.decided_failures,
            time=views.share_of_time(report),
            folded=views.folded_states(report.totals),
            unknown=digest.unknown_of(report.readings),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
            cost=costs.cost,
            chart=charts.of,
            columns=telling_columns,
            rows=telling,
            most_rows=_MAX_ROWS,
        )
    )
    return html
