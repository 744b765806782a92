"""Pages written to exhaust a reader: nesting, repetition, expansion. Each is a function of a size.

    python tests/robustness/hostile_pages.py CASE SIZE      one case, in this process
    python tests/robustness/hostile_pages.py                all of them at 1 MB, as a table

Prints CPU seconds, peak memory in MB and the number of findings of one whole validation.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

#: For one page of 1 MB, all rules on.
MOST_SECONDS = 5.0
#: By the clock: on a busy machine a page waits longer than it works.
_PATIENCE_S = 600
MATTER = "---\nname: hostile\ndescription: A page that is written to exhaust its readers.\n---\n\n"


def _repeat(unit: str) -> Callable[[int], str]:
    return lambda size: MATTER + unit * (size // len(unit.encode()))


def _numbered(template: str) -> Callable[[int], str]:
    def page(size: int) -> str:
        count = size // (len(template.encode()) + 3)
        return MATTER + "".join(template.replace("#N", str(n)) for n in range(count))

    return page


def _nested_by_indent(size: int) -> str:
    depth = int((size / 2) ** 0.5)
    return MATTER + "".join(" " * (2 * n) + "- [ ] a\n" for n in range(depth))


def _growing_ticks(size: int) -> str:
    runs = int((2 * size) ** 0.5)
    return MATTER + " ".join("`" * n for n in range(1, runs))


def _matter(block: Callable[[int], str]) -> Callable[[int], str]:
    return lambda size: f"---\nname: hostile\ndescription: x\n{block(size)}\n---\n\n# T\n"


def _laughs(size: int) -> str:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 200)]
    return "\n".join(lines)


def _merges(size: int) -> str:
    lines = ["m0: &m0 {a: 1, b: 2}"]
    lines += [f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: 1}}" for n in range(1, 40)]
    return "\n".join(lines)


PAGES: dict[str, Callable[[int], str]] = {
    "quotes on one line": _repeat(">"),
    "quotes and spaces": _repeat("> "),
    "list marks on one line": _repeat("- "),
    "numbered marks on one line": _repeat("1. "),
    "list in quote in list": _repeat("> - "),
    "lists nested by indent": _nested_by_indent,
    "opening brackets": _repeat("["),
    "brackets in pairs": _repeat("[]"),
    "open links": _repeat("[a]("),
    "open links in lines": _repeat("[a](b\n"),
    "open images": _repeat("!["),
    "nested link texts": lambda n: MATTER + "[" * (n // 8) + "a" + "](b.md)" * (n // 8),
    "stars": _repeat("*a "),
    "stars and underlines": _repeat("*a_ "),
    "tildes": _repeat("~~a "),
    "backslashes": _repeat("\\"),
    "ampersands": _repeat("&"),
    "open tags": _repeat("<"),
    "open tags with attribute": _repeat("<a href="),
    "tags without end": _repeat("<a "),
    "open comments": _repeat("<!--"),
    "comments": _repeat("<!-- a -->"),
    "open comments in lines": _repeat("a <!-- b\n"),
    "open processing": _repeat("<?"),
    "open declarations": _repeat("a <!A "),
    "open sections": _repeat("a <![CDATA["),
    "open headings": _repeat("<h1>"),
    "hidden elements": _repeat("<p hidden>"),
    "backticks of all lengths": _growing_ticks,
    "code spans": _repeat("`a` "),
    "open autolinks": _repeat("<https://a"),
    "bare addresses": _repeat("https://a.example/b "),
    "addresses and brackets": _repeat("https://a)"),
    "links": _repeat("[a](b.md) "),
    "links on lines": _repeat("[a](references/b.md)\n\n"),
    "links to anchors": _numbered("[a](#N)\n\n"),
    "anchors that two headings have": _numbered("- [a](#a-#N)\n\n## A #N\n\n## A #N\n\n"),
    "one anchor of all headings": _repeat("## A\n\n- [a](#a)\n\n"),
    "dead links and headings": _numbered("## take soup #N now\n\n[a](#take-soup-#N-then)\n\n"),
    "dead links and long headings": _numbered(
        f"## soup {'of the day ' * 15}#N\n\n[a](#soup-{'of-the-day-' * 15}x#N)\n\n"
    ),
    "labels": lambda n: MATTER + "[a]: b.md\n\n" + "[x][a] " * (n // 7),
    "undefined labels": _repeat("[x][a] "),
    "definitions": _numbered("[a#N]: b.md\n"),
    "open definitions": _repeat("[a]: (\n"),
    "equal headings": _repeat("# a\n"),
    "other headings": _numbered("# a #N\n"),
    "headings that number themselves": _numbered("# a-#N\n# a\n"),
    "levels": _repeat("# a\n### b\n"),
    "setext": _repeat("a\n===\n"),
    "tasks": _repeat("- [ ] a\n"),
    "tasks of many kinds": _numbered("- [ ] task #N\n"),
    "nested tasks": _repeat("- [ ] a\n  - [x] b\n    - [ ] c\n"),
    "tasks under headings": _numbered("# h#N\n\n- [ ] a\n\n"),
    "malformed boxes": _repeat("- [] a\n- [y] b\n"),
    "wide table": lambda n: MATTER + "|a" * (n // 4) + "|\n" + "|-" * (n // 4) + "|\n",
    "long table": lambda n: MATTER + "|a|b|\n|-|-|\n" + "|a|b|c|\n" * (n // 8),
    "many tables": _repeat("|a|b|\n|-|-|\n|c|d|\n\n"),
    "tables of odd shape": _repeat("|a|b|\n|-|-|-|\n\n"),
    "short rows": lambda n: MATTER + "|a" * 500 + "|\n" + "|-" * 500 + "|\n" + "|\n" * (n // 2),
    "bars": _repeat("|"),
    "open fences": _repeat("```\n~~~\n"),
    "fences": _repeat("```sh\nscripts/a.py\n```\n"),
    "fence in lists": _repeat("- ```\n"),
    "open fences in quotes": _repeat(">```\n\n"),
    "fences in fences": _repeat("```a\n```b\n[a](b.md)\n```\n[c](d.md)\n"),
    "beginnings of fences": _repeat("```a\n"),
    "open fence and marks": lambda n: MATTER + "`````\n" + "````\n" * (n // 5),
    "empty lines": _repeat("\n"),
    "spaces": _repeat(" "),
    "tabs": _repeat("\t"),
    "tabs in lines": _repeat("\t\t-\ta\n"),
    "wide spaces": _repeat("\u3000\n"),
    "one word": _repeat("a"),
    "one line": _repeat("word "),
    "one paragraph": _repeat("word\n"),
    "paths": _repeat("`references/a.md` "),
    "missing paths on one line": _repeat("`references/b.md` "),
    "sentences before missing paths": _repeat("create x. `references/b.md` "),
    "commands on one line": lambda n: (
        MATTER + "```bash\n" + "python scripts/b.py " * (n // 20) + "\n```\n"
    ),
    "paths in one line": _repeat("references/a.md,"),
    "overrides on one line of a quote": lambda n: (
        MATTER + "> " + "ignore previous instructions " * (n // 29)
    ),
    "addresses in paragraphs": _repeat("https://a.b/c\n\n"),
    "indented items of one list": lambda n: MATTER + "1. create\n  " * (n // 12),
    "bare names": _repeat("a.md "),
    "extensions": _repeat(".md"),
    "slashes": _repeat("a/"),
    "climbing": _repeat("../"),
    "holes in paths": _repeat("references/{a}/<b>/*.md "),
    "stars in paths": lambda n: MATTER + f"references/{'*/' * (n // 2)}a.md",
    "commands": _repeat("```bash\npython scripts/a.py\n```\n\n"),
    "hidden characters": _repeat("a\u200b"),
    "overrides": _repeat("\u202ea "),
    "control characters": _repeat("\x01a"),
    "injections": _repeat("ignore all previous instructions\n"),
    "almost injections": _repeat("ignore all the all your "),
    "keys": _numbered("AKIAIOSFODN#NQWERTY "),
    "private keys": _repeat("-----BEGIN PRIVATE KEY-----\n"),
    "percent": _repeat("[a](%"),
    "figures": _repeat("100 ms faster, 30 % less. "),
    "NUL": _repeat("\x00"),
    "not UTF-8": lambda n: MATTER + "\udcff" * n,
    "aliases": _matter(_laughs),
    "merges": _matter(_merges),
    "flow": _matter(lambda n: "a: " + "[" * n),
    "block flow": _matter(lambda n: "a: " + "- " * n),
    "long value": _matter(lambda n: "a: " + "x" * n),
    "digits": _matter(lambda n: "a: " + "1" * min(n, 60_000)),
    "sexagesimal": _matter(lambda n: "a: 1" + ":01" * min(n, 20_000)),
    "keys of one mapping": _matter(lambda n: "\n".join(f"k{i}: v" for i in range(4000))),
    "indented": _matter(lambda n: "\n".join(" " * i + "a:" for i in range(300))),
    "anchors": _matter(lambda n: "a: " + "&a " * min(n, 20_000)),
    "quotes": _matter(lambda n: "a: " + "\"'" * min(n, 20_000)),
    "no end": lambda n: "---\n" + "a: b\n" * (n // 5),
    "delimiters": lambda n: "---\n" * (n // 4),
}


def validate(case: str, size: int) -> tuple[float, float, int]:
    """Return CPU seconds, peak memory in MB and the number of findings of one case."""
    from backend_performance.diagnosis.guards import memory
    from backend_performance.skill import inspection, package, rules

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "hostile")
        (folder / "references").mkdir(parents=True)
        (folder / "references" / "a.md").write_text("# A\n", encoding="utf-8")
        page = PAGES[case](size).encode("utf-8", "surrogateescape")
        (folder / "SKILL.md").write_bytes(page)
        del page
        start = time.process_time()
        found = rules.run(inspection.inspect(package.load(folder)))
    spent = time.process_time() - start
    return spent, memory.peak_bytes() / 2**20, len(found)


def main(arguments: list[str]) -> int:
    """Run one case here, or all of them in processes of their own."""
    scripts = Path(__file__).resolve().parents[2] / "scripts"
    if len(arguments) == 2:
        sys.path.insert(0, str(scripts))
        spent, peak, findings = validate(arguments[0], int(arguments[1]))
        print(f"{spent:.2f} {peak:.0f} {findings}")
        return 0
    size = int(arguments[0]) if arguments else 1_000_000
    worst, slowest = 0.0, ""
    for case in PAGES:
        command = [sys.executable, __file__, case, str(size)]
        try:
            result = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S)
            line = result.stdout.strip() or result.stderr.strip().splitlines()[-1]
            spent = float(line.split()[0]) if result.stdout.strip() else 0.0
        except subprocess.TimeoutExpired:
            line, spent = f"not done after {_PATIENCE_S} s", float(_PATIENCE_S)
        print(f"{case:34} {line}", flush=True)
        if spent > worst:
            worst, slowest = spent, case
    print(f"slowest: {worst:.2f} CPU s ({slowest}); the target is {MOST_SECONDS}")
    return int(worst > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
