"""The lines of a node in text form, read into the names and units of the JSON form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Values = dict[str, Any]

_PAIR = re.compile(r"(?P<key>[A-Z][\w -]*?): (?P<value>\S.*?)(?= +[A-Z][\w -]*?: |$)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WHOLE_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?: ?(?:kB|ms|bytes))?")
_SPACES = {"Memory": "Memory", "Disk": "Disk"}
_CACHE = {
    "Hits": "Cache Hits",
    "Misses": "Cache Misses",
    "Evictions": "Cache Evictions",
    "Overflows": "Cache Overflows",
    "Memory Usage": "Peak Memory Usage",
}
_HASH = {"Buckets": "Hash Buckets", "Batches": "Hash Batches", "Memory Usage": "Peak Memory Usage"}
_AGGREGATE = {"Batches": "HashAgg Batches", "Memory Usage": "Peak Memory Usage"}

_NAME = r'(?:"(?:[^"]|"")+"|[^\s".]+)'
_TARGET = re.compile(rf"(?:(?P<schema>{_NAME})\.)?(?P<name>{_NAME})(?:\s+(?P<alias>{_NAME}))?")
_WHERE = re.compile(
    rf"(?P<kind>.*?)(?: using (?P<index>{_NAME}(?:\.{_NAME})?))?(?: on (?P<target>.*))?"
)
_JOIN = re.compile(
    r"(?P<method>Nested Loop|Hash|Merge)(?: (?P<type>Left|Right|Full|Semi|Anti|Right Semi"
    r"|Right Anti))?(?: Join)?"
)
_OPERATION = re.compile(r"(?:Foreign )?(Insert|Update|Delete|Merge)")
_STRATEGY = {
    "HashAggregate": "Hashed",
    "GroupAggregate": "Sorted",
    "MixedAggregate": "Mixed",
    "Aggregate": "Plain",
}


def number(text: str) -> float | None:
    """Return the first number in a text."""
    found = _NUMBER.search(text)
    return float(found[0]) if found else None


def described(text: str) -> Values:
    """Return the kind of a node and what it reads, from the words of its first line."""
    where = _WHERE.fullmatch(text)
    kind = (where["kind"] if where else text).strip()
    parallel = kind.startswith("Parallel ")
    kind = re.sub(r"^(?:(?:Parallel|Async|Partial|Finalize|Simple) )+", "", kind)
    node: Values = {"Node Type": kind}
    if parallel:
        node["Parallel Aware"] = True
    if kind.startswith("Custom Scan"):
        node |= {"Node Type": "Custom Scan", "Custom Plan Provider": kind[13:-1]}
    elif kind in _STRATEGY:
        node |= {"Node Type": "Aggregate", "Strategy": _STRATEGY[kind]}
    elif (operation := _OPERATION.fullmatch(kind)) and where and where["target"]:
        node |= {"Node Type": "ModifyTable", "Operation": operation[1]}
    elif kind not in ("Hash", "Merge") and (join := _JOIN.fullmatch(kind)):
        joined = join["method"] if join["method"] == "Nested Loop" else f"{join['method']} Join"
        node |= {"Node Type": joined, "Join Type": join["type"] or "Inner"}
    elif "SetOp" in kind:
        node["Node Type"] = "SetOp"
    elif kind.endswith(" Backward"):
        node |= {"Node Type": kind.removesuffix(" Backward"), "Scan Direction": "Backward"}
    return node | (_target(kind, where["index"], where["target"]) if where else {})


def _target(kind: str, index: str | None, target: str | None) -> Values:
    said: Values = {"Index Name": index.replace('"', "")} if index else {}
    if not target or not (found := _TARGET.match(target)):
        return said
    name, alias = (found[part] and found[part].strip('"') for part in ("name", "alias"))
    if kind == "Bitmap Index Scan":
        return {"Index Name": name}
    if kind.startswith(("CTE", "WorkTable")):
        return {"CTE Name": name, "Alias": alias or name}
    if kind.startswith(("Subquery", "Values", "Function", "Table Function")):
        return {"Alias": alias or name}
    if found["schema"]:
        said["Schema"] = found["schema"].strip('"')
    return said | {"Relation Name": name, "Alias": alias or name}


def properties(key: str, value: str, kind: str) -> Values:
    """Return what one property line of a node of this kind says."""
    reader = _READERS.get(key)
    if reader:
        return reader(f"{key}: {value}", kind)
    if _WHOLE_NUMBER.fullmatch(value):
        return {key: number(value)}
    return {key: value}


def _pairs(line: str) -> Mapping[str, str]:
    return {match["key"]: match["value"].strip() for match in _PAIR.finditer(line[:1000])}


def _named(names: Mapping[str, str]) -> Callable[[str, str], Values]:
    def read(line: str, _: str) -> Values:
        return {names.get(key, key): number(value) for key, value in _pairs(line).items()}

    return read


def _batches(line: str, kind: str) -> Values:
    values = _named(_AGGREGATE if "Aggregate" in kind else _HASH)(line, kind)
    if original := re.search(r"Batches: \d+ \(originally (\d+)\)", line):
        values["Original Hash Batches"] = float(original[1])
    return values


def _sort(line: str, _: str) -> Values:
    said = _pairs(line)
    values: Values = {"Sort Method": said.get("Sort Method", "")}
    for place in _SPACES:
        if place in said:
            values |= {"Sort Space Used": number(said[place]), "Sort Space Type": place}
    return values


def _sort_groups(line: str, _: str) -> Values:
    """An incremental sort: the peak of each kind of space."""
    said = _pairs(line)
    name = line.partition(":")[0]
    groups: Values = {"Group Count": number(said.get(name, ""))}
    for place in _SPACES:
        if f"Peak {place}" in said:
            groups[f"Sort Space {place}"] = {"Peak Sort Space Used": number(said[f"Peak {place}"])}
    return {name: groups}


def _heap_blocks(line: str, _: str) -> Values:
    return {
        f"{kind.title()} Heap Blocks": float(count)
        for kind, count in re.findall(r"(exact|lossy)=(\d+)", line)
    }


def buffers(line: str, _: str = "") -> Values:
    """``shared hit=10 read=3, temp written=1`` as blocks."""
    values: Values = {
        f"{area} {use} Blocks": 0.0
        for area in ("Shared", "Local", "Temp")
        for use in ("Hit", "Read", "Dirtied", "Written")
    }
    for part in line.partition(":")[2].split(","):
        area = next((one for one in ("shared", "local", "temp") if one in part), "")
        for use, count in re.findall(r"(hit|read|dirtied|written)=(\d+)", part):
            values[f"{area.title()} {use.title()} Blocks"] = float(count)
    return values


def _io(line: str, _: str) -> Values:
    values: Values = {}
    area = "Shared"
    for part in re.split(r"[, ]+", line.partition(":")[2]):
        if part in ("shared", "local", "temp", "shared/local"):
            area = part.title().partition("/")[0]
        elif match := re.match(r"(read|write)=(\d+(?:\.\d+)?)", part):
            values[f"{area} I/O {match[1].title()} Time"] = float(match[2])
    return values


def _storage(line: str, _: str) -> Values:
    said = _pairs(line)
    values: Values = {"Storage": said.get("Storage", "")}
    return values | {"Maximum Storage": number(said.get("Maximum Storage", ""))}


_READERS: Mapping[str, Callable[[str, str], Values]] = {
    "Buckets": _batches,
    "Batches": _batches,
    "Planned Partitions": _batches,
    "Hits": _named(_CACHE),
    "Sort Method": _sort,
    "Full-sort Groups": _sort_groups,
    "Pre-sorted Groups": _sort_groups,
    "Heap Blocks": _heap_blocks,
    "Buffers": buffers,
    "I/O Timings": _io,
    "Storage": _storage,
}


def trigger(name: str, figures: re.Match[str]) -> Values:
    """The time of a trigger, which the plan reports behind its nodes."""
    name, _, relation = name.partition(" on ")
    trigger, _, constraint = f" {name}".partition(" for constraint ")
    said: Values = {"Relation": relation, "Time": float(figures["ms"])}
    said["Calls"] = float(figures["calls"])
    for key, value in (("Trigger Name", trigger.strip()), ("Constraint Name", constraint)):
        if value:
            said[key] = value
    return said
