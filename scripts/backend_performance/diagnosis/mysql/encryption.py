"""Whether and how the connection is encrypted, in the spellings of the common clients.

What is not understood is refused: encryption that was asked for and quietly left out is worse than
a question.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from enum import IntEnum

from ..guards import cleartext
from ..trouble import CannotRun


class Mode(IntEnum):
    """From none to whole; each includes what comes before."""

    DISABLED = 0
    PREFERRED = 1
    REQUIRED = 2
    VERIFY_CA = 3
    VERIFY_IDENTITY = 4


_NAMED = {
    "disabled": Mode.DISABLED,
    "disable": Mode.DISABLED,
    "preferred": Mode.PREFERRED,
    "prefer": Mode.PREFERRED,
    "allow": Mode.PREFERRED,
    "required": Mode.REQUIRED,
    "require": Mode.REQUIRED,
    "trust": Mode.REQUIRED,
    "verify_ca": Mode.VERIFY_CA,
    "verify_identity": Mode.VERIFY_IDENTITY,
    "verify_full": Mode.VERIFY_IDENTITY,
}
_YES = {"true": True, "1": True, "yes": True, "on": True, "": True}
_NO = {"false": False, "0": False, "no": False, "off": False}
_FLAGS = _YES | _NO
#: Parameter (lower case, without - and _) → what its values mean.
_MODES: dict[str, Mapping[str, Mode]] = {
    "sslmode": _NAMED,
    # Go's driver
    "tls": {
        "true": Mode.VERIFY_IDENTITY,
        "skip_verify": Mode.REQUIRED,
        "preferred": Mode.PREFERRED,
        "false": Mode.DISABLED,
    },
    # Prisma
    "sslaccept": {"strict": Mode.VERIFY_IDENTITY, "accept_invalid_certs": Mode.REQUIRED},
}
#: Parameter → the least mode if it is true, and the mode if it is false (None: says nothing).
_SWITCHES: dict[str, tuple[Mode, Mode | None]] = {
    "ssl": (Mode.REQUIRED, Mode.DISABLED),
    "usessl": (Mode.REQUIRED, Mode.DISABLED),
    "requiressl": (Mode.REQUIRED, None),
    "verifyservercertificate": (Mode.VERIFY_CA, None),
    "sslverifycert": (Mode.VERIFY_CA, None),
    "sslverifyservercert": (Mode.VERIFY_IDENTITY, None),
    "sslverifyidentity": (Mode.VERIFY_IDENTITY, None),
    "sslcheckhostname": (Mode.VERIFY_IDENTITY, None),
    "sslverify": (Mode.VERIFY_IDENTITY, None),
}
_FILES = {"sslca": "ca", "sslcert": "cert", "sslkey": "key", "sslrootcert": "ca"}
_ABOUT = ("ssl", "tls", "usessl", "requiressl", "verify", "trust", "enabledtls")


def context(
    options: Mapping[str, str], host: str | None, *, allow_cleartext: bool = False
) -> tuple[ssl.SSLContext | None, bool, bool]:
    """Return the context, whether encryption is switched off, and whether the server is verified.

    Args:
        options: Parameters of the address by their name.
        host: None for a socket, which needs no encryption.

    Raises:
        CannotRun: a parameter about encryption is not understood, a file of it cannot be read, or
            the connection would be in the clear to another host.
    """
    mode, files = _read(options)
    remote = host is not None and not cleartext.is_local(host) and not allow_cleartext
    if remote and mode is Mode.DISABLED:
        raise CannotRun(cleartext.REFUSED)
    if remote:
        mode = max(mode, Mode.REQUIRED)
    if mode is Mode.DISABLED:
        return None, True, False
    if mode is Mode.PREFERRED or host is None:
        return None, False, False
    return _made(mode, files), False, mode is Mode.VERIFY_IDENTITY


def _read(options: Mapping[str, str]) -> tuple[Mode, dict[str, str]]:
    said: list[Mode] = []
    files: dict[str, str] = {}
    for name, value in options.items():
        key = name.lower().replace("-", "").replace("_", "")
        word = value.strip().lower().replace("-", "_")
        if key in _FILES:
            files[_FILES[key]] = value
        elif key in _MODES and word in _MODES[key]:
            said.append(_MODES[key][word])
        elif key == "sslmode" or key == "ssl" and word in _NAMED:
            said.append(_mode(name, word))
        elif key == "ssl" and value.lstrip().startswith("{"):
            said.append(_of_node(value))
        elif key == "ssldisabled" and word in _FLAGS:
            said.append(Mode.DISABLED if _FLAGS[word] else Mode.PREFERRED)
        elif key in _SWITCHES and word in _FLAGS:
            least, otherwise = _SWITCHES[key]
            if _FLAGS[word]:
                said.append(least)
            elif otherwise is not None:
                said.append(otherwise)
        elif key.startswith(_ABOUT):
            raise CannotRun(_not_understood(name))
    if "ca" in files:
        said.append(Mode.VERIFY_CA)
    elif files:
        said.append(Mode.REQUIRED)
    return max(said, default=Mode.PREFERRED), files


def _mode(name: str, word: str) -> Mode:
    if word not in _NAMED:
        raise CannotRun(_not_understood(name))
    return _NAMED[word]


def _of_node(value: str) -> Mode:
    """The object that mysql2 of Node.js takes; an empty one verifies."""
    try:
        given = json.loads(value)
    except ValueError:
        raise CannotRun(_not_understood("ssl")) from None
    known = {"rejectUnauthorized", "verifyIdentity", "minVersion"}
    if not isinstance(given, dict) or not given.keys() <= known:
        raise CannotRun(_not_understood("ssl"))
    return Mode.VERIFY_IDENTITY if given.get("rejectUnauthorized", True) else Mode.REQUIRED


def _not_understood(name: str) -> str:
    return (
        f"the parameter {name[:40]!r} of the address is about encryption and its value is not "
        "understood; say ?ssl-mode=DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY, "
        "with ssl-ca, ssl-cert and ssl-key for files"
    )


def _made(mode: Mode, files: Mapping[str, str]) -> ssl.SSLContext:
    try:
        made = ssl.create_default_context(cafile=files.get("ca"))
        if "cert" in files:
            made.load_cert_chain(files["cert"], files.get("key"))
    except (OSError, ssl.SSLError):
        raise CannotRun("a certificate or key file of the address cannot be read") from None
    # The certificates that MySQL makes for itself lack extensions that Python 3.13 wants.
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    made.check_hostname = mode is Mode.VERIFY_IDENTITY
    made.verify_mode = ssl.CERT_REQUIRED if mode >= Mode.VERIFY_CA else ssl.CERT_NONE
    return made
