"""Shapes of code: the fault is found in each, and the repaired form beside it is not."""

import pytest

from tests.diagnosis.code.samples import places, reads

# (category, file, text, lines)
SHAPES = {
    "lock-begun-by-a-statement": (
        "remote-call-in-transaction",
        "a/s.go",
        'package a\nimport "net/http"\nfunc slow(s *S) {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n'
        '\thttp.Post("u", "t", nil)\n}\nfunc fine(s *S) {\n\ts.mu.Lock()\n\ts.n++\n'
        '\ts.mu.Unlock()\n\thttp.Post("u", "t", nil)\n}\n',
        [6],
    ),
    "transaction-begun-by-a-statement": (
        "remote-call-in-transaction",
        "a/s.go",
        'package a\nimport ("net/http"; "database/sql")\nfunc slow(db *sql.DB) {\n'
        '\ttx, _ := db.Begin()\n\thttp.Post("u", "t", nil)\n\ttx.Commit()\n}\n'
        "func fine(db *sql.DB) {\n\ttx, _ := db.Begin()\n\ttx.Commit()\n"
        '\thttp.Post("u", "t", nil)\n}\n',
        [5],
    ),
    "synchronized-method": (
        "remote-call-in-transaction",
        "a/A.java",
        "class A {\n  RestTemplate restTemplate;\n  synchronized void slow() {\n"
        '    restTemplate.getForObject("u", X.class);\n  }\n  void fine() {\n'
        '    restTemplate.getForObject("u", X.class);\n  }\n}\n',
        [4],
    ),
    "callback-of-a-save": (
        "job-before-commit",
        "app/models/order.rb",
        "class Order < ApplicationRecord\n  after_save :soon\n  after_commit :later\n"
        "  def soon\n    SendJob.perform_later(id)\n  end\n"
        "  def later\n    SendJob.perform_later(id)\n  end\nend\n",
        [5],
    ),
    "recursion-over-a-tree": (
        "n-plus-one",
        "src/tree.ts",
        "async function walk(id) {\n  const rows = await prisma.node.findMany({ where: { id } });\n"
        "  for (const row of rows) {\n    await walk(row.id);\n  }\n}\n"
        "async function twice(id) {\n  return other(id);\n}\n",
        [4],
    ),
    "way-to-the-root": (
        "n-plus-one",
        "src/way.ts",
        "async function way(id) {\n  while (id) {\n"
        "    const node = await prisma.node.findUnique({ where: { id } });\n"
        "    id = node.parentId;\n  }\n}\nasync function pages(cursor) {\n  while (cursor) {\n"
        "    const page = await prisma.node.findMany({ take: 9, cursor });\n"
        "    cursor = page.next;\n  }\n}\n",
        [3],
    ),
    "list-that-is-emptied": (
        "n-plus-one",
        "app/work.py",
        "from django.db import models\nclass Row(models.Model):\n    a = models.IntegerField()\n"
        "def slow(ids):\n    while ids:\n        Row.objects.get(pk=ids.pop())\n",
        [6],
    ),
    "function-given-by-name": (
        "n-plus-one",
        "src/all.ts",
        "async function all(ids) {\n  return Promise.all(ids.map(load));\n}\n"
        "async function load(id) {\n  return prisma.order.findUnique({ where: { id } });\n}\n",
        [2],
    ),
    "waits-outside-async": (
        "sequential-awaits",
        "app/both.py",
        "import requests\ndef slow(a, b):\n    x = requests.get(a, timeout=3)\n"
        "    y = requests.get(b, timeout=3)\n    return x, y\n"
        "def fine(a):\n    x = requests.get(a, timeout=3)\n    link = x.json()\n"
        "    y = requests.get(link, timeout=3)\n    return y\n",
        [3],
    ),
    "count-and-list": (
        "sequential-awaits",
        "src/page.ts",
        "async function slow(where) {\n  const total = await prisma.order.count({ where });\n"
        "  const rows = await prisma.order.findMany({ where, take: 9 });\n"
        "  return { total, rows };\n}\nasync function fine(where) {\n"
        "  return Promise.all([prisma.order.count({ where }), prisma.order.findMany({ take: 9 })]);"
        "\n}\n",
        [2],
    ),
    "one-column": (
        "over-fetching",
        "src/ids.ts",
        "async function slow(u) {\n  const rows = await prisma.order.findMany({ where: { u } });\n"
        "  return rows.map((row) => row.id);\n}\n",
        [3],
    ),
    "container-of-an-object": (
        "unbounded-memory",
        "src/seen.ts",
        "class SeenService {\n  private seen = new Map<string, string>();\n"
        "  private open = new Map<string, string>();\n  handle(m) {\n    this.seen.set(m.id, m);\n"
        "    this.open.set(m.id, m);\n  }\n  done(m) {\n    this.open.delete(m.id);\n  }\n}\n",
        [5],
    ),
    "container-through-another-name": (
        "unbounded-memory",
        "src/list.ts",
        "class ListService {\n  private relations = [];\n  find(given) {\n"
        "    const used = given || this.relations;\n    used.push('x');\n  }\n}\n",
        [5],
    ),
    "left-before-it-is-closed": (
        "resource-leak",
        "a/f.go",
        'package a\nimport "os"\nfunc slow(p string) error {\n\tf, err := os.Open(p)\n'
        "\tif err != nil {\n\t\treturn err\n\t}\n\tif p == empty {\n\t\treturn nil\n\t}\n"
        "\tdefer f.Close()\n\treturn nil\n}\nfunc fine(p string) error {\n\tf, err := os.Open(p)\n"
        "\tif err != nil {\n\t\treturn err\n\t}\n\tdefer f.Close()\n\treturn nil\n}\n",
        [4],
    ),
    "closeable-of-the-project": (
        "resource-leak",
        "a/A.java",
        "class Manager implements AutoCloseable {\n  void close() {}\n}\nclass A {\n"
        "  void slow() {\n    Manager m = new Manager();\n    m.run();\n  }\n"
        "  void fine() {\n    try (Manager m = new Manager()) {\n      m.run();\n    }\n  }\n}\n",
        [6],
    ),
    "send-that-nobody-reads": (
        "resource-leak",
        "a/s.go",
        "package a\nfunc slow(c chan int, done chan int) {\n\tselect {\n\tcase c <- 1:\n"
        "\tcase <-done:\n\t}\n\tc <- 2\n}\n",
        [7],
    ),
    "client-in-a-field": (
        "missing-timeout",
        "a/A.java",
        "class A {\n  HttpClient slow = HttpClient.newHttpClient();\n"
        "  HttpClient fine = HttpClient.newBuilder().connectTimeout(x).build();\n}\n",
        [2],
    ),
    "limit-that-is-none": (
        "missing-timeout",
        "app/get.py",
        "import requests\ndef slow(u):\n    return requests.get(u, timeout=None)\n"
        "def fine(u):\n    return requests.get(u, timeout=3)\n",
        [3],
    ),
    "statement-without-a-condition": (
        "unbounded-query",
        "app/rows.py",
        'def slow(cur):\n    cur.execute("SELECT * FROM orders")\n'
        'def fine(cur, n):\n    cur.execute("SELECT * FROM orders WHERE id = %s", n)\n'
        '    cur.execute("SELECT * FROM orders " + n)\n',
        [2],
    ),
}


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES)
def test_the_shape_is_known(tmp_path, case):
    category, name, text, lines = case
    assert places(reads(tmp_path, {name: text}), category) == [(name, line) for line in lines]
