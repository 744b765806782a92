"""Each kind of fault is found, and the repaired form beside it is not."""

import pytest

from tests.diagnosis.code.samples import places, reads

#: category, file, text, lines that are leads
CASES = {
    "own-relation": (
        "n-plus-one",
        "app/models/budget.rb",
        "class Budget < ApplicationRecord\n  has_many :budget_lines\n  def slow\n"
        "    budget_lines.map { |line| line.category.color }\n  end\n  def fine\n"
        "    budget_lines.includes(:category).map { |line| line.category.color }\n  end\nend\n"
        "class BudgetLine < ApplicationRecord\n  belongs_to :category\nend\n",
        [4],
    ),
    "direct-write": (
        "row-by-row-writes",
        "app/models/row_import.rb",
        "class RowImport < ApplicationRecord\n  def slow\n    rows.each do |row|\n"
        "      prepare_security(row)\n      entry = build_entry(row)\n      entry.save!\n"
        "    end\n  end\n  def prepare_security(row)\n    found = Security.find(row.id)\n"
        "    found.save!\n  end\nend\nclass Security < ApplicationRecord\nend\n",
        [6],
    ),
    "deferred-in-loop": (
        "resource-leak",
        "a.go",
        'package a\nimport "os"\nfunc slow(names []string) {\n\tfor _, n := range names {\n'
        "\t\tf, _ := os.Open(n)\n\t\tdefer f.Close()\n\t}\n}\n"
        "func fine(names []string) {\n\tfor _, n := range names {\n\t\tfunc() {\n"
        "\t\t\tf, _ := os.Open(n)\n\t\t\tdefer f.Close()\n\t\t}()\n\t}\n}\n",
        [6],
    ),
    "connection-without-name": (
        "resource-leak",
        "A.java",
        "class A {\n  String slow() {\n"
        "    return dataSource.getConnection().getMetaData().getURL();\n"
        "  }\n  String fine() {\n    try (var c = dataSource.getConnection()) {\n"
        "      return c.getMetaData().getURL();\n    }\n  }\n}\n",
        [3],
    ),
    "type-of-a-call": (
        "n-plus-one",
        "a.go",
        "package a\nfunc slow(ds Data, ids []string) {\n\tfor _, id := range ids {\n"
        "\t\tds.Track(ctx).GetAll(id)\n\t}\n}\nfunc fine(ds Data, ids []string) {\n"
        "\tfor _, id := range ids {\n\t\tds.Menu(ctx).GetAll(id)\n\t}\n}\n"
        "func (d *data) Track(c Ctx) model.TrackRepository { return d.t }\n"
        "func (d *data) Menu(c Ctx) Menu { return d.m }\n",
        [4],
    ),
    "index-loop": (
        "n-plus-one",
        "A.java",
        "class A {\n  void slow() {\n    for (int i = limit - 1; i >= 0; i--) {\n"
        "      userMapper.selectById(ids.get(i));\n    }\n  }\n  void fine() {\n"
        "    for (int i = 0; i < maxRetries; i++) {\n      userMapper.selectById(id);\n"
        "    }\n  }\n}\n",
        [4],
    ),
    "serializer": (
        "n-plus-one",
        "api.py",
        "from django.db import models\nfrom rest_framework import serializers, viewsets\n"
        "class Note(models.Model):\n    author = models.ForeignKey('User', related_name='notes')\n"
        "class UserSerializer(serializers.ModelSerializer):\n    pass\n"
        "class NoteSerializer(serializers.ModelSerializer):\n    author = UserSerializer()\n"
        "class Slow(viewsets.ModelViewSet):\n    serializer_class = NoteSerializer\n"
        "    def get_queryset(self):\n        return Note.objects.filter(open=True)\n"
        "class Fine(viewsets.ModelViewSet):\n    serializer_class = NoteSerializer\n"
        "    def get_queryset(self):\n"
        "        return Note.objects.filter(open=True).select_related('author')\n",
        [12],
    ),
    "server-beside-react": (
        "row-by-row-writes",
        "contacts.ts",
        'import { prisma } from "./db";\nimport "server-only";\nimport { cache } from "react";\n'
        "export async function slow(rows: Row[]) {\n  for (const row of rows) {\n"
        "    await prisma.contact.create({ data: row });\n  }\n}\n",
        [6],
    ),
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
    "expression": (
        "other",
        "a.py",
        "import re\nslow = re.compile(r'^(\\w+\\s?)*$')\nfine = re.compile(r'^(\\w+,)*$')\n",
        [2],
    ),
    "expression-literal": (
        "other",
        "a.ts",
        "export const slow = (a: string) => a.replace(/(\\n+\\s*)+/g, '');\n"
        "export const fine = (a: string) => a.replace(/\\n+/g, '');\n",
        [1],
    ),
    "cache-key": (
        "cache-key/ttl/stampede",
        "a.py",
        "from django.core.cache import cache\nfrom app.models import Order\n"
        "def slow(shop, day):\n    key = f'orders:{day}'\n"
        "    return cache.get_or_set(key, lambda: list(Order.objects.filter(shop=shop)), 60)\n"
        "def fine(shop, day):\n    key = f'orders:{shop}:{day}'\n"
        "    return cache.get_or_set(key, lambda: list(Order.objects.filter(shop=shop)), 60)\n",
        [5],
    ),
    "searched": (
        "missing-index",
        "models.py",
        "from django.db import models\nclass Order(models.Model):\n"
        "    number = models.CharField(max_length=20)\n"
        "    token = models.CharField(max_length=20, db_index=True)\n"
        "    placed = models.DateTimeField()\n"
        "    class Meta:\n        indexes = [models.Index(fields=['placed'])]\n"
        "def slow(number):\n    return Order.objects.get(number=number)\n"
        "def fine(token):\n    return Order.objects.filter(token=token).order_by('placed')\n",
        [3],
    ),
    "picked": (
        "over-fetching",
        "a.go",
        "package a\nfunc (r *Repo) Slow(db *sql.DB) *Row {\n\trows := db.Select(q)\n"
        "\tfor _, row := range rows {\n\t\tif row.ok {\n\t\t\tfound = row\n\t\t\tbreak\n"
        "\t\t}\n\t}\n\treturn found\n}\n"
        "func (r *Repo) Fine(rows []Row) *Row {\n\tfor _, row := range rows {\n"
        "\t\tif row.ok {\n\t\t\tbreak\n\t\t}\n\t}\n\treturn nil\n}\n",
        [4],
    ),
    "cache-deleted-early": (
        "cache-key/ttl/stampede",
        "a.py",
        "from django.core.cache import cache\nfrom django.db import transaction\n"
        "def slow(order):\n    with transaction.atomic():\n        order.close()\n"
        "        cache.delete(order.key)\n"
        "def fine(order):\n    with transaction.atomic():\n        order.close()\n"
        "    cache.delete(order.key)\n",
        [6],
    ),
    "queue": (
        "unbounded-memory",
        "a.py",
        "import asyncio\nslow = asyncio.Queue()\nfine = asyncio.Queue(maxsize=100)\n",
        [2],
    ),
    "listener": (
        "resource-leak",
        "a.ts",
        "export function slow(id: string) {\n  eventBus.on('change', () => send(id));\n}\n"
        "export function fine(request: Request) {\n"
        "  const client = connect();\n  client.on('data', send);\n}\n",
        [2],
    ),
    "compiled-in-loop": (
        "other",
        "a.go",
        "package a\nfunc Slow(rows []string) {\n\tfor _, row := range rows {\n"
        '\t\tregexp.MustCompile(".*").MatchString(row)\n\t}\n}\n'
        'var fine = regexp.MustCompile("a")\n',
        [4],
    ),
    "keys": (
        "redis-keys/roundtrips",
        "a.ts",
        "export async function clear(redis: Redis) {\n  return redis.keys('user:*');\n}\n"
        "export async function scan(redis: Redis) {\n  return redis.scan(0);\n}\n",
        [2],
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
    "leak-java": (
        "resource-leak",
        "A.java",
        "class A {\n  void slow(File f) throws IOException {\n"
        "    FileInputStream in = new FileInputStream(f);\n    read(in);\n  }\n"
        "  void fine(File f) throws IOException {\n"
        "    try (FileInputStream in = new FileInputStream(f)) { read(in); }\n  }\n}\n",
        [3],
    ),
    "leak-go": (
        "resource-leak",
        "a.go",
        'package a\nimport "net/http"\nfunc slow(c *http.Client, r *http.Request) error {\n'
        "\tresp, err := c.Do(r)\n\tuse(resp.StatusCode)\n\treturn err\n}\n"
        "func fine(client *http.Client, r *http.Request) error {\n"
        "\tresp, err := client.Do(r)\n\tdefer resp.Body.Close()\n\treturn err\n}\n",
        [4],
    ),
    "per-call": (
        "connection-per-request",
        "a.py",
        "import redis\nSHARED = redis.Redis(socket_timeout=1)\n"
        "def handle(key):\n    client = redis.Redis(socket_timeout=1)\n"
        "    return client.get(key)\n",
        [4],
    ),
    "grows": (
        "unbounded-memory",
        "a.py",
        "SEEN = {}\nBOUND = {}\ndef handle(key, value):\n    SEEN.setdefault(key, value)\n"
        "def other(key):\n    BOUND.setdefault(key, 1)\n    BOUND.pop(key)\n",
        [4],
    ),
    "retry": (
        "retry-without-backoff",
        "a.py",
        "import requests, time\ndef slow(url):\n    while True:\n        try:\n"
        "            return requests.get(url, timeout=3)\n        except OSError:\n"
        "            time.sleep(1)\n",
        [5],
    ),
    "offset": (
        "offset-pagination",
        "a.go",
        'package a\nfunc list() string {\n\treturn "SELECT id FROM orders ORDER BY id LIMIT 10 '
        'OFFSET $1"\n}\n',
        [3],
    ),
    "lazy": (
        "n-plus-one",
        "models.py",
        "from django.db import models\nclass Book(models.Model):\n"
        "    author = models.ForeignKey('Author', on_delete=models.CASCADE)\n"
        "def slow():\n    return [book.author.name for book in Book.objects.filter(sold=True)]\n"
        "def fine():\n    books = Book.objects.select_related('author').filter(sold=True)\n"
        "    return [book.author.name for book in books]\n",
        [5],
    ),
    "prisma": (
        "missing-index",
        "schema.prisma",
        "model Order {\n  id     Int  @id\n  userId Int\n"
        "  user   User @relation(fields: [userId], references: [id])\n}\n"
        "model Bill {\n  id     Int  @id\n  userId Int\n"
        "  user   User @relation(fields: [userId], references: [id])\n  @@index([userId])\n}\n",
        [4],
    ),
    "migration": (
        "lock/migration hazard",
        "db/migration/V2__index.sql",
        "CREATE INDEX a ON orders (customer);\nCREATE INDEX CONCURRENTLY b ON orders (day);\n",
        [1],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_fault_is_found_and_its_repair_is_not(tmp_path, case):
    category, name, text, lines = case
    run = reads(tmp_path, {name: text})
    assert places(run, category) == [(name, line) for line in lines]
