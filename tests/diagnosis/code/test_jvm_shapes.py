"""More shapes of Java, Kotlin and C#: the fault is found, its repair beside it not."""

import pytest

from tests.diagnosis.code.samples import places, reads

# (category, file, text, lines)
SHAPES = {
    "block-behind-arguments-in-kotlin": (
        "n-plus-one",
        "a/A.kt",
        "class A(val repo: OrderRepository) {\n  fun slow(ids: List<Long>) =\n"
        "    ids.mapTo(mutableSetOf()) { repo.findById(it) }\n"
        "  fun fine(ids: List<Long>) = repo.findAllById(ids)\n}\n",
        [3],
    ),
    "client-of-ktor": (
        "missing-timeout",
        "a/A.kt",
        "import io.ktor.client.HttpClient\nclass A {\n"
        "  val slow = HttpClient(CIO) { install(Logging) }\n"
        "  val fine = HttpClient(CIO) { install(HttpTimeout) { requestTimeoutMillis = 900 } }\n}\n",
        [3],
    ),
    "waits-of-suspending-functions": (
        "sequential-awaits",
        "a/A.kt",
        "import io.ktor.client.HttpClient\nclass A(val client: HttpClient) {\n"
        "  suspend fun slow(): Pair<X, Y> {\n    val x = client.get(one)\n"
        "    val y = client.get(two)\n    return Pair(x, y)\n  }\n"
        "  suspend fun fine() = coroutineScope {\n    val x = async { client.get(one) }\n"
        "    val y = async { client.get(two) }\n    Pair(x.await(), y.await())\n  }\n}\n",
        [4],
    ),
    "connection-that-is-a-property": (
        "resource-leak",
        "a/A.kt",
        "class A(val pool: JedisPool) {\n  fun slow(key: String) {\n"
        "    pool.resource.apply { expire(key, 60) }\n  }\n"
        "  fun fine(key: String) {\n    pool.resource.use { it.expire(key, 60) }\n  }\n}\n",
        [3],
    ),
    "closed-by-the-function-itself": (
        "resource-leak",
        "a/A.java",
        "class A {\n  Answer slow() {\n    Session session = sessions.next();\n"
        "    Answer answer = session.ask();\n    session.close();\n    return answer;\n  }\n"
        "  Answer fine() {\n    try (Session session = sessions.next()) {\n"
        "      return session.ask();\n    }\n  }\n}\n",
        [3],
    ),
    "loop-through-an-open-folder": (
        "resource-leak",
        "a/A.java",
        "import static java.nio.file.Files.newDirectoryStream;\nclass A {\n"
        "  void slow(Path folder) {\n    for (Path one : newDirectoryStream(folder)) use(one);\n"
        "  }\n  void fine(Path folder) {\n"
        "    try (DirectoryStream<Path> all = newDirectoryStream(folder)) {\n"
        "      for (Path one : all) use(one);\n    }\n  }\n}\n",
        [4],
    ),
    "result-that-is-waited-for-without-a-limit": (
        "missing-timeout",
        "a/A.java",
        "class A {\n  User slow(String id) {\n    return users.load(id).blockingGet();\n  }\n"
        "  User fine(String id) {\n"
        "    return users.load(id).timeout(1, SECONDS).blockingGet();\n  }\n}\n",
        [3],
    ),
    "limit-of-the-connection-only": (
        "missing-timeout",
        "a/A.java",
        "class A {\n  RequestConfig slow() {\n"
        "    return RequestConfig.custom().setConnectTimeout(900).build();\n  }\n"
        "  RequestConfig fine() {\n"
        "    return RequestConfig.custom().setConnectTimeout(9).setSocketTimeout(9).build();\n"
        "  }\n}\n",
        [3],
    ),
    "all-rows-of-which-one-is-looked-for": (
        "over-fetching",
        "a/A.cs",
        "interface IUserRepository { List<User> GetAllUsers(); }\n"
        "class A {\n  IUserRepository _users;\n  bool Slow(string name) {\n"
        "    return _users.GetAllUsers().Exists(u => u.Name == name);\n  }\n"
        "  bool Fine(string name) {\n    return _users.ExistsByName(name);\n  }\n}\n",
        [5],
    ),
    "awaited-rows-in-brackets": (
        "n-plus-one",
        "a/A.cs",
        "class A {\n  IUserRepository _users;\n  async Task<int> Slow() {\n"
        "    return (await _users.GetActive()).Select(u => _users.GetRoles(u.Id)).Count();\n  }\n"
        "  async Task<int> Fine() {\n    return (await _users.GetActive()).Count();\n  }\n}\n",
        [4],
    ),
    "connection-that-is-not-disposed": (
        "resource-leak",
        "a/A.cs",
        "class A {\n  void Slow() {\n    var open = _database.OpenConnection();\n"
        "    open.Execute(one);\n  }\n  void Fine() {\n"
        "    using var open = _database.OpenConnection();\n    open.Execute(one);\n  }\n}\n",
        [3],
    ),
    "rows-that-the-database-chooses": (
        "unbounded-query",
        "a/A.cs",
        "class A {\n  IUserRepository _users;\n  async Task<List<User>> Slow() {\n"
        "    return await _users.GetAllUsers();\n  }\n  IQueryable<User> Fine(int age) {\n"
        "    return _users.GetAllUsers().Where(u => u.Age > age);\n  }\n}\n",
        [4],
    ),
    "address-of-a-database-without-a-limit": (
        "missing-timeout",
        "a/A.java",
        "class A {\n  void slow(HikariConfig config) {\n"
        '    config.setJdbcUrl("jdbc:postgresql://db/shop");\n  }\n'
        "  void fine(HikariConfig config) {\n"
        '    config.setJdbcUrl("jdbc:postgresql://db/shop?socketTimeout=10");\n  }\n}\n',
        [3],
    ),
    "redis-that-is-connected-again": (
        "connection-per-request",
        "a/A.cs",
        "class A {\n  string Slow(string key) {\n"
        "    var redis = ConnectionMultiplexer.Connect(address);\n"
        "    return redis.GetDatabase().StringGet(key);\n  }\n"
        "  string Fine(string key) {\n    return _redis.GetDatabase().StringGet(key);\n  }\n}\n",
        [3],
    ),
    "list-before-the-condition": (
        "over-fetching",
        "a/A.cs",
        "class A {\n  async Task<int> Slow(int age) {\n"
        "    return (await _db.Users.ToListAsync()).Where(u => u.Age > age).Sum(u => u.Age);\n  }\n"
        "  async Task<List<User>> Fine(int age) {\n"
        "    return await _db.Users.Where(u => u.Age > age).ToListAsync();\n  }\n}\n",
        [3],
    ),
    "call-inside-a-transaction-of-exposed": (
        "remote-call-in-transaction",
        "a/A.kt",
        "import io.ktor.client.HttpClient\nclass A(val client: HttpClient) {\n"
        "  suspend fun slow(db: Database) = newSuspendedTransaction(db = db) {\n"
        "    client.post(url)\n  }\n"
        "  suspend fun fine(db: Database) {\n    client.post(url)\n"
        "    transaction(db) { Orders.insert { it[paid] = true } }\n  }\n}\n",
        [4],
    ),
    "roles-of-every-user": (
        "n-plus-one",
        "a/A.cs",
        "class A {\n  UserManager<User> _users;\n  async Task Slow(List<User> all) {\n"
        "    foreach (var user in all) {\n      Show(await _users.GetRolesAsync(user));\n"
        "    }\n  }\n  async Task Fine(User user) {\n"
        "    Show(await _users.GetRolesAsync(user));\n  }\n}\n",
        [5],
    ),
    "interface-of-retrofit": (
        "sequential-awaits",
        "a/A.java",
        'import retrofit2.http.GET;\ninterface Prices { @GET("/p") Price of(String code); }\n'
        "class A {\n  Prices prices;\n  void slow(List<String> codes) {\n"
        "    for (String code : codes) {\n      prices.of(code);\n    }\n  }\n"
        "  void fine(List<String> codes) {\n    prices.of(codes.get(0));\n  }\n}\n",
        [7],
    ),
    "set-that-is-read-by-a-wrapper": (
        "redis-keys/roundtrips",
        "a/A.java",
        "import redis.clients.jedis.Jedis;\nclass A {\n  void slow(List<String> roles) {\n"
        "    for (String role : roles) {\n      delegate.withClient(c -> c.smembers(role));\n"
        "    }\n  }\n  void fine(String role) {\n"
        "    delegate.withClient(c -> c.smembers(role));\n  }\n}\n",
        [5],
    ),
    "rows-that-the-caller-gives": (
        "n-plus-one",
        "a/A.java",
        "class A {\n  OrderRepository repo;\n  void all(Map<String, Long> by) {\n"
        "    slow(by, repo.findByPaid(true));\n    fine(by, repo.findAndFetchLines());\n  }\n"
        "  void slow(Map<String, Long> by, List<Order> orders) {\n"
        "    for (Order order : orders) {\n      use(order.getLines());\n    }\n  }\n"
        "  void fine(Map<String, Long> by, List<Order> orders) {\n"
        "    for (Order order : orders) {\n      use(order.getLines());\n    }\n  }\n}\n"
        '@Entity class Order {\n  @OneToMany(mappedBy = "order") List<Line> lines;\n'
        "  List<Line> getLines() { return lines; }\n}\n",
        [9],
    ),
}


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES)
def test_the_shape_is_found_and_its_repair_is_not(tmp_path, case):
    category, name, text, lines = case
    run = reads(tmp_path, {name: text})
    assert places(run, category) == [(name, line) for line in lines]


