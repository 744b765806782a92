"""Go, Java and Kotlin: what is over a handful, or harmless, beside what is worth a look."""

import pytest

from tests.diagnosis.code.samples import places, reads

_GO = 'package a\nimport (\n\t"database/sql"\n\t"net/http"\n)\n'

# (category, file, text, lines)
CASES = {
    "lists-that-are-written-out-in-go": (
        "n-plus-one",
        "a/a.go",
        "package a\nvar tables = []string{one, two}\nfunc few(db *sql.DB) {\n"
        "\tfor _, table := range tables {\n\t\tdb.Query(table)\n\t}\n"
        "\tkeys := []string{id, id + suffix}\n\tfor _, key := range keys {\n"
        "\t\tdb.Query(key)\n\t}\n}\n"
        "func many(db *sql.DB, ids []int) {\n\tkeys := []string{}\n"
        "\tfor _, id := range ids {\n\t\tkeys = append(keys, name(id))\n\t}\n"
        "\tfor _, key := range keys {\n\t\tdb.Query(key)\n\t}\n}\n",
        [18],
    ),
    "lists-that-are-written-out-in-java": (
        "n-plus-one",
        "a/A.java",
        "class A {\n  void few() {\n    List<String> keys = List.of(first, second);\n"
        "    for (String key : keys) repository.findById(key);\n"
        "    for (String key : new String[] {first, second}) repository.findById(key);\n  }\n"
        "  void many(List<UUID> ids) {\n    for (UUID id : ids) repository.findById(id);\n  }\n}\n",
        [8],
    ),
    "list-that-grows-in-kotlin": (
        "n-plus-one",
        "a/A.kt",
        "class A(val repository: OrderRepository) {\n  fun few() =\n"
        "    listOf(first, second).forEach { repository.findById(it) }\n"
        "  fun many(more: List<Long>) {\n    val ids = setOf(first)\n    ids.add(more)\n"
        "    ids.forEach { repository.findById(it) }\n  }\n}\n",
        [7],
    ),
    "list-with-the-elements-of-another": (
        "n-plus-one",
        "a/a.py",
        "from sqlalchemy.orm import Session\ndef few(session):\n"
        "    keys = [first(), second()]\n    for key in keys:\n"
        "        session.query(Order).filter_by(key=key).first()\n"
        "def many(session, more):\n    keys = [first(), *more]\n    for key in keys:\n"
        "        session.query(Order).filter_by(key=key).first()\n",
        [9],
    ),
    "events-that-a-subscription-receives": (
        "n-plus-one",
        "a/a.go",
        "package a\nfunc few(db *sql.DB) {\n\tfor event := range hub.Subscribe(8).Receiver {\n"
        "\t\tdb.Query(event.Key)\n\t}\n}\n"
        "func many(db *sql.DB, events []Event) {\n\tfor _, event := range events {\n"
        "\t\tdb.Query(event.Key)\n\t}\n}\n",
        [9],
    ),
    "opened-and-checked-over-many-lines": (
        "resource-leak",
        "a/a.go",
        _GO + "func fine(w http.ResponseWriter, db *sql.DB) error {\n\trows, err := db.Query(q)\n"
        "\tif err != nil {\n\t\tif missing(err) {\n\t\t\trender(w)\n\t\t} else {\n"
        "\t\t\trender(w)\n\t\t}\n\t\treturn err\n\t}\n\tdefer closeWithError(log, rows)\n"
        "\tuse(rows)\n\treturn nil\n}\n"
        "func slow(db *sql.DB) error {\n\trows, err := db.Query(q)\n\tif err != nil {\n"
        "\t\treturn err\n\t}\n\tif err := check(rows); err != nil {\n\t\treturn err\n\t}\n"
        "\tdefer rows.Close()\n\tuse(rows)\n\treturn nil\n}\n",
        [21],
    ),
    "archive-that-has-nothing-to-close": (
        "resource-leak",
        "a/a.go",
        "package a\nfunc f(file io.ReaderAt) error {\n\tfine, err := zip.NewReader(file, size)\n"
        "\tslow, err := gzip.NewReader(file)\n\tuse(fine, slow)\n}\n",
        [4],
    ),
    "command-beside-the-server": (
        "n-plus-one",
        "cmd/a.go",
        "package a\nfunc fix(cmd *cobra.Command, db *sql.DB, ids []int) {\n"
        "\tfor _, id := range ids {\n\t\tdb.Query(id)\n\t}\n}\n"
        "func serve(db *sql.DB, ids []int) {\n\tfor _, id := range ids {\n"
        "\t\tdb.Query(id)\n\t}\n}\n",
        [9],
    ),
    "client-with-its-transport": (
        "connection-per-request",
        "a/a.go",
        _GO + "func (s *Server) ping(url string) {\n\tclient := &http.Client{\n"
        "\t\tTimeout: limit,\n\t\tTransport: &http.Transport{Proxy: proxy},\n\t}\n"
        "\tclient.Get(url)\n}\n",
        [7],
    ),
    "context-that-is-made-of-the-given-one": (
        "missing-timeout",
        "a/a.go",
        _GO + "func f(ctx context.Context, conn *sql.Conn) {\n"
        "\treset, stop := context.WithTimeout(context.WithoutCancel(ctx), limit)\n"
        "\tdefer stop()\n\tconn.Exec(reset, q)\n}\n"
        "func g(ctx context.Context, conn *sql.Conn) {\n\tconn.Exec(q)\n}\n",
        [12],
    ),
    "condition-as-a-struct-of-gorm": (
        "unbounded-query",
        "a/a.go",
        'package a\nimport "gorm.io/gorm"\nfunc f(db *gorm.DB) {\n'
        "\tdb.Find(&fine, &Unread{MessageID: id})\n\tdb.Find(&slow)\n}\n",
        [5],
    ),
    "relation-of-jpa-that-is-only-passed-on": (
        "n-plus-one",
        "a/Order.java",
        "@Entity\nclass Buyer {}\n@Entity\nclass Order {\n"
        "  @ManyToOne(fetch = FetchType.LAZY) private Buyer buyer;\n}\n"
        "class OrderDao {\n  List<Order> findJoined() {\n"
        "    return query().selectFrom(ORDER).leftJoin(ORDER.buyer).fetchJoin().fetch();\n  }\n"
        "  List<Order> findPlain() {\n    return query().selectFrom(ORDER).list();\n  }\n}\n"
        "class A {\n  private OrderDao orderDao;\n  void fine() {\n"
        "    List<Order> joined = orderDao.findJoined();\n"
        "    for (Order order : joined) use(order.getBuyer().getName());\n  }\n"
        "  void slow() {\n    List<Order> orders = orderDao.findPlain();\n"
        "    for (Order order : orders) {\n      use(order.getBuyer());\n"
        "      use(order.getBuyer().getId());\n      use(order.getBuyer().getName());\n    }\n"
        "  }\n}\n",
        [26],
    ),
    "context-of-a-request-that-has-ended": (
        "missing-timeout",
        "a/a.go",
        _GO + "func f(r *http.Request, db *sql.DB) {\n\tgo func() {\n\t\tdb.Exec(fine)\n\t}()\n}\n"
        "func g(r *http.Request, db *sql.DB) {\n\tdb.Exec(slow)\n}\n",
        [12],
    ),
    "getter-that-a-library-makes": (
        "n-plus-one",
        "a/A.java",
        "@Entity @Getter\nclass Line extends Model {\n  private Product product;\n}\n"
        "class Web {\n  Product getProduct() {\n    return repository.findById(id);\n  }\n}\n"
        "class A {\n  private Web web;\n  void fine(List<Line> lines) {\n"
        "    for (Line line : lines) line.getProduct();\n  }\n"
        "  void slow(List<Line> lines) {\n    for (Line line : lines) web.getProduct();\n  }\n}\n",
        [16],
    ),
    "pages-with-a-cursor": (
        "offset-pagination",
        "a/a.go",
        "package a\nfunc fine(ctx context.Context, orders Orders, q Query) Page {\n"
        "\treturn orders.Sorted().Paginate(ctx, q)\n}\n"
        "func slow(orders Orders, page, size int) []Order {\n"
        "\treturn orders.Sorted().Paginate(page, size)\n}\n",
        [6],
    ),
    "channel-with-a-buffer": (
        "resource-leak",
        "a/a.go",
        "package a\nfunc f(ctx context.Context) {\n\tfor {\n\t\tfine := make(chan error, 1)\n"
        "\t\tslow := make(chan error)\n\t\tgo func() {\n\t\t\tfine <- send()\n\t\t}()\n"
        "\t\tgo func() {\n\t\t\tslow <- send()\n\t\t}()\n"
        "\t\tselect {\n\t\tcase <-fine:\n\t\tcase <-slow:\n\t\tcase <-ctx.Done():\n\t\t}\n"
        "\t}\n}\n",
        [10],
    ),
    "pages-of-a-table-that-stays-small": (
        "offset-pagination",
        "a/A.kt",
        "import org.jetbrains.exposed.sql.selectAll\nfun fine(page: Int) {\n"
        "  val rows = CategoryTable.selectAll()\n  rows.limit(9).offset(page)\n}\n"
        "fun slow(page: Int) {\n"
        "  val rows = ChapterTable.selectAll()\n  rows.limit(9).offset(page)\n}\n",
        [8],
    ),
    "servers-for-profiles-and-commands": (
        "missing-timeout",
        "cmd/a.go",
        'package a\nimport "net/http"\nfunc check() *cobra.Command {\n'
        "\treturn &cobra.Command{Run: func() { http.Get(url) }}\n}\n"
        "func slow() {\n\thttp.Get(url)\n\thttp.ListenAndServe(port, router)\n}\n",
        [7, 8],
    ),
    "server-of-profiles": (
        "missing-timeout",
        "a/a.go",
        'package a\nimport "net/http"\nimport _ "net/http/pprof"\n'
        "func fine() {\n\thttp.ListenAndServe(port, nil)\n}\nfunc slow() {\n\thttp.Get(url)\n}\n",
        [8],
    ),
    "query-of-exposed-that-is-refined": (
        "unbounded-query",
        "a/A.kt",
        "import org.jetbrains.exposed.sql.selectAll\nfun fine() {\n"
        "  val rows = ChapterTable.selectAll()\n  rows.andWhere { ChapterTable.read eq false }\n}\n"
        "fun small() = CategoryTable.selectAll()\nfun slow() = ChapterTable.selectAll()\n",
        [7],
    ),
    "package-that-is-named-tools": (
        "n-plus-one",
        "app/src/main/java/io/acme/tools/orders/A.java",
        "class A {\n  void slow(List<UUID> ids) {\n"
        "    for (UUID id : ids) repository.findById(id);\n  }\n}\n",
        [3],
    ),
    "rows-whose-class-ends-in-dao": (
        "n-plus-one",
        "a/OrderDAO.java",
        "@Entity\nclass OrderDAO {\n  @ManyToOne BuyerDAO buyer;\n}\nclass A {\n"
        "  void f(List<OrderDAO> orders) {\n    for (int i = 0; i < orders.size(); i++) {\n"
        "      orders.get(i).fill();\n    }\n    for (OrderDAO order : orders) {\n"
        "      order.getBuyer();\n      OrderDAO.findById(order.buyer);\n    }\n  }\n}\n",
        [12],
    ),
    "what-nobody-waits-for": (
        "remote-call-in-transaction",
        "a/A.java",
        "class A {\n  private RestTemplate restTemplate;\n  private WebClient client;\n"
        "  @Transactional\n  void fine() {\n    client.post().retrieve().subscribe();\n"
        "    doAfterCommit(() -> restTemplate.getForObject(url));\n"
        "    vertx.executeBlocking(() -> restTemplate.getForObject(url));\n  }\n"
        "  @Transactional\n  void slow() {\n    restTemplate.getForObject(url);\n  }\n}\n",
        [12],
    ),
    "function-beside-another-condition": (
        "non-sargable/function-on-column",
        "a/A.java",
        'class A {\n  @Query("select * from ticket where event_id = ? and lower(email) = ?")\n'
        "  Ticket fine(int event, String email);\n"
        '  @Query("select * from ticket where lower(email) = ?")\n'
        "  Ticket slow(String email);\n}\n",
        [4],
    ),
    "few-rows-that-are-filtered": (
        "over-fetching",
        "a/A.java",
        "class A {\n  private OrderRepository repository;\n  void fine(int buyer) {\n"
        "    repository.findByBuyer(buyer).stream().filter(o -> o.open()).toList();\n"
        "    repository.findAllOpen(buyer).stream().filter(o -> o.paid()).toList();\n  }\n"
        "  void slow() {\n"
        "    repository.findAll().stream().filter(o -> o.open()).toList();\n  }\n}\n",
        [8],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_only_what_is_worth_a_look_is_a_lead(tmp_path, case):
    category, name, text, lines = case
    run = reads(tmp_path, {name: text})
    assert places(run, category) == [(name, line) for line in lines]


@pytest.mark.parametrize(("version", "found"), [("1.22", True), ("1.23", False), ("1.26.0", False)])
def test_timers_that_nobody_waits_for_are_freed_since_go_1_23(tmp_path, version, found):
    text = (
        "package a\nfunc f(events chan Event) {\n\tfor {\n\t\tselect {\n"
        "\t\tcase event := <-events:\n\t\t\tuse(event)\n"
        "\t\tcase <-time.After(limit):\n\t\t}\n\t}\n}\n"
    )
    run = reads(tmp_path, {"go.mod": f"module a\n\ngo {version}\n", "a.go": text})
    assert any(lead.probe == "code/deferred-in-loop" for lead in run.leads) == found


def test_a_reference_of_jpa_is_searched_by_a_statement_about_its_table(tmp_path):
    files = {
        "a/Order.java": "@Entity\nclass Order {\n  @Id Long id;\n  @ManyToOne User creator;\n}\n",
        "a/Note.java": "@Entity\nclass Note {\n  @Id Long id;\n  @ManyToOne User creator;\n}\n",
        "a/A.java": 'class A {\n  @Query("select n from Note n where n.creator = :creator")\n'
        "  List<Note> notes(User creator);\n}\n",
    }
    run = reads(tmp_path, files)
    found = [lead.file for lead in run.leads if lead.probe == "code/reference-without-index"]
    assert found == ["a/Note.java"]
