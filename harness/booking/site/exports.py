"""Files that are written for the back office."""

import csv


def export(rows: list[tuple[str, ...]], path: str) -> None:
    target = open(path, "w")  # noqa: SIM115 (planted)
    writer = csv.writer(target)
    writer.writerows(rows)


def export_safely(rows: list[tuple[str, ...]], path: str) -> None:
    with open(path, "w") as target:
        csv.writer(target).writerows(rows)
