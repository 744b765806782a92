"""The pool that every module shares."""

from flask import Flask
from psycopg_pool import ConnectionPool

app = Flask(__name__)
pool = ConnectionPool(max_size=140, open=False)
