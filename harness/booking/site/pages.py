"""Pages that people see."""

import asyncio
import time

import httpx

from harness.booking.site.database import app, pool
from harness.booking.site.rooms import room_number, room_numbers

PAGE = """
    SELECT id, room_id FROM bookings
    WHERE status = 'open' ORDER BY id LIMIT 30 OFFSET %s
"""


@app.get("/bookings/open")
def open_bookings(page: int):
    with pool.connection() as connection:
        found = connection.execute(PAGE, (page * 30,)).fetchall()
    return [{"id": number, "room": room_number(room)} for number, room in found]


@app.get("/bookings/today")
def todays_bookings():
    with pool.connection() as connection:
        found = connection.execute("SELECT id, room_id FROM bookings LIMIT 100").fetchall()
    numbers = room_numbers([room for _, room in found])
    return [{"id": number, "room": numbers[room]} for number, room in found]


@app.get("/hotels/<int:hotel_id>/bookings")
def hotel_bookings(hotel_id: int):
    with pool.connection() as connection:
        return connection.execute(
            "SELECT id, status FROM bookings WHERE hotel_id = %s ORDER BY created_at LIMIT 20",
            (hotel_id,),
        ).fetchall()


@app.get("/weather")
async def weather(city: str, country: str):
    time.sleep(0.2)
    async with httpx.AsyncClient(timeout=2) as client:
        today = await client.get(f"https://weather.example/{city}")
        warnings = await client.get(f"https://warnings.example/{country}")
    return today.json(), warnings.json()


@app.get("/news")
async def news(city: str, country: str):
    await asyncio.sleep(0.2)
    async with httpx.AsyncClient(timeout=2) as client:
        return await asyncio.gather(
            client.get(f"https://news.example/{city}"),
            client.get(f"https://news.example/{country}"),
        )
