"""Faults in waiting: calls without a limit, in a row, or at the wrong place."""

from tests.diagnosis.code.faults.fault import Fault

FAULTS: dict[str, Fault] = {
    "timeout-python": (
        "missing-timeout",
        "a.py",
        "import requests\ndef slow(url):\n    return requests.get(url)\n"
        "def fine(url):\n    return requests.get(url, timeout=3)\n",
        [3],
    ),
    "timeout-go": (
        "missing-timeout",
        "a.go",
        'package a\nimport "net/http"\nfunc slow() *http.Client { return &http.Client{} }\n'
        "func fine() *http.Client { return &http.Client{Timeout: 3} }\n",
        [3],
    ),
    "timeout-fetch": (
        "missing-timeout",
        "a.ts",
        "export async function slow(u: string) {\n  return fetch(u);\n}\n"
        "export async function fine(u: string) {\n"
        "  return fetch(u, { signal: AbortSignal.timeout(3000) });\n}\n",
        [2],
    ),
    "setting": (
        "missing-timeout",
        "settings.py",
        'import os\nEMAIL_HOST = os.environ["MAIL"]\nCELERY_BROKER_URL = "amqp://q"\n'
        "CELERY_TASK_TIME_LIMIT = 60\n",
        [2],
    ),
    "setting-options": (
        "missing-timeout",
        "redis.ts",
        "const slow: Partial<RedisOptions> = {\n  enableReadyCheck: true,\n};\n"
        "const fine: RedisOptions = {\n  commandTimeout: 500,\n};\n",
        [1],
    ),
    "session-without-limit": (
        "missing-timeout",
        "a.py",
        "import requests\nclass Api:\n    def __init__(self, session):\n"
        "        self._http = session\n"
        "    def slow(self, url):\n        return self._http.get(url)\n"
        "    def fine(self, url):\n        return self._http.get(url, timeout=3)\n",
        [6],
    ),
    "transaction": (
        "remote-call-in-transaction",
        "a.py",
        "import requests\nfrom django.db import transaction\n"
        "def pay(order):\n    with transaction.atomic():\n"
        "        requests.post('https://pay', timeout=3)\n"
        "def fine(order):\n    with transaction.atomic():\n"
        "        transaction.on_commit(lambda: requests.post('https://pay', timeout=3))\n",
        [5],
    ),
    "blocking": (
        "blocking-in-async",
        "a.py",
        "import time, asyncio\nasync def slow():\n    time.sleep(1)\n"
        "async def fine():\n    await asyncio.sleep(1)\n",
        [3],
    ),
    "sequence": (
        "sequential-awaits",
        "a.ts",
        "export async function slow(a: string, b: string) {\n"
        "  const x = await fetch(a, { signal });\n  const y = await fetch(b, { signal });\n"
        "  return [x, y];\n}\n"
        "export async function needs(a: string) {\n"
        "  const x = await fetch(a, { signal });\n  const y = await fetch(x.url, { signal });\n"
        "  return y;\n}\n",
        [2],
    ),
    "retry": (
        "retry-without-backoff",
        "a.py",
        "import requests, time\ndef slow(url):\n    while True:\n        try:\n"
        "            return requests.get(url, timeout=3)\n        except OSError:\n"
        "            time.sleep(1)\n",
        [5],
    ),
    "retry-go": (
        "retry-without-backoff",
        "a.go",
        'package a\nimport "net/http"\nfunc slow(c *http.Client) {\n  for i := 0; i < 5; i++ {\n'
        '    r, err := c.Get("http://x")\n    if err != nil {\n      continue\n    }\n'
        "    r.Body.Close()\n    return\n  }\n}\n"
        "func fine(c *http.Client, urls []string) {\n  for _, url := range urls {\n"
        "    r, err := c.Get(url)\n    if err != nil {\n      continue\n    }\n"
        "    r.Body.Close()\n  }\n}\n",
        [5],
    ),
    "transaction-csharp": (
        "remote-call-in-transaction",
        "A.cs",
        "class A {\n  Db _db; HttpClient _client;\n  async Task Slow() {\n"
        "    using var held = await _db.Database.BeginTransactionAsync();\n"
        '    await _client.PostAsync("http://x", null);\n    await held.CommitAsync();\n  }\n'
        "  async Task Fine() {\n    using var held = await _db.Database.BeginTransactionAsync();\n"
        "    await held.CommitAsync();\n"
        '    await _client.PostAsync("http://x", null);\n  }\n}\n',
        [5],
    ),
    "lock-and-sleep": (
        "remote-call-in-transaction",
        "a.py",
        "import threading, time\nlock = threading.Lock()\ndef slow():\n    with lock:\n"
        "        time.sleep(5)\ndef fine():\n    with lock:\n        count()\n    time.sleep(5)\n",
        [5],
    ),
    "address-as-file": (
        "missing-timeout",
        "a.php",
        "<?php\nfunction slow() {\n  return file_get_contents('https://rates.example/today');\n}\n"
        "function fine($path) {\n  return file_get_contents($path);\n}\n",
        [3],
    ),
}
