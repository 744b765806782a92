"""SQL text as the page writes it: statements that end with a semicolon at the end of a line."""

from __future__ import annotations


def split(code: str) -> list[str]:
    """The statements of a fence; `$$ … $$` bodies stay whole, comments stay where they are."""
    found: list[str] = []
    lines: list[str] = []
    in_body = False
    for line in code.splitlines():
        lines.append(line)
        in_body ^= line.count("$$") % 2 == 1
        bare = line.split("--")[0].rstrip()
        if bare.endswith(";") and not in_body:
            found.append("\n".join(lines))
            lines = []
    if any(line.strip() and not line.strip().startswith("--") for line in lines):
        found.append("\n".join(lines))
    return found


def unterminated(statement: str) -> str:
    """The statement without comments at its end and without its semicolon, for EXPLAIN."""
    lines = [line.split(" -- ")[0].rstrip() for line in statement.splitlines()]
    return "\n".join(line for line in lines if not line.startswith("--")).strip().rstrip(";")
