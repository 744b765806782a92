"""The protocols of MySQL, PostgreSQL and Redis as servers write them: single messages."""

from __future__ import annotations

import struct
from collections.abc import Sequence


def packet(number: int, body: bytes) -> bytes:
    """A packet of MySQL."""
    return struct.pack("<I", len(body))[:3] + bytes([number % 256]) + body


def mysql_greeting(plugin: bytes = b"mysql_native_password", version: bytes = b"8.0.36") -> bytes:
    """The first packet of a MySQL server that offers no TLS."""
    body = b"\x0a" + version + b"\0" + struct.pack("<I", 1) + b"saltsalt\0"
    capabilities = 0x000FF7FF & ~0x0800  # no TLS
    body += struct.pack("<H", capabilities & 0xFFFF) + b"\x21\x02\x00"
    body += struct.pack("<H", capabilities >> 16 | 0x0008) + b"\x15" + b"\0" * 10
    body += b"saltsaltsalt\0" + plugin + b"\0"
    return packet(0, body)


#: What accepts a login, where it is the second packet, or a statement without rows.
MYSQL_OK = packet(2, b"\0\0\0\2\0\0\0")
_EOF = b"\xfe\0\0\2\0"


def mysql_rows(names: Sequence[bytes], *rows: Sequence[bytes]) -> bytes:
    """A result of MySQL whose columns are text, or whole numbers where the first row has digits."""
    bodies = [bytes([len(names)])]
    for name, value in zip(names, rows[0], strict=True):
        kind = b"\x08" if value.isdigit() else b"\xfd"
        head = b"".join(_counted(each) for each in (b"def", b"", b"", b"", name, name))
        bodies.append(head + b"\x0c\x21\0\0\4\0\0" + kind + b"\0\0\0\0\0")
    bodies += [_EOF, *(b"".join(_counted(value) for value in row) for row in rows), _EOF]
    return b"".join(packet(number, body) for number, body in enumerate(bodies, 1))


def _counted(text: bytes) -> bytes:
    return bytes([len(text)]) + text


def message(kind: bytes, body: bytes = b"") -> bytes:
    """A message of PostgreSQL."""
    return kind + struct.pack("!I", len(body) + 4) + body


#: A login without a password, and the state in which a question is awaited.
READY, IN_TRANSACTION = message(b"Z", b"I"), message(b"Z", b"T")
AUTHENTICATED = message(b"R", b"\0\0\0\0") + READY


#: Types of columns, by their object identifiers.
_BOOLEAN, _INTEGER, _TEXT = 16, 23, 25


def postgres_rows(names: Sequence[bytes], *rows: Sequence[bytes]) -> bytes:
    """The answer of PostgreSQL to one streamed question, its types as the first row looks."""
    described = b"".join(
        name + b"\0" + struct.pack("!IhIhih", 0, 0, _kind(value), -1, -1, 0)
        for name, value in zip(names, rows[0], strict=True)
    )
    said = message(b"1") + message(b"2") + message(b"T", struct.pack("!H", len(names)) + described)
    for row in rows:
        values = b"".join(struct.pack("!I", len(value)) + value for value in row)
        said += message(b"D", struct.pack("!H", len(row)) + values)
    return said + message(b"C", b"SELECT 1\0") + IN_TRANSACTION


def _kind(value: bytes) -> int:
    return _INTEGER if value.isdigit() else _BOOLEAN if value in (b"t", b"f") else _TEXT


def bulk(text: bytes) -> bytes:
    """A reply of Redis."""
    return b"$%d\r\n%s\r\n" % (len(text), text)
