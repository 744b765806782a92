"""Logging in: what is never disclosed, and how a refusal is worded."""

from __future__ import annotations

from typing import Any

from ..evidence.redaction import Secrets
from ..trouble import CannotRun

#: Ways to log in that give the password away, or as good as.
CLEARTEXT = (b"mysql_clear_password", b"dialog", b"mysql_old_password")
_LOGIN = {
    1040: "the server has no connection left",
    1044: "the role may not use that database",
    1045: "the server refuses the user or the password",
    1049: "there is no database of that name",
    1129: "the server has blocked this host after too many failed connections",
    1130: "the server takes no connections from this host",
    1698: "the server refuses the user: it logs in by another way than a password",
    2026: "no encrypted connection: the server does not offer TLS",
}
#: The only message of the driver's own words that says more than its number.
_UNREACHED = 2003


class NoCleartext:
    """Stands for the ways to log in that give the password away as it is."""

    def __init__(self, connection: Any) -> None:
        """Called by the driver, which wants a class."""

    def authenticate(self, packet: Any) -> Any:
        raise CannotRun(
            "the server asks for the password in the clear, as only a server whose certificate is "
            "verified may: use ?ssl-mode=VERIFY_IDENTITY"
        )


def refusal(error: Exception, secrets: Secrets) -> str:
    """Return in fixed words why no connection was made: the server's own may be anybody's."""
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if code in _LOGIN:
        return _LOGIN[code]
    message = str(error.args[1]) if len(error.args) > 1 else str(error)
    if "cryptography" in message:
        return (
            "the server wants the password encrypted: use TLS (?ssl-mode=REQUIRED), a socket, "
            "or pip install cryptography"
        )
    if "certificate verify failed" in message.lower() or "certificate_verify" in message.lower():
        return "the certificate of the server is not accepted: name its CA with ?ssl-ca=FILE"
    if code and code != _UNREACHED:  # with words of the server's choice, as plugins' names are
        return f"the server refuses the connection (error {code})"
    return secrets.redact(message) or "the server cannot be reached"
