"""No reader of foreign bytes ends in a traceback: each seed, changed in many ways."""

import json
import random

import pytest

from tests.robustness.foreign_bytes import READERS, read
from tests.robustness.foreign_seeds import FOUND, SEEDS

CHANGES = 150
#: For those that connect to a server, which takes longer.
SPOKEN = {"redis", "mysql", "postgres", "http"}
CHANGES_SPOKEN = 40
#: What takes the place of a value: other types, far ends, and text with a meaning elsewhere.
ODD = (
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    "",
    "x" * 5_000,
    "\x1b[31m\u202e",
    [],
    {},
    [[]],
    {"a": None},
)
PIECES = (
    b"\x00",
    b"\xff\xfe",
    b"{",
    b"]",
    b'"',
    b"'",
    b"\n\n",
    b"--",
    b"/*",
    b"${",
    b"\r",
    b"9" * 400,
)


def places(value, path=()):
    """Yield the way to every value inside a JSON document."""
    yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in inner:
        yield from places(each, (*path, key))


def with_another_value(chance, document):
    document = json.loads(json.dumps(document))
    path = chance.choice(list(places(document)))
    odd = chance.choice(ODD)
    if not path:
        return odd
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    if chance.random() < 0.2 and isinstance(holder, dict):
        del holder[path[-1]]
    else:
        holder[path[-1]] = odd
    return document


def with_another_piece(chance, data):
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + chance.choice((0, 1, 5, 60)))
    return data[:at] + chance.choice((*PIECES, data[at:end] * 3, b"")) + data[end:]


def changed(chance, seed):
    """Return the seed with one to three changes, of its values where it is JSON."""
    try:
        document = json.loads(seed)
    except ValueError:
        document = None
    if document is not None and chance.random() < 0.7:
        for _ in range(chance.randint(1, 2)):
            document = with_another_value(chance, document)
        return json.dumps(document).encode()
    for _ in range(chance.randint(1, 3)):
        seed = with_another_piece(chance, seed)
    return seed


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_answers_or_refuses(reader):
    chance = random.Random(reader)
    for seed in SEEDS[reader]:
        READERS[reader](seed)
        for number in range(CHANGES_SPOKEN if reader in SPOKEN else CHANGES):
            data = changed(chance, seed)
            try:
                read(reader, data)
            except Exception as error:
                raise AssertionError(f"change {number}: {data[:2_000]!r}") from error


@pytest.mark.parametrize("reader", FOUND)
def test_what_once_ended_in_a_traceback_is_answered_or_refused(reader):
    for data in FOUND[reader]:
        read(reader, data)
