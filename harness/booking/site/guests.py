"""Guests, by what they type."""

import re

from harness.booking.site.database import app, pool

NAME = re.compile(r"^(\w+\s?)*$")
COUNTRY = re.compile(r"^[A-Z]{2}$")
RECENT: dict[str, int] = {}


@app.get("/guests/find")
def by_email(email: str):
    RECENT[email] = RECENT.get(email, 0) + 1
    if not NAME.match(email):
        return None
    with pool.connection() as connection:
        return connection.execute(
            "SELECT id FROM guests WHERE lower(email) = %s", (email.lower(),)
        ).fetchone()


@app.get("/guests/loyal")
def by_loyalty(number: int):
    with pool.connection() as connection:
        return connection.execute(
            "SELECT id FROM guests WHERE loyalty_number::bigint = %s", (number,)
        ).fetchone()


@app.post("/guests/merge")
def merge(numbers: list[int], into: int):
    with pool.connection() as connection:
        for number in numbers:
            connection.execute(
                "UPDATE bookings SET guest_id = %s WHERE guest_id = %s", (into, number)
            )


@app.post("/guests/forget")
def forget(numbers: list[int]):
    with pool.connection() as connection:
        connection.execute("DELETE FROM guests WHERE id = ANY(%s)", (numbers,))
