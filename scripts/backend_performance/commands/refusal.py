"""Calls that cannot be answered, and how a server is named without showing its credentials."""

from __future__ import annotations

import argparse
import os


class Refused(Exception):
    """A call that cannot be answered; the message says why and is safe to show."""


def address_options(parser: argparse.ArgumentParser) -> None:
    """Add the two ways to name a server; neither holds a credential."""
    address = parser.add_mutually_exclusive_group()
    address.add_argument("--dsn-env", metavar="NAME", help="environment variable with the address")
    address.add_argument("--service", metavar="NAME", help="entry of the connection service file")


def address(options: argparse.Namespace) -> str:
    """Return the address of the server that was named.

    Raises:
        Refused: none was named, or the variable is not set.
    """
    if options.service:
        return f"service={options.service}"
    if not options.dsn_env:
        raise Refused("name the server: --dsn-env NAME (an environment variable) or --service NAME")
    return from_environment("--dsn-env", options.dsn_env)


def environment_option(parser: argparse.ArgumentParser, option: str) -> None:
    """Add the one way to name a server where there is no connection service file."""
    parser.add_argument(option, metavar="NAME", help="environment variable with the address")


def from_environment(option: str, name: str | None) -> str:
    """Return the address in the environment variable that was named.

    Raises:
        Refused: none was named, or it is not set.
    """
    if not name:
        raise Refused(f"name the server: {option} NAME (an environment variable)")
    if not name.isidentifier():
        raise Refused(
            f"{option} takes the name of an environment variable, never the address itself: "
            "arguments are visible to every user of the machine"
        )
    value = os.environ.get(name, "").strip()
    if not value:
        raise Refused(f"the environment variable {name} is not set")
    return value
