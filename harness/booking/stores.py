"""The booking site's cache in Redis and its reviews in MariaDB."""

from __future__ import annotations

from contextlib import suppress

from harness.servers.mariadb import MariadbServer
from harness.servers.redis import RedisServer


def fill_redis(server: RedisServer) -> None:
    """Fill the cache: pages that expire, sessions that do not, a giant, and wrong commands."""
    import redis

    client = redis.Redis.from_url(server.url)
    pipe = client.pipeline()
    for n in range(3000):
        pipe.set(f"page:{n}", "x" * 300, ex=600)
        pipe.set(f"session:{n}", "y" * 400)
    for n in range(20_000):
        pipe.hset("inventory:all", f"room-{n}", "z" * 40)
    pipe.execute()
    for _ in range(30):
        client.keys("page:*")
    for n in range(4000):
        client.get(f"page:{n % 3500}")
    for n in range(40):
        with suppress(redis.ResponseError):
            client.lpush(f"page:{n}", "wrong")
    client.close()


def fill_mariadb(server: MariadbServer) -> str:
    """Fill a table of reviews, read it without an index, and return the probing role's URL."""
    import pymysql

    connection = pymysql.connect(unix_socket=str(server.socket), user="root", autocommit=True)
    with connection.cursor() as cursor:
        for statement in (
            "create database booking",
            "use booking",
            "create table reviews "
            "(id int primary key auto_increment, hotel_id int, text varchar(200))",
            "insert into reviews (hotel_id, text) "
            "select seq % 400, repeat('r', 100) from seq_1_to_60000",
            "create user probe@'localhost' identified by 'reviews-9f3a'",
            "grant process, select on *.* to probe@'localhost'",
        ):
            cursor.execute(statement)
        for n in range(150):
            cursor.execute("select count(*), max(text) from reviews where hotel_id = %s", (n,))
            cursor.fetchall()
    connection.close()
    return f"mysql://probe:reviews-9f3a@127.0.0.1:{server.port}/booking"
