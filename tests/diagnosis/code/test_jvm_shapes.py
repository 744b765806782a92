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
        "class A {\n  IUserRepository _users;\n  bool Slow(string name) {\n"
        "    return _users.GetAllUsers().Exists(u => u.Name == name);\n  }\n"
        "  bool Fine(string name) {\n    return _users.ExistsByName(name);\n  }\n}\n",
        [4],
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
}


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES)
def test_the_shape_is_found_and_its_repair_is_not(tmp_path, case):
    category, name, text, lines = case
    run = reads(tmp_path, {name: text})
    assert places(run, category) == [(name, line) for line in lines]
