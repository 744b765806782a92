"""Faults in queries: too many, too wide, or without an index."""

from tests.diagnosis.code.faults.fault import Fault

FAULTS: dict[str, Fault] = {
    "own-relation": (
        "n-plus-one",
        "app/models/budget.rb",
        "class Budget < ApplicationRecord\n  has_many :budget_lines\n  def slow\n"
        "    budget_lines.map { |line| line.category.color }\n  end\n  def fine\n"
        "    budget_lines.includes(:category).map { |line| line.category.color }\n  end\nend\n"
        "class BudgetLine < ApplicationRecord\n  belongs_to :category\nend\n",
        [4],
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
    "direct-write": (
        "row-by-row-writes",
        "app/models/row_import.rb",
        "class RowImport < ApplicationRecord\n  def slow\n    rows.each do |row|\n"
        "      prepare_security(row)\n      entry = build_entry(row)\n      entry.save!\n"
        "    end\n  end\n  def prepare_security(row)\n    found = Security.find(row.id)\n"
        "    found.save!\n  end\nend\nclass Security < ApplicationRecord\nend\n",
        [6],
    ),
    "server-beside-react": (
        "row-by-row-writes",
        "contacts.ts",
        'import { prisma } from "./db";\nimport "server-only";\nimport { cache } from "react";\n'
        "export async function slow(rows: Row[]) {\n  for (const row of rows) {\n"
        "    await prisma.contact.create({ data: row });\n  }\n}\n",
        [6],
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
    "offset": (
        "offset-pagination",
        "a.go",
        'package a\nfunc list() string {\n\treturn "SELECT id FROM orders ORDER BY id LIMIT 10 '
        'OFFSET $1"\n}\n',
        [3],
    ),
    "documents": (
        "over-fetching",
        "a.py",
        "from django.db import models\nclass Page(models.Model):\n    url = models.URLField()\n"
        "    raw = models.BinaryField()\n    secret_key = models.BinaryField()\n"
        "def slow(site):\n    return [p.url for p in Page.objects.filter(site=site)]\n"
        "def chosen(site):\n    rows = Page.objects.filter(site=site).defer('raw')\n"
        "    return [p.url for p in rows]\n"
        "def needed(site):\n    return [p.raw for p in Page.objects.filter(site=site)]\n"
        "def one(site):\n    return Page.objects.filter(site=site).first()\n",
        [7],
    ),
    "documents-in-sql": (
        "over-fetching",
        "a.py",
        "class Page(Base):\n    __tablename__ = 'pages'\n    raw = Column(LargeBinary)\n"
        "def slow(db):\n    return db.execute('SELECT * FROM pages ORDER BY id')\n"
        "def fine(db):\n    return db.execute('SELECT id FROM pages ORDER BY id')\n",
        [5],
    ),
    "search-of-the-class": (
        "non-sargable/function-on-column",
        "app/models/page.rb",
        "class Page < ApplicationRecord\n  def self.slow(name)\n"
        "    where('lower(name) = ?', name)\n"
        "  end\n  def self.fine(name)\n    where('name = ?', name)\n  end\nend\n",
        [3],
    ),
}
