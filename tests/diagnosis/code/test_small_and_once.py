"""Node and .NET: what runs once, over a handful or with a limit, beside the fault."""

import pytest

from tests.diagnosis.code.samples import places, reads

_EF = "using Microsoft.EntityFrameworkCore;\n"
_UNIT = (
    "interface IStore<T> { void Remove(T row); }\n"
    "interface IRepository<T> : IStore<T> { }\n"
    "class Store<T> : IStore<T> { public void Remove(T row) { _rows.Remove(row); } }\n"
    "class Repository<T> : Store<T>, IRepository<T> { }\n"
)

#: category, files, the places that are leads
CASES = {
    "table-of-knex": (
        "missing-timeout",
        {
            "a.js": "async function slow(config) {\n  const db = knex({ client: 'pg' });\n"
            "  await db.raw('select 1');\n}\n"
            "async function fine(options) {\n  await knex(options.table);\n}\n"
        },
        [("a.js", 2)],
    ),
    "function-with-the-name-of-a-client": (
        "missing-timeout",
        {
            "a.js": "const redis = require('redis');\nconst cache = createClient({ url });\n",
            "b.js": "function createClient(app) {\n  return app.models.Key.create();\n}\n"
            "async function fine(app) {\n  return createClient(app);\n}\n",
        },
        [("a.js", 2)],
    ),
    "rows-of-an-orm-that-is-required": (
        "row-by-row-writes",
        {
            "a.js": "const { Op } = require('sequelize');\nasync function slow(orders) {\n"
            "  for (const order of orders) {\n    await order.save();\n  }\n}\n"
        },
        [("a.js", 4)],
    ),
    "settings-in-a-file": (
        "row-by-row-writes",
        {
            "a.ts": "import 'typeorm';\nfunction fine(paths, settings) {\n"
            "  paths.forEach((path) => settings.save());\n}\n"
            "function slow(orders) {\n  orders.forEach((order) => order.save());\n}\n"
        },
        [("a.ts", 6)],
    ),
    "unit-of-work": (
        "row-by-row-writes",
        {
            "A.cs": _EF + _UNIT + "class A {\n  private readonly IRepository<Order> _repository;\n"
            "  async Task Fine(List<Order> orders) {\n    foreach (var order in orders) {\n"
            "      _repository.Remove(order);\n    }\n  }\n"
            "  async Task Slow(List<Order> orders) {\n    foreach (var order in orders) {\n"
            "      await _context.SaveChangesAsync();\n    }\n  }\n}\n"
        },
        [("A.cs", 15)],
    ),
    "condition-that-becomes-sql": (
        "n-plus-one",
        {
            "A.cs": "class A {\n  void Fine() {\n"
            "    var query = _orderRepository.Query();\n"
            "    query = query.Where(x => _lineRepository.GetAll().Contains(x.Id));\n  }\n"
            "  void Slow(List<int> ids) {\n    foreach (var id in ids) {\n"
            "      _orderRepository.Query().FirstOrDefault(x => x.Id == id);\n    }\n  }\n}\n"
        },
        [("A.cs", 8)],
    ),
    "queries-of-one-context": (
        "sequential-awaits",
        {
            "A.cs": _EF + "class A {\n  async Task Fine() {\n"
            "    var a = await _context.Orders.FirstAsync();\n"
            "    var b = await _context.Lines.FirstAsync();\n"
            "    var c = await _context.Users.FirstAsync();\n  }\n"
            "  async Task Slow() {\n    var a = await _client.GetAsync(first);\n"
            "    var b = await _client.GetAsync(second);\n  }\n}\n"
        },
        [("A.cs", 9)],
    ),
    "either-of-two": (
        "sequential-awaits",
        {
            "a.ts": "async function fine(movie) {\n"
            "  const found = movie\n    ? await fetch(movies)\n    : await fetch(shows);\n"
            "  use(found);\n}\n"
            "async function slow() {\n  const a = await fetch(movies);\n"
            "  const b = await fetch(shows);\n  use(a, b);\n}\n"
        },
        [("a.ts", 8)],
    ),
    "copy-before-delete": (
        "sequential-awaits",
        {
            "a.ts": "async function fine() {\n  await this.client.send(copy);\n"
            "  await this.client.send(remove);\n}\n"
            "async function slow() {\n  await mailer.send(first);\n"
            "  await mailer.send(second);\n}\n"
        },
        [("a.ts", 6)],
    ),
    "limit-among-common-options": (
        "missing-timeout",
        {
            "a.ts": "class A {\n  fine() {\n    got.post(url, { json, ...this.options() });\n  }\n"
            "  slow() {\n    got.post(url, { json });\n  }\n}\n"
        },
        [("a.ts", 6)],
    ),
    "key-of-a-mapping": (
        "missing-index",
        {
            "A.cs": _EF + "class Shop : DbContext { public DbSet<Token> Tokens { get; set; } }\n"
            "class Token {\n  public string Code { get; set; }\n"
            "  public string Mail { get; set; }\n}\n"
            "class TokenMapping {\n  void Configure(EntityTypeBuilder<Token> builder) {\n"
            "    builder.HasKey(t => t.Code);\n  }\n}\n"
            "class A {\n  void Find(string x) {\n"
            "    _context.Tokens.FirstOrDefaultAsync(t => t.Code == x);\n"
            "    _context.Tokens.FirstOrDefaultAsync(t => t.Mail == x);\n  }\n}\n"
        },
        [("A.cs", 5)],
    ),
    "rows-that-expire": (
        "missing-index",
        {
            f"{name}.ts": f"const {name}Schema = new Schema({{\n  seen: {{ type: Date{more} }},\n"
            f"}});\nconst {name} = model('{name}', {name}Schema);\n"
            f"function find(seen) {{\n  {name}.findOne({{ seen }});\n}}\n"
            for name, more in (("Visit", ", expires: 600"), ("Order", ""))
        },
        [("Order.ts", 2)],
    ),
    "container-that-is-bounded-by-its-keys": (
        "unbounded-memory",
        {
            "a.ts": "const known = {};\nconst seen = {};\n"
            "function visit(order, type) {\n  known[type] = order;\n  seen[order.id] = order;\n}\n",
            "A.cs": "class OrderManager {\n"
            "  ConcurrentDictionary<string, Order> Open = new ConcurrentDictionary();\n"
            "  void Add(Order order) { Open[order.Code] = order; }\n"
            "  void End(string code) { Open.TryRemove(code, out _); }\n}\n",
        },
        [("a.ts", 5)],
    ),
    "page-of-a-list": (
        "offset-pagination",
        {
            "A.cs": "class A {\n  void Fine() {\n    var all = both.Concat(more).ToArray();\n"
            "    all.OrderBy(x => x.At).Skip(page * size);\n  }\n"
            "  void Slow() {\n    _context.Orders.OrderBy(x => x.At).Skip(page * size);\n  }\n}\n"
        },
        [("A.cs", 7)],
    ),
    "few-by-their-name": (
        "n-plus-one",
        {
            "a.ts": "async function fine() {\n  for (const slider of defaultSliders) {\n"
            "    await repo.findOne(slider);\n  }\n  for (const locale of order.locales) {\n"
            "    await repo.findOne(locale);\n  }\n  for (const one of input.strategies) {\n"
            "    await repo.findOne(one);\n  }\n}\n"
            "async function slow(orders) {\n  for (const order of orders) {\n"
            "    await repo.findOne(order);\n  }\n}\n"
        },
        [("a.ts", 14)],
    ),
    "client-that-is-registered": (
        "connection-per-request",
        {
            "A.cs": "static class A {\n"
            "  static void AddLimits(this IServiceCollection services) {\n"
            "    services.AddSingleton(ConnectionMultiplexer.Connect(url));\n  }\n"
            "  static void Limit(Request request) {\n"
            "    var redis = ConnectionMultiplexer.Connect(url);\n  }\n}\n"
        },
        [("A.cs", 6)],
    ),
    "files-that-run-once": (
        "row-by-row-writes",
        {
            name: "async function run(orders) {\n  for (const order of orders) {\n"
            "    await orderRepository.save(order);\n  }\n}\n"
            for name in ("db/upgrade.js", "utils/migrations.js", "orders.js")
        }
        | {
            f"Jobs/{name}Job.cs": "class Job {\n  void Run(List<Order> orders) {\n"
            "    foreach (var order in orders) {\n      _context.SaveChanges();\n    }\n  }\n}\n"
            for name in ("BackfillOrders", "Orders")
        },
        [("Jobs/OrdersJob.cs", 4), ("orders.js", 3)],
    ),
    "rows-that-are-chosen": (
        "unbounded-query",
        {
            "a.ts": "async function fine(id) {\n  const opts = { where: { id } };\n"
            "  await Order.findAll(opts);\n  await User.scope('admins').findAll();\n}\n"
            "async function slow() {\n  return await Order.findAll();\n}\n",
            "A.cs": "class A {\n  async Task Fine() {\n"
            "    await _orderRepository.FindAsync(subject).ToListAsync();\n"
            "    await _roleRepository.Query().Select(x => x.Id).ToListAsync();\n  }\n"
            "  async Task Slow() {\n"
            "    await _orderRepository.Query().Select(x => x.Id).ToListAsync();\n  }\n}\n",
        },
        [("A.cs", 7), ("a.ts", 7)],
    ),
    "body-that-is-measured": (
        "unbounded-memory",
        {
            "a.ts": "async function fine(file, size) {\n  if (size <= MAX_SIZE) {\n"
            "    await fs.promises.readFile(file.upload);\n  }\n}\n"
            "async function wrong(url) {\n  const response = await fetch(url);\n"
            "  if (!response.ok) {\n    log(await response.text());\n  }\n}\n"
            "async function slow(file) {\n  await fs.promises.readFile(file.upload);\n}\n"
        },
        [("a.ts", 13)],
    ),
    "database-in-the-process": (
        "missing-timeout",
        {
            "a.ts": "function made() {\n  source = new DataSource({ type: 'sqlite', database });\n"
            "  source = new DataSource({ type: 'postgres', host });\n}\n"
        },
        [("a.ts", 3)],
    ),
    "page-behind-a-cursor": (
        "offset-pagination",
        {
            "a.ts": "async function fine(id) {\n"
            "  await prisma.order.findMany({ take, skip: 1, cursor: { id } });\n}\n"
            "async function slow(page) {\n  await prisma.order.findMany({ take, skip: page });\n}\n"
        },
        [("a.ts", 5)],
    ),
    "template-of-a-mail": (
        "blocking-in-async",
        {
            "a.ts": "async function fine() {\n  fs.readFileSync(path.join(mails, 'new.html'));\n}\n"
            "async function slow(upload) {\n  fs.readFileSync(upload.path);\n}\n"
        },
        [("a.ts", 5)],
    ),
    "lines-of-a-file": (
        "retry-without-backoff",
        {
            "A.cs": "class A {\n  async Task Fine() {\n    while (!reader.EndOfStream) {\n"
            "      try { await _context.SaveChangesAsync(); } catch { log(); }\n    }\n  }\n"
            "  async Task Slow() {\n    while (!done) {\n"
            "      try { await _context.SaveChangesAsync(); } catch { log(); }\n    }\n  }\n}\n"
        },
        [("A.cs", 9)],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_only_the_fault_is_a_lead(tmp_path, case):
    category, files, expected = case
    assert places(reads(tmp_path, files), category) == expected
