"""One statement of a loop as each framework writes it; ``{n}`` differs from one to the next.

Each entry: the lines of one statement, and its milliseconds where the framework logs them. The
forms are those of the frameworks' documentation and of logs that people posted.
"""

from __future__ import annotations

from . import compiled, jvm, node, scripted

#: Format → (lines of one statement, milliseconds)
LOGS = {**scripted.LOGS, **jvm.LOGS, **node.LOGS, **compiled.LOGS}
CASES = [(name, number) for name, forms in LOGS.items() for number in range(len(forms))]
