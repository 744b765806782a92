"""The two ORMs of the examples, pointed at the database of a case."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import psycopg.conninfo


def sqlalchemy_engine(dsn: str, stack: ExitStack) -> Any:
    from sqlalchemy import create_engine

    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    engine = create_engine(
        "postgresql+psycopg://", connect_args=parts, isolation_level="AUTOCOMMIT"
    )
    stack.callback(engine.dispose)
    return engine


def django_database(dsn: str, stack: ExitStack) -> Any:
    """Django's default connection; models of an earlier case are forgotten."""
    import django
    from django.apps import apps
    from django.conf import settings
    from django.db import connections

    if not settings.configured:
        settings.configure(DATABASES={}, INSTALLED_APPS=[], USE_TZ=True)
        django.setup()
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    connections.databases["default"] = connections.configure_settings(
        {
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts["dbname"],
                "HOST": parts["host"],
                "PORT": parts["port"],
                "USER": parts["user"],
            }
        }
    )["default"]
    apps.all_models.pop("shop", None)
    apps.clear_cache()
    connection = connections["default"]
    connection.close()
    connection.settings_dict = connections.databases["default"]
    stack.callback(connection.close)
    return connection
