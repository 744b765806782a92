"""Do we extract the task items that an independent reader of GFM sees?

    python benchmarks/agreement/compare.py DIRECTORY [--modules FOLDER]

Reads every Markdown file below DIRECTORY that holds a box at all, with the package and with
remark-gfm (Node; installed by npm into FOLDER, by default a temporary one), and compares the
items one by one: count, line, nesting in lists, nesting among tasks, state and text. Prints one
line per repository, the largest single files, and every difference; exits 1 if there is one.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "scripts"))

from backend_performance.skill.markdown import reading  # noqa: E402
from backend_performance.skill.markdown.document import ListItem  # noqa: E402

Task = tuple[int, int, int, bool, str]
_BOX = re.compile(rb"\[[ \txX\r\n]\]")
_CONTINUED = re.compile(r"\n[ \t>]*")
_SPACE = re.compile(r"\s+")
_PARTS = ("line", "nesting in lists", "nesting among tasks", "state", "text")


def ours(page: Path) -> list[Task]:
    """Return the task items as the package reads them."""
    document = reading.parse(page.read_bytes(), page.name)
    return [task for item in document.lists for task in _below(item, 0)]


def _below(item: ListItem, tasks: int) -> Iterator[Task]:
    if item.state is not None:
        yield item.line, item.depth, tasks, item.state == "done", _flat(item.text)
        tasks += 1
    for child in item.children:
        yield from _below(child, tasks)


def theirs(pages: list[Path], modules: Path) -> dict[Path, list[Task]]:
    """Return the task items of all pages as remark-gfm reads them."""
    for name in ("package.json", "tasks.mjs"):
        shutil.copy(HERE / name, modules)
    if not (modules / "node_modules").is_dir():
        subprocess.run(["npm", "install", "--silent"], cwd=modules, check=True)
    listed = "".join(f"{page}\n" for page in pages)
    result = subprocess.run(
        ["node", "tasks.mjs"],
        cwd=modules,
        input=listed,
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    read = [json.loads(line) for line in result.stdout.splitlines()]
    return {Path(file): [_task(*each) for each in sorted(tasks)] for file, tasks in read}


def _task(line: int, depth: int, tasks: int, checked: bool, source: str) -> Task:
    return line, depth, tasks, checked, _flat(source)


def _flat(source: str) -> str:
    """Return a paragraph's source as one line, without the marks that continue a list or quote."""
    return _SPACE.sub(" ", _CONTINUED.sub("\n", source)).strip()


def differences(left: list[Task], right: list[Task]) -> Iterator[str]:
    """Yield what differs between two readings of one page."""
    if len(left) != len(right):
        yield f"count: {len(left)}, remark-gfm {len(right)}"
        lines = Counter(task[0] for task in left)
        lines.subtract(task[0] for task in right)
        yield f"  lines that only one has: {[line for line, n in lines.items() if n][:10]}"
        return
    for one, other in zip(left, right, strict=True):
        for name, mine, other_part in zip(_PARTS, one, other, strict=True):
            if mine != other_part:
                yield f"line {one[0]}, {name}: {mine!r}, remark-gfm {other_part!r}"


def compare(directory: Path, modules: Path) -> int:
    """Print the tables; return how many pages differ."""
    pages = [
        page
        for page in sorted(directory.resolve().rglob("*.md"))
        if page.is_file() and not page.is_symlink() and _BOX.search(page.read_bytes())
    ]
    read = theirs(pages, modules)
    items: Counter[str] = Counter()
    equal: Counter[str] = Counter()
    done = nested = 0
    sizes: list[tuple[int, Path]] = []
    differing = 0
    for page in pages:
        left, right = sorted(ours(page)), sorted(read[page])
        origin = page.relative_to(directory.resolve()).parts[0].replace("+", "/")
        items[origin] += len(right)
        found = list(differences(left, right))
        equal[origin] += 0 if found else len(right)
        done += sum(task[3] for task in right)
        nested += sum(task[1] > 0 for task in right)
        sizes.append((len(right), page))
        differing += bool(found)
        for line in found[:6]:
            print(f"{page}: {line}")
    print("repository | task items | of pages that agree in every part")
    for origin in sorted(items):
        print(f"{origin} | {items[origin]} | {equal[origin]}")
    print(
        f"all | {sum(items.values())} | {sum(equal.values())}  (pages {len(pages)}, differing "
        f"{differing}; ticked {done}, nested {nested})"
    )
    _single_files(sizes, directory.resolve())
    return differing


def _single_files(sizes: list[tuple[int, Path]], directory: Path) -> None:
    """Print the file with most items of each of the five repositories that have most."""
    largest: dict[str, tuple[int, Path]] = {}
    for size, page in sorted(sizes, reverse=True):
        largest.setdefault(page.relative_to(directory).parts[0], (size, page))
    print("single file | task items, ours | remark-gfm")
    for size, page in list(largest.values())[:5]:
        print(f"{page.relative_to(directory)} | {len(ours(page))} | {size}")


def main(argv: Sequence[str] | None = None) -> int:
    """Compare; return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--modules", type=Path)
    arguments: Any = parser.parse_args(argv)
    if arguments.modules:
        arguments.modules.mkdir(parents=True, exist_ok=True)
        return int(compare(arguments.directory, arguments.modules) > 0)
    with tempfile.TemporaryDirectory() as scratch:
        return int(compare(arguments.directory, Path(scratch)) > 0)


if __name__ == "__main__":
    sys.exit(main())
