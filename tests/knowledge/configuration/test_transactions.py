"""A transaction runs again when the server asks for it, and never more than three times."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from tests.knowledge.code_blocks import blocks_of

PLACE = "references/configuration-clients.md#transactions-again"
#: Errors that attempts end with, then what the caller gets, and how many attempts there were.
CASES = [
    ((), "done", 1),
    (("40001", "40P01"), "done", 3),
    (("40001", "40001", "40001"), "40001", 3),
    (("23505",), "23505", 1),
]
NODE = """
import { inTransaction } from "./transactions.mjs";
const errors = JSON.parse(process.argv[2]);
const sent = [];
const pool = { connect: async () => ({ query: async (text) => sent.push(text), release() {} }) };
const work = async () => {
  const code = errors.shift();
  if (code) throw Object.assign(new Error(code), { code });
  return "done";
};
const got = await inTransaction(pool, work).catch((error) => error.code);
const count = (text) => sent.filter((each) => each === text).length;
console.log(JSON.stringify([got, count("BEGIN"), count("COMMIT"), count("ROLLBACK")]));
"""
PHP = """
require 'transactions.php';
class Fake extends PDO {
    public array $sent = [];
    public function __construct() {}
    public function beginTransaction(): bool { $this->sent[] = 'BEGIN'; return true; }
    public function commit(): bool { $this->sent[] = 'COMMIT'; return true; }
    public function rollBack(): bool { $this->sent[] = 'ROLLBACK'; return true; }
    public function inTransaction(): bool { return true; }
}
class Failed extends PDOException {
    public function __construct(string $code) { $this->code = $code; }
}
$errors = json_decode($argv[1]);
$fake = new Fake();
try {
    $got = in_transaction($fake, function () use (&$errors) {
        $code = array_shift($errors);
        if ($code) { throw new Failed($code); }
        return 'done';
    });
} catch (PDOException $error) {
    $got = $error->getCode();
}
$count = fn ($text) => count(array_keys($fake->sent, $text));
echo json_encode([$got, $count('BEGIN'), $count('COMMIT'), $count('ROLLBACK')]);
"""


@pytest.mark.parametrize("language", ["javascript", "php"])
@pytest.mark.parametrize(("errors", "got", "attempts"), CASES)
def test_attempts_end_with_a_commit_or_a_rollback(tmp_path, language, errors, got, attempts):
    [block] = blocks_of(PLACE, language)
    if language == "php":
        (tmp_path / "transactions.php").write_text(block.code)
        command = ["php", "-r", PHP]
    else:
        (tmp_path / "transactions.mjs").write_text(block.code)
        (tmp_path / "main.mjs").write_text(NODE)
        command = ["node", "main.mjs"]
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not on this machine")
    done = subprocess.run(
        [*command, json.dumps(errors)], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    commits = int(got == "done")
    assert json.loads(done.stdout) == [got, attempts, commits, attempts - commits]
