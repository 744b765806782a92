"""Checks of a page's code block, by its language: run where it is harmless, parsed elsewhere."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml


def installed(name: str) -> str:
    """Return the path of a program; skip the test where there is none."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if not found:
        pytest.skip(f"{name} is not here")
    return found


def check(*command: str, stdin: str = "") -> None:
    """Run a program that checks a text; fail with what it writes."""
    done = subprocess.run(command, input=stdin, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


def bash(code: str) -> None:
    check("bash", "-n", stdin=code)


def javascript(code: str) -> None:
    check(installed("node"), "--input-type=module", "--check", "-", stdin=code)


def java(code: str) -> None:
    """Compile a block that is a whole file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "Block.java")
        file.write_text(code, encoding="utf-8")
        check(installed("javac"), "-d", folder, str(file))


def mermaid(code: str) -> None:
    assert code.split()[0] in {"flowchart", "sequenceDiagram", "stateDiagram-v2", "graph"}


#: Folders that nginx makes when it starts; the defaults belong to the system.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def nginx(code: str) -> None:
    """Check a fragment where it belongs: whole servers as they are, all else inside of one."""
    with tempfile.TemporaryDirectory() as folder:
        inside = f"server {{ listen unix:{folder}/socket; {code} }}"
        server = code if "server {" in code else inside
        places = "".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        cache = f"proxy_cache_path {folder}/cache keys_zone=shared:1m;"
        file = Path(folder, "nginx.conf")
        logs = f"access_log {folder}/access.log;"
        settings = f"error_log stderr; pid {folder}/pid; events {{}} http {{{places}{cache}{logs}"
        file.write_text(f"{settings}{server}}}", encoding="utf-8")
        check(installed("nginx"), "-t", "-p", folder, "-c", str(file))


def python(code: str) -> None:
    """Run a block that only defines things; a library that is not here is a reason to skip."""
    try:
        exec(compile(code, "block", "exec"), {"__name__": "page"})
    except ModuleNotFoundError as error:
        ast.parse(code)
        pytest.skip(f"parsed only: {error}")


def ini(code: str) -> None:
    lines = [line.strip() for line in code.splitlines()]
    assert all("=" in line or line.startswith(("[", "#", ";")) or not line for line in lines)
    if "pm.max_children" in code:
        _php_fpm(code)


def _php_fpm(code: str) -> None:
    versions = sorted(Path("/usr/sbin").glob("php-fpm*"))
    if not versions:
        pytest.skip("parsed only: PHP-FPM is not here")
    with tempfile.TemporaryDirectory() as folder:
        own = code.replace("/run/php/", f"{folder}/").replace("/var/log/", f"{folder}/")
        account = "user = nobody\n" if os.geteuid() == 0 else ""
        file = Path(folder, "fpm.conf")
        file.write_text(f"[global]\nerror_log = {folder}/log\n{own}{account}", encoding="utf-8")
        check(str(versions[0]), "-t", "-y", str(file))


PARSERS: dict[str, Callable[[str], object]] = {
    "bash": bash,
    "sh": bash,
    "nginx": nginx,
    "python": python,
    "java": java,
    "javascript": javascript,
    "json": json.loads,
    "yaml": lambda code: list(yaml.safe_load_all(code)),
    "toml": tomllib.loads,
    "ini": ini,
    "mermaid": mermaid,
    "text": str.strip,
}