#: Code that looks like a fault: a default of the library, memory, or what another part does.
FINE = {
    "client-of-net-ends-calls": (
        "a/A.cs",
        "class A {\n  HttpClient Create(HttpMessageHandler h) => new HttpClient(h);\n}\n",
    ),
    "commands-of-lettuce-end": (
        "a/A.java",
        "class A {\n  RedisClient create() {\n    return RedisClient.create(address);\n  }\n}\n",
    ),
    "client-of-okhttp-ends-calls": (
        "a/A.java",
        "class A {\n  OkHttpClient create() {\n"
        "    return new OkHttpClient.Builder().addInterceptor(a).build();\n  }\n}\n",
    ),
    "archive-in-memory": (
        "a/A.java",
        "class A {\n  int count(byte[] data) throws IOException {\n"
        "    ZipInputStream all = new ZipInputStream(new ByteArrayInputStream(data));\n"
        "    return count(all.getNextEntry());\n  }\n}\n",
    ),
    "thing-that-another-function-owns": (
        "a/A.cs",
        "class Job : IDisposable {\n  public void Dispose() { }\n}\nclass A {\n"
        "  void Run(string[] args) {\n    var job = new Job();\n"
        "    Runner.Run(job, args);\n  }\n}\n",
    ),
    "query-that-gets-a-condition-later": (
        "a/A.cs",
        "class A {\n  IUserRepository _users;\n  IQueryable<User> Named(string name) {\n"
        "    var users = _users.GetAll();\n    users = users.Where(u => u.Name == name);\n"
        "    return users;\n  }\n}\n",
    ),
    "projection-that-becomes-a-join": (
        "a/A.cs",
        "class Order : BaseEntity { public virtual ICollection<Line> Lines { get; set; } }\n"
        "class A {\n  Task<int[]> Sizes() {\n"
        "    return shopContext.Orders.Select(o => o.Lines.Count).ToArrayAsync();\n  }\n}\n",
    ),
    "result-that-is-no-task": (
        "a/A.cs",
        "class A {\n  async Task<bool> Done() {\n    var attempt = await TryAsync();\n"
        "    return attempt.Result == Result.Success;\n  }\n}\n",
    ),
}


@pytest.mark.parametrize("case", FINE.values(), ids=FINE)
def test_what_is_fine_gives_no_lead(tmp_path, case):
    name, text = case
    assert [(lead.probe, lead.line) for lead in reads(tmp_path, {name: text}).leads] == []
