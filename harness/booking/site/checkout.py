"""Paying for a booking."""

import requests

from harness.booking.site.database import app, pool
from harness.booking.site.jobs import send_confirmation

SESSION = requests.Session()


def charge(card: str, amount: int) -> str:
    return requests.post("https://pay.example/charges", json={"card": card, "of": amount}).text


def refund(charge_id: str) -> str:
    return requests.post(f"https://pay.example/refunds/{charge_id}", timeout=3).text


@app.post("/checkout")
def checkout(booking: int, card: str, amount: int):
    with pool.connection() as connection, connection.transaction():
        connection.execute("UPDATE bookings SET status = 'paid' WHERE id = %s", (booking,))
        receipt = charge(card, amount)
        send_confirmation.delay(booking)
    return receipt


@app.post("/cancel")
def cancel(booking: int, charge_id: str):
    with pool.connection() as connection, connection.transaction():
        connection.execute("UPDATE bookings SET status = 'void' WHERE id = %s", (booking,))
    send_confirmation.delay(booking)
    return refund(charge_id)
