"""Files that cannot be read as what they are: encoding, size, YAML, links out of the skill.

A client that cannot read the frontmatter does not load the skill, and says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...diagnostic import Diagnostic, error
from ...inspection import Inspection

CODES = {
    "byte-order-mark": (
        "A byte-order mark before `---` hides the frontmatter from many readers. Save as UTF-8 "
        "without BOM; `--fix` removes it."
    ),
    "file-too-large": (
        "A Markdown file of many megabytes is data in disguise; only its beginning was checked. "
        "Keep data in other files."
    ),
    "file-unreadable": "The file cannot be opened. Check its permissions.",
    "frontmatter-alias-bomb": (
        "YAML aliases can expand without bound and exhaust a reader's memory; many readers refuse "
        "them. Write the value out."
    ),
    "frontmatter-duplicate-key": (
        "YAML readers disagree about which of two equal keys wins. Keep one."
    ),
    "frontmatter-hanging-value": (
        "A value in quotes or brackets goes on at the start of a line. PyYAML reads that; parsers "
        "of YAML 1.2, as clients have, refuse it and skip the skill. Indent the line."
    ),
    "frontmatter-invalid-yaml": (
        "A client that cannot read the frontmatter does not load the skill and says nothing. Most "
        "often a value with `: ` needs quotes; `--fix` adds them where that is enough."
    ),
    "frontmatter-too-deep": (
        "Frontmatter nested beyond 20 levels is an attack or an accident. Flatten it."
    ),
    "frontmatter-too-large": (
        "Frontmatter of all skills stays in the context all the time. Move content into the body."
    ),
    "frontmatter-unclosed": (
        "The closing `---` is missing, so the whole page is frontmatter or none of it. Add the "
        "line."
    ),
    "huge-file": (
        "A file of more than 10 MB makes the skill slow to install and too big for some clients' "
        "uploads. Download it when it is needed."
    ),
    "markdown-too-deep": "Blocks or brackets are nested too deep to be read. Flatten them.",
    "not-utf-8": "Clients read UTF-8. Save the file so.",
    "symlink-as-text": (
        "A page or script that holds nothing but a path is a symbolic link that was checked out as "
        "text, so the reader gets the path instead of the file. Put the file itself there."
    ),
    "symlink-leaves-skill": (
        "A symbolic link that is broken or points out of the skill leads nowhere once the skill "
        "is installed. Copy the file."
    ),
    "symlink-loop": (
        "A symbolic link to a folder that contains it sends tools round in circles. Remove it."
    ),
    "page-too-dense": (
        "The page has more links or blocks than any text for readers; only its beginning was "
        "checked. Keep data in other files."
    ),
    "too-many-findings": (
        "One rule stopped: it found more than a person reads. Repair what is shown, then run again."
    ),
    "too-many-files": (
        "Only the first files were looked at. Keep build output and data outside the skill."
    ),
}


#: What git writes for a link where links cannot be made: a path; an editor may end the line.
_LINK_TEXT = re.compile(r"(?:\.\./)+[\w./-]{1,200}|[\w-]{1,80}(?:/[\w.-]{1,80}){1,8}\.md")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield what reading the files already found."""
    skill = inspection.skill
    yield from skill.problems
    for written in inspection.written:
        path = written.text.removesuffix("\n")
        is_alike = path.rpartition(".")[2] == written.path.rpartition(".")[2]
        if _LINK_TEXT.fullmatch(path) and (is_alike or path == written.text):
            yield error(
                "symlink-as-text",
                written.path,
                1,
                f"the file holds only the path `{path[:80]}`: a symbolic link that was checked "
                "out as text",
                "put the file itself here; Windows and archives do not keep links",
            )
    huge = {problem.file for problem in skill.problems if problem.code == "huge-file"}
    for page in skill.documents.values():
        for problem in page.problems:
            if page.path in huge and problem.code in ("page-too-dense", "file-too-large"):
                continue
            # Only SKILL.md must have frontmatter; in other pages `---` may open anything.
            if page.path == skill.entry or not problem.code.startswith("frontmatter-"):
                yield problem
