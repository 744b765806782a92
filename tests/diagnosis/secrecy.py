"""What hostile names and hidden values would leave in evidence, if anything did."""

import json

#: Values that were hidden in the server, and characters that would be read as more than text.
LEAKS = ("hunter2", "4111", "AAAA", "`", "<", "\u202e", "\u200b", "\x1b", "\\u001b")


def told(run) -> str:
    """Return all that a run says of a server, as the text an agent would see."""
    evidence = [(one.reason, one.question, one.observed, one.rows) for one in run.evidence]
    return json.dumps([dict(run.server), evidence], ensure_ascii=False, default=dict)
