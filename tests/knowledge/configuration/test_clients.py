"""Every block of client configuration runs against a silent server, compiles, or parses."""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import threading
import time
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.servers.lookup import installed
from tests.knowledge.code_blocks import Block, blocks

PAGE = "references/configuration-clients.md"
BLOCKS = blocks(PAGE)
GRAMMARS = {
    "python": "tree_sitter_python",
    "javascript": "tree_sitter_javascript",
    "java": "tree_sitter_java",
    "go": "tree_sitter_go",
    "ruby": "tree_sitter_ruby",
    "php": "tree_sitter_php",
    "csharp": "tree_sitter_c_sharp",
}
CODE = [block for block in BLOCKS if block.language in GRAMMARS]
REST = [block for block in BLOCKS if block.language not in GRAMMARS]


def of(section: str, language: str) -> Block:
    return next(b for b in BLOCKS if (b.section, b.language) == (section, language))


@pytest.mark.parametrize("block", CODE, ids=lambda block: block.name)
def test_code_has_no_syntax_error(block):
    tree_sitter = pytest.importorskip("tree_sitter")
    grammar = pytest.importorskip(GRAMMARS[block.language])
    made = grammar.language_php if block.language == "php" else grammar.language
    parser = tree_sitter.Parser(tree_sitter.Language(made()))
    assert not parser.parse(block.code.encode()).root_node.has_error


def test_the_seven_languages_are_there():
    assert {block.language for block in CODE} == set(GRAMMARS)


@pytest.mark.parametrize("block", REST, ids=lambda block: block.name)
def test_settings_are_pairs(block):
    if block.language == "yaml":
        yaml = pytest.importorskip("yaml")
        assert yaml.safe_load(block.code)["production"]["checkout_timeout"] == 1
    else:
        assert block.language in {"sh", "properties"}
        lines = block.code.replace("export ", "").splitlines()
        pairs = [line.split("=", 1) for line in lines]
        assert all(len(pair) == 2 and all(pair) for pair in pairs)


def _program(name: str) -> Path:
    found = installed(name)
    if not found:
        pytest.skip(f"{name} is not on this machine")
    return found


def _passes(*command: str | Path, cwd: Path) -> None:
    environment = os.environ | {"GOFLAGS": "-mod=mod", "GOCACHE": str(cwd / "cache")}
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_java_compiles(tmp_path):
    for name, section in (("Http", "java"), ("Transactions", "transactions-in-java-and-go")):
        (tmp_path / f"{name}.java").write_text(of(section, "java").code)
    _passes(_program("javac"), "-Xlint:all", "-Werror", *tmp_path.glob("*.java"), cwd=tmp_path)


@pytest.mark.slow
def test_go_compiles_and_is_vetted(tmp_path):
    go = _program("go")
    for section in ("go", "transactions-in-java-and-go"):
        (tmp_path / f"{section}.go").write_text(of(section, "go").code)
    (tmp_path / "go.mod").write_text("module client\n\ngo 1.19\n")
    _passes(go, "vet", ".", cwd=tmp_path)


@pytest.mark.parametrize("block", [b for b in CODE if b.language == "go"], ids=lambda b: b.name)
def test_go_is_formatted(block, tmp_path):
    file = tmp_path / "x.go"
    file.write_text(block.code)
    done = subprocess.run([_program("gofmt"), "-l", file], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "block", [b for b in CODE if b.language in ("ruby", "php")], ids=lambda b: b.name
)
def test_the_interpreter_takes_it(block, tmp_path):
    file = tmp_path / "client"
    file.write_text(block.code)
    _passes(
        _program(block.language), "-c" if block.language == "ruby" else "-l", file, cwd=tmp_path
    )


@dataclass
class Silent:
    """A server that accepts and never answers; ``accepted`` counts connections."""

    port: int = 0
    accepted: int = 0
    kept: list[socket.socket] = field(default_factory=list)


@pytest.fixture
def silent() -> Iterator[Silent]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Silent(listening.getsockname()[1])

        def accept() -> None:
            while True:
                try:
                    server.kept.append(listening.accept()[0])
                except OSError:
                    return
                server.accepted += 1

        threading.Thread(target=accept, daemon=True).start()
        yield server
        for each in server.kept:
            each.close()


@pytest.fixture
def python(silent, monkeypatch) -> Iterator[types.SimpleNamespace]:
    for name in ("httpx", "psycopg", "psycopg_pool", "redis"):
        pytest.importorskip(name)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://app@127.0.0.1:{silent.port}/shop")
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{silent.port}/0")
    names: dict[str, object] = {}
    exec(compile(of("python", "python").code, PAGE, "exec"), names)
    yield types.SimpleNamespace(**names)


