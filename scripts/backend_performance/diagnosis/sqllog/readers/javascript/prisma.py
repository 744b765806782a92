"""Prisma: standard output, and its event printed in lines or as an object."""

from __future__ import annotations

from ..application import SQL, application, form

_TAIL = (
    r"(?:[;,]? (?:(?:Params: ?)?(?P<args>[\[(][^\])]*[\])]))?[;,]? *)?"
    r"(?:[-–(\[,;]? ?(?:took|Duration:?|in|time:?)? ?(?P<ms>\d+(?:\.\d+)?) ?ms\)?\]?)",
    r"[;,]? (?:Params: ?)?(?P<args>\[[^\]]*\])",
)
_FOLLOW = (
    r"(?:\A|\s)(?:param(?:eter)?s: ?['\"]?(?P<args>\[.*\]|\(.*\))['\"]?"
    r"|duration: ?(?P<ms>\d+(?:\.\d+)?) ?(?:ms)?)"
)

READER = application(
    "prisma",
    "Prisma's log",
    form(rf"\bprisma:query (?:\([^)]{{0,200}}\) )?{SQL}", tail=_TAIL, follow=_FOLLOW),
    form(rf"\b(?-i:Query): {SQL}", tail=_TAIL, follow="(?i)" + _FOLLOW),
    form(rf"\bquery: ['\"`]{SQL}", tail=r"['\"`],?", follow="(?i)" + _FOLLOW),
)
