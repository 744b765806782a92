"""Shapes of Java, Kotlin, Go, C# and TypeScript: the fault is found, its repair beside it not."""

import pytest

from tests.diagnosis.code.samples import places, reads

_ENTITY = (
    '\n@Entity class Order {\n  @OneToMany(mappedBy = "order") List<Line> lines;\n'
    "  List<Line> getLines() { return lines; }\n}\n"
)

# (category, file, text, lines)
SHAPES = {
    "relation-read-by-what-gets-the-row": (
        "n-plus-one",
        "a/A.java",
        "class A {\n  OrderRepository repo;\n  List<Dto> slow() {\n"
        "    return repo.findByPaid(true).stream().map(this::dto).toList();\n  }\n"
        "  List<Dto> fine() {\n"
        "    return repo.findWithLinesFetched().stream().map(this::dto).toList();\n"
        "  }\n  Dto dto(Order order) {\n    return new Dto(order.getLines().size());\n  }\n}"
        + _ENTITY,
        [4],
    ),
    "relation-of-the-rows-of-a-repository": (
        "n-plus-one",
        "a/A.java",
        "class A {\n  OrderRepository repo;\n  void slow() {\n"
        "    for (Order order : repo.findByPaid(true)) {\n      use(order.getLines());\n"
        "    }\n  }\n"
        "  void fine() {\n    for (Order order : repo.findAndFetchLines()) {\n"
        "      use(order.getLines());\n    }\n  }\n}" + _ENTITY,
        [5],
    ),
    "interface-that-a-framework-implements": (
        "n-plus-one",
        "a/A.java",
        "interface Ledger extends JpaRepository<Entry, Long> { Entry findByCode(String code); }\n"
        "class A {\n  Ledger ledger;\n  Book book;\n  void slow(List<String> codes) {\n"
        "    for (String code : codes) {\n      ledger.findByCode(code);\n    }\n  }\n"
        "  void fine(List<String> codes) {\n    for (String code : codes) {\n"
        "      book.findByCode(code);\n    }\n  }\n}\nclass Book { }\n",
        [7],
    ),
    "interface-of-a-client": (
        "sequential-awaits",
        "a/A.java",
        '@FeignClient("prices")\n'
        "interface Prices { Price priceOf(String code); Price getPrice(String c); }\n"
        "class A {\n  Prices prices;\n  void slow(List<String> codes) {\n"
        "    for (String code : codes) {\n      prices.getPrice(code);\n    }\n  }\n"
        "  void fine(List<String> codes) {\n    prices.getPrice(codes.get(0));\n  }\n}\n",
        [7],
    ),
    "transaction-of-a-template": (
        "remote-call-in-transaction",
        "a/A.java",
        "class A {\n  RestTemplate restTemplate;\n  void slow() {\n"
        "    transactionTemplate.execute(s -> {\n"
        '      return restTemplate.getForObject("u", X.class);\n    });\n  }\n'
        "  void fine() {\n"
        '    executor.execute(() -> restTemplate.getForObject("u", X.class));\n  }\n}\n',
        [5],
    ),
    "cache-without-a-bound": (
        "unbounded-memory",
        "a/A.java",
        "class A {\n  Cache<String, X> slow = Caffeine.newBuilder().build();\n"
        "  Cache<String, X> fine = Caffeine.newBuilder().maximumSize(9).build();\n}\n",
        [2],
    ),
    "blocking-in-a-handler": (
        "blocking-in-async",
        "src/a.ts",
        "function slow(req, res) {\n  res.send(bcrypt.hashSync(req.body.word, 10));\n}\n"
        "function fine(word) {\n  return bcrypt.hashSync(word, 10);\n}\n",
        [2],
    ),
    "result-that-is-waited-for": (
        "blocking-in-async",
        "a/A.cs",
        "class A {\n  string Slow() {\n    return client.GetAsync(1).Result;\n  }\n"
        "  async Task<string> Fine() {\n    return await client.GetAsync(1);\n  }\n}\n",
        [3],
    ),
    "waits-in-an-object": (
        "sequential-awaits",
        "src/a.ts",
        "async function slow(repo: Repository<Row>) {\n  return {\n"
        "    rows: await repo.find({ take: 9 }),\n    total: await repo.count(),\n  };\n}\n"
        "async function fine(repo: Repository<Row>) {\n"
        "  return Promise.all([repo.find({ take: 9 }), repo.count()]);\n}\n",
        [3],
    ),
    "statement-without-parameters": (
        "unbounded-query",
        "a/A.java",
        "class A {\n  JdbcTemplate jdbcTemplate;\n  List<Rate> findAllRates() {\n"
        "    return jdbcTemplate.query(sql, rowMapper);\n  }\n"
        "  List<Rate> findAllOfDay(Date day) {\n"
        "    return jdbcTemplate.query(sql, rowMapper, day);\n  }\n}\n",
        [4],
    ),
    "one-value-that-may-be-there": (
        "n-plus-one",
        "a/A.java",
        "class A {\n  OrderRepository repo;\n  void slow(List<Long> ids) {\n"
        "    ids.stream().map(id -> repo.findById(id));\n  }\n  void fine(Optional<Long> maybe) {\n"
        "    maybe.map(id -> repo.findById(id));\n    repo.findFirst().flatMap(repo::findById);\n"
        "  }\n}\n",
        [4],
    ),
    "elements-of-one-chunk": (
        "row-by-row-writes",
        "a/A.java",
        "class A {\n  OrderRepository repo;\n  void slow(List<Order> chunkOrders) {\n"
        "    for (Order order : chunkOrders) {\n      repo.save(order);\n    }\n  }\n"
        "  void fine(List<List<Order>> chunks) {\n    for (List<Order> chunk : chunks) {\n"
        "      repo.save(chunk);\n    }\n  }\n}\n",
        [5],
    ),
    "request-of-java": (
        "missing-timeout",
        "a/A.java",
        "class A {\n  HttpRequest slow(URI uri) {\n"
        "    return HttpRequest.newBuilder().uri(uri).build();\n  }\n"
        "  HttpRequest fine(URI uri) {\n"
        "    return HttpRequest.newBuilder().uri(uri).timeout(LIMIT).build();\n  }\n}\n",
        [3],
    ),
    "interface-of-another-package": (
        "row-by-row-writes",
        "alertlog/store.go",
        "package alertlog\ntype Store interface { LogTx(id int) error }\n"
        "type DB struct { db *sql.DB }\n"
        'func (d *DB) LogTx(id int) error { _, err := d.db.Exec("insert into a values (1)");'
        " return err }\n"
        "type Engine struct { log Store }\nfunc (e *Engine) slow(ids []int) {\n"
        "\tfor _, id := range ids {\n\t\te.log.LogTx(id)\n\t}\n}\n"
        "func (e *Engine) fine(ids []int) {\n\te.log.LogTx(ids[0])\n}\n",
        [8],
    ),
    "context-that-is-dropped": (
        "missing-timeout",
        "users/store.go",
        "package users\nfunc (s *Store) slow(ctx context.Context, id int) error {\n"
        '\t_, err := s.db.Exec("delete from users where id = $1", id)\n\treturn err\n}\n'
        "func (s *Store) fine(ctx context.Context, id int) error {\n"
        '\t_, err := s.db.ExecContext(ctx, "delete from users where id = $1", id)\n'
        "\treturn err\n}\n"
        "func (s *Store) without(id int) error {\n"
        '\t_, err := s.db.Exec("delete from users where id = $1", id)\n\treturn err\n}\n',
        [3],
    ),
    "server-that-limits-headers-only": (
        "missing-timeout",
        "web/serve.go",
        "package web\nfunc slow() *http.Server {\n"
        "\treturn &http.Server{Addr: a, ReadHeaderTimeout: time.Second}\n}\n"
        "func fine() *http.Server {\n"
        "\treturn &http.Server{ReadHeaderTimeout: time.Second, ReadTimeout: time.Minute}\n}\n",
        [3],
    ),
    "lost-on-an-error": (
        "resource-leak",
        "store/open.go",
        "package store\nfunc slow(ctx context.Context) (*mongo.Client, error) {\n"
        "\tclient, err := mongo.Connect(ctx, options)\n\tif err != nil {\n"
        "\t\treturn nil, err\n\t}\n"
        "\tif err = client.Ping(ctx, nil); err != nil {\n\t\treturn nil, err\n\t}\n"
        "\treturn client, nil\n}\n"
        "func fine(ctx context.Context) (*mongo.Client, error) {\n"
        "\tclient, err := mongo.Connect(ctx, options)\n\tif err != nil {\n"
        "\t\treturn nil, err\n\t}\n"
        "\tif err = client.Ping(ctx, nil); err != nil {\n\t\tclient.Disconnect(ctx)\n"
        "\t\treturn nil, err\n\t}\n\treturn client, nil\n}\n",
        [3],
    ),
    "timer-for-every-message": (
        "resource-leak",
        "mail/send.go",
        "package mail\nfunc slow(in chan Mail) {\n\tfor {\n\t\tselect {\n"
        "\t\tcase m := <-in:\n\t\t\tsend(m)\n"
        "\t\tcase <-time.After(time.Hour):\n\t\t\treturn\n\t\t}\n\t}\n}\n"
        "func fine(ctx context.Context) {\n\tfor {\n\t\tselect {\n"
        "\t\tcase <-ctx.Done():\n\t\t\treturn\n"
        "\t\tcase <-time.After(time.Hour):\n\t\t\twork()\n\t\t}\n\t}\n}\n",
        [7],
    ),
    "sends-to-a-reader-that-may-be-gone": (
        "resource-leak",
        "blocks/list.go",
        "package blocks\nfunc slow(req Request, res Response, keys []string) {\n"
        "\tctx := req.Context()\n\tout := make(chan string)\n\tres.Output(out)\n"
        "\tgo func() {\n\t\tfor _, key := range keys {\n\t\t\tout <- load(ctx, key)\n"
        "\t\t}\n\t}()\n}\n"
        "func fine(req Request, res Response, keys []string) {\n"
        "\tout := make(chan string, len(keys))\n\tres.Output(out)\n\tgo func() {\n"
        "\t\tfor _, key := range keys {\n\t\t\tout <- load(req.Context(), key)\n"
        "\t\t}\n\t}()\n}\n",
        [8],
    ),
    "client-in-a-handler": (
        "connection-per-request",
        "src/app.ts",
        "const shared = new PrismaClient()\n"
        "app.get('/users', async (req, res) => {\n"
        "  const own = new PrismaClient({ timeout: 9 })\n"
        "  res.json(await own.user.findFirst())\n})\n"
        "app.get('/fine', async (req, res) => {\n  res.json(await shared.user.findFirst())\n})\n",
        [3],
    ),
    "own-database-module": (
        "row-by-row-writes",
        "src/likes.js",
        "const db = require('./database')\n"
        "async function slow (names) {\n  for (const name of names) {\n"
        "    await db.sortedSetIncrBy('likes', 1, name)\n  }\n}\n"
        "async function fine (names) {\n  await db.sortedSetIncrByBulk(names)\n}\n",
        [4],
    ),
    "two-reads-that-do-not-depend": (
        "sequential-awaits",
        "src/pages.ts",
        "async function slow(prisma, id) {\n"
        "  const user = await prisma.user.findUnique({ where: { id } })\n"
        "  const pages = await prisma.page.findMany({ where: { id }, take: 9 })\n"
        "  return { user, pages }\n}\n"
        "async function fine(prisma, id) {\n"
        "  const user = await prisma.user.findUnique({ where: { id } })\n"
        "  const pages = await prisma.page.findMany({ where: { by: user.id }, take: 9 })\n"
        "  return { user, pages }\n}\n",
        [2],
    ),
    "transaction-rolled-back-where-an-error-is-caught": (
        "resource-leak",
        "src/lists.js",
        "async function slow (sequelize) {\n"
        "  const one = await sequelize.transaction()\n"
        "  await Item.create({}, { transaction: one })\n  await one.commit()\n}\n"
        "async function fine (sequelize) {\n"
        "  const one = await sequelize.transaction()\n  try {\n"
        "    await Item.create({}, { transaction: one })\n    await one.commit()\n"
        "  } catch (error) {\n    await one.rollback()\n  }\n}\n",
        [2],
    ),
    "message-that-a-class-of-the-project-extends": (
        "resource-leak",
        "a/A.cs",
        "class MailMessage : IDisposable { }\nclass A {\n  async Task Slow() {\n"
        '    var message = new MailMessage { Subject = "a" };\n'
        "    await client.SendAsync(message);\n  }\n"
        '  async Task Fine() {\n    using var message = new MailMessage { Subject = "a" };\n'
        "    await client.SendAsync(message);\n  }\n}\n",
        [4],
    ),
    "list-copied-for-each-element": (
        "other",
        "src/a.js",
        "function slow (rows) {\n  let all = []\n  for (const row of rows) {\n"
        "    all = all.concat(row.parts)\n  }\n  return all\n}\n"
        "function fine (rows) {\n  const all = []\n  for (const row of rows) {\n"
        "    all.push(...row.parts)\n  }\n  return all.concat(rows)\n}\n",
        [4],
    ),
    "session-that-drops-the-context": (
        "missing-timeout",
        "a/a.go",
        'package a\nimport "github.com/upper/db/v4"\n'
        "func (s *Store) Slow(ctx context.Context) error {\n"
        "\treturn s.session.SQL().Select().One(&a)\n}\n"
        "func (s *Store) Fine(ctx context.Context) error {\n"
        "\treturn s.session.WithContext(ctx).SQL().Select().One(&a)\n}\n",
        [4],
    ),
    "deferred-in-a-loop-of-a-closure": (
        "resource-leak",
        "a/a.go",
        'package a\nimport "net/http"\nfunc slow() http.HandlerFunc {\n'
        "\treturn func(w http.ResponseWriter, r *http.Request) {\n\t\tfor _, url := range urls {\n"
        "\t\t\tres, err := http.Get(url)\n\t\t\tif err != nil {\n\t\t\t\tcontinue\n\t\t\t}\n"
        "\t\t\tdefer res.Body.Close()\n\t\t}\n\t}\n}\n"
        "func fine() {\n\tfor _, url := range urls {\n\t\tfunc() {\n"
        "\t\t\tres, _ := http.Get(url)\n\t\t\tdefer res.Body.Close()\n\t\t}()\n\t}\n}\n",
        [10],
    ),
    "file-read-before-a-callback": (
        "blocking-in-async",
        "src/write.js",
        "const fs = require('fs')\n"
        "function slow (name, text, callback) {\n  const before = fs.lstatSync(name)\n"
        "  fs.writeFile(name, text, callback)\n}\n"
        "function fine (name, text, callback) {\n  fs.writeFile(name, text, callback)\n}\n",
        [3],
    ),
}


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES)
def test_the_shape_is_found_and_its_repair_is_not(tmp_path, case):
    category, name, text, lines = case
    run = reads(tmp_path, {name: text})
    assert places(run, category) == [(name, line) for line in lines]
