"""Rooms: one query each, or one for many."""

from harness.booking.site.database import pool


def room_number(room_id: int) -> str:
    with pool.connection() as connection:
        row = connection.execute("SELECT number FROM rooms WHERE id = %s", (room_id,)).fetchone()
    return row[0]


def room_numbers(room_ids: list[int]) -> dict[int, str]:
    with pool.connection() as connection:
        rows = connection.execute("SELECT id, number FROM rooms WHERE id = ANY(%s)", (room_ids,))
        return dict(rows.fetchall())
