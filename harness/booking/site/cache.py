"""What Redis holds."""

import json

import redis

from harness.booking.site.database import app, pool

r = redis.Redis(socket_timeout=0.5)


def keep_session(session_id: str, data: dict) -> None:
    r.set(f"session:{session_id}", json.dumps(data))


def keep_page(number: int, text: str) -> None:
    r.set(f"page:{number}", text, ex=600)


@app.post("/pages/clear")
def clear_pages():
    for key in r.keys("page:*"):
        r.delete(key)


def fill_inventory(rooms: list[str]) -> None:
    pipe = r.pipeline()
    for room in rooms:
        pipe.hset("inventory:all", room, "free")
    pipe.execute()


@app.get("/prices")
def prices(hotel: int, currency: str):
    key = f"prices:{hotel}"
    found = r.get(key)
    if found is None:
        with pool.connection() as connection:
            rows = connection.execute(
                "SELECT day, price FROM prices WHERE hotel_id = %s AND currency = %s LIMIT 400",
                (hotel, currency),
            ).fetchall()
        found = json.dumps(rows)
        r.set(key, found, ex=60)
    return found