@pytest.mark.slow
def test_python_asks_a_silent_service_twice(python, silent):
    httpx = importlib.import_module("httpx")
    begun = time.monotonic()
    with pytest.raises(httpx.TimeoutException):
        python.get(f"http://127.0.0.1:{silent.port}/", begun + 5)
    assert silent.accepted == 2
    assert 2.0 <= time.monotonic() - begun < 4


@pytest.mark.slow
def test_python_begins_no_attempt_after_the_deadline(python, silent):
    httpx = importlib.import_module("httpx")
    with pytest.raises(httpx.TimeoutException):
        python.get(f"http://127.0.0.1:{silent.port}/", time.monotonic() + 0.1)
    assert silent.accepted == 1


def test_python_takes_a_silent_cache_for_a_miss(python, silent):
    begun = time.monotonic()
    assert python.cached("key") is None
    assert silent.accepted == 1
    assert time.monotonic() - begun < 1


@pytest.mark.slow
def test_python_waits_a_second_for_a_connection(python):
    pool = importlib.import_module("psycopg_pool")
    begun = time.monotonic()
    python.POOL.open()
    try:
        with pytest.raises(pool.PoolTimeout):
            python.in_transaction(lambda connection: None)
    finally:
        python.POOL.close(timeout=0)
    assert 1 <= time.monotonic() - begun < 4


def test_python_runs_a_transaction_again_when_the_server_asks(python, monkeypatch):
    psycopg = importlib.import_module("psycopg")
    tries: list[int] = []

    class Pool:
        def connection(self):
            return open(os.devnull)

    def work(connection):
        tries.append(1)
        if len(tries) < 3:
            raise psycopg.errors.SerializationFailure
        return "done"

    monkeypatch.setitem(python.in_transaction.__globals__, "POOL", Pool())
    assert python.in_transaction(work) == "done"
    tries[:] = [1] * -3
    with pytest.raises(psycopg.errors.SerializationFailure):
        python.in_transaction(work, attempts=2)


NODE_STUBS = {
    "pg": "export default { Pool: class { on() {} } }",
    "ioredis": "export default class { on() {} get() { return Promise.reject(new Error()) } }",
}
NODE_MAIN = """
import { get, cached } from "./client.mjs";
const begun = Date.now();
const failed = await get(process.argv[2], begun + Number(process.argv[3])).then(() => 0, () => 1);
console.log(failed, Date.now() - begun, await cached("key"));
"""


@pytest.mark.parametrize(("left", "calls", "least"), [(5000, 2, 1900), (100, 1, 90)])
def test_node_asks_a_silent_service_within_the_deadline(silent, tmp_path, left, calls, least):
    node = _program("node")
    for name, code in NODE_STUBS.items():
        folder = tmp_path / "node_modules" / name
        folder.mkdir(parents=True)
        (folder / "index.mjs").write_text(code)
        (folder / "package.json").write_text('{"type": "module", "exports": "./index.mjs"}')
    (tmp_path / "client.mjs").write_text(of("node", "javascript").code)
    (tmp_path / "main.mjs").write_text(NODE_MAIN)
    address = f"http://127.0.0.1:{silent.port}/"
    command = [node, "main.mjs", address, str(left)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    failed, elapsed, miss = done.stdout.split()
    assert (failed, miss) == ("1", "null")
    assert silent.accepted >= calls  # undici replaces a connection whose request was aborted
    assert least <= int(elapsed) < least + 2500


PHP_MAIN = """
require 'client.php';
$begun = microtime(true);
try { fetch($argv[1], $begun + 5); $failed = 0; } catch (RuntimeException $error) { $failed = 1; }
$fetched = microtime(true) - $begun;
$begun = microtime(true);
$miss = class_exists('Redis') ? cached('key') : false;
echo $failed, ' ', $fetched, ' ', var_export($miss, true), ' ', microtime(true) - $begun;
"""


def test_php_asks_a_silent_service_twice_and_a_silent_cache_once(silent, tmp_path):
    php = _program("php")
    loaded = subprocess.run([php, "-m"], capture_output=True, text=True).stdout.split()
    if "curl" not in loaded:
        pytest.skip("this PHP has no curl extension")
    (tmp_path / "client.php").write_text(of("php", "php").code)
    address = f"http://127.0.0.1:{silent.port}/"
    environment = os.environ | {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(silent.port)}
    done = subprocess.run(
        [php, "-r", PHP_MAIN, address],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    failed, fetched, miss, looked = done.stdout.split()
    assert (failed, miss) == ("1", "false")
    assert 2 <= float(fetched) < 4 and float(looked) < 1
    assert silent.accepted == 2 + ("redis" in loaded)
