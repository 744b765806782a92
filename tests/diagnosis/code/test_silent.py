"""What looks like a fault and is none, beside the fault itself."""

import pytest

from tests.diagnosis.code.samples import places, reads

#: category, files, the places that are leads
CASES = {
    "helper-called-once": (
        "n-plus-one",
        {
            "app/helpers/gems_helper.rb": "module GemsHelper\n  def versions_of(gem)\n"
            "    Version.where(gem_id: gem.id).first\n  end\n"
            "  def navigation(gem)\n    Version.where(gem_id: gem.id).first\n  end\nend\n"
            "class Version < ApplicationRecord\nend\n",
            "app/views/gems/index.html.erb": "<%= navigation(@gem) %>\n<% @gems.each do |gem| %>\n"
            "  <%= versions_of(gem) %>\n<% end %>\n",
        },
        [("app/helpers/gems_helper.rb", 3), ("app/views/gems/index.html.erb", 3)],
    ),
    "function-named-run": (
        "missing-timeout",
        {
            "app/views.py": "from .flows import run\ndef start(flow):\n    return run(flow)\n",
            "app/tasks/shell.py": "from subprocess import run\ndef start(flow):\n"
            "    return run(['ls'])\n",
            "app/cli.py": "import subprocess\n@app.command()\ndef version():\n"
            "    return subprocess.check_output(['git', 'rev-parse', 'HEAD'])\n",
        },
        [("app/tasks/shell.py", 3)],
    ),
    "function-for-a-thread": (
        "blocking-in-async",
        {
            "app/loops.py": "import time\nclass Loop:\n    def turn(self):\n        time.sleep(1)\n"
            "    async def fine(self):\n        self.executor.submit(self.turn)\n"
            "    async def slow(self):\n        self.turn()\n",
        },
        [("app/loops.py", 8)],
    ),
    "session-of-a-database": (
        "missing-timeout",
        {
            "app/db.py": "from sqlmodel import Session\ndef drop(user):\n"
            "    with Session(engine) as session:\n        session.delete(user)\n",
            "app/api.py": "import requests\ndef drop(session, url):\n    session.delete(url)\n",
        },
        [("app/api.py", 3)],
    ),
    "rows-of-a-session-that-ends": (
        "resource-leak",
        {
            "app/db.py": "from sqlalchemy.orm import Session\ndef user(key):\n"
            "    with Session(engine) as session:\n        return load(session, key)\n"
            "def begun():\n    session = Session(engine)\n    return session\n",
            "app/api.py": "from .db import begun, user\ndef fine(key):\n    row = user(key)\n"
            "    print(row.name)\ndef slow(key):\n    session = begun()\n    session.add(key)\n",
        },
        [("app/api.py", 6)],
    ),
    "answer-that-was-parsed": (
        "n-plus-one",
        {
            "app/roles.py": "import sqlalchemy\ndef fine(connection, keys):\n    for key in keys:\n"
            "        found = connection.raw_get(key).json()\n        found[0].get('id')\n"
            "def slow(connection, keys):\n    for key in keys:\n"
            "        connection.execute(key).first()\n",
        },
        [("app/roles.py", 8)],
    ),
    "client-with-a-default": (
        "missing-timeout",
        {
            "app/clients.rb": "def slow\n  Faraday.new(url)\nend\n"
            "def fine\n  Redis.new(url: url)\nend\n"
        },
        [("app/clients.rb", 2)],
    ),
    "future-of-the-own-database": (
        "missing-timeout",
        {
            "a/A.java": "class A {\n  private final HttpClient client;\n  void slow() {\n"
            "    Future<String> answer = kafkaTemplate.send(topic);\n    answer.get();\n  }\n"
            "  void fine() {\n    Future<String> rows = dao.findRowsAsync();\n"
            "    rows.get();\n  }\n}\n"
        },
        [("a/A.java", 5)],
    ),
    "query-behind-a-cache": (
        "n-plus-one",
        {
            "app/models/tag.rb": "class Tag < ApplicationRecord\n  def self.plain(id)\n"
            "    Tag.find_by(id: id)\n  end\n  def self.kept(id)\n"
            "    Rails.cache.fetch(id) do\n      Tag.find_by(id: id)\n    end\n  end\nend\n",
            "app/services/a.rb": "def slow(ids)\n  ids.each { |id| Tag.plain(id) }\nend\n"
            "def fine(ids)\n  ids.each { |id| Tag.kept(id) }\nend\n",
        },
        [("app/services/a.rb", 2)],
    ),
    "method-of-another-class": (
        "n-plus-one",
        {
            "app/a.php": "<?php\nclass Pages {\n  public function settings($x) {\n"
            "    return DB::table('a')->where('id', $x)->first();\n  }\n"
            "  public function slow($rows) {\n    foreach ($rows as $row) {\n"
            "      $this->settings($row);\n    }\n  }\n}\n",
            "app/b.php": "<?php\nclass Mails {\n  public function fine($rows) {\n"
            "    foreach ($rows as $row) {\n      settings('mail.from');\n    }\n  }\n}\n",
        },
        [("app/a.php", 8)],
    ),
    "stream-that-ends-in-another": (
        "resource-leak",
        {
            "src/a.ts": "async function slow(p) {\n  const s = fs.createReadStream(p);\n"
            "  await upload(s);\n}\nasync function fine(p) {\n"
            "  const s = fs.createReadStream(p);\n"
            "  await pipeline(s, fs.createWriteStream(p));\n}\n"
        },
        [("src/a.ts", 2)],
    ),
    "stream-inside-two-others": (
        "resource-leak",
        {
            "a/A.java": "class A {\n  int slow(Path p) {\n"
            "    return read(new Outer(new Inner(Files.newInputStream(p))));\n  }\n"
            "  Outer fine(Path p) {\n"
            "    return new Outer(new Inner(Files.newInputStream(p)));\n  }\n}\n"
        },
        [("a/A.java", 3)],
    ),
    "row-of-a-data-access-object": (
        "n-plus-one",
        {
            "a/A.java": "class A {\n  private RowDao rowDao;\n  void slow(List<Integer> ids) {\n"
            "    ids.stream().forEach(id -> rowDao.getRow(id));\n  }\n  void fine() {\n"
            "    rowDao.getRows().stream().forEach(row -> row.getOwnerId());\n  }\n}\n"
        },
        [("a/A.java", 4)],
    ),
    "asynchronous-session": (
        "blocking-in-async",
        {
            "a.py": "import requests\nasync def slow(url):\n    requests.get(url)\n"
            "async def fine(session, url):\n    async with session.get(url) as answer:\n"
            "        return answer\n"
        },
        [("a.py", 3)],
    ),
    "lambda-of-a-synchronized-method": (
        "remote-call-in-transaction",
        {
            "a/A.java": "class A {\n  private RestTemplate restTemplate;\n"
            "  synchronized void slow() {\n    restTemplate.getForObject(u, X.class);\n  }\n"
            "  synchronized void fine() {\n"
            "    Runnable task = () -> { restTemplate.getForObject(u, X.class); };\n"
            "    pool.schedule(task);\n  }\n}\n"
        },
        [("a/A.java", 4)],
    ),
    "page-of-a-browser": (
        "missing-timeout",
        {
            "web/vite.config.ts": "export default {}\n",
            "web/index.html": "<html></html>\n",
            "web/src/api.ts": "import axios from 'axios'\nexport const f = () => axios.get('/a')\n",
            "src/api.ts": "import axios from 'axios'\nexport const f = () => axios.get('/a')\n",
        },
        [("src/api.ts", 2)],
    ),
    "file-that-the-answer-closes": (
        "resource-leak",
        {
            "app/views.py": "def slow(name):\n    return parse(open(name))\n"
            "def fine(name):\n    return FileResponse(open(name))\n"
        },
        [("app/views.py", 2)],
    ),
    "values-of-an-enum": (
        "n-plus-one",
        {
            "a/A.java": "class A {\n  private final RowRepository rowRepository;\n"
            "  void slow(List<Scope> scopes) {\n    for (Scope scope : scopes) {\n"
            "      rowRepository.findByScope(scope);\n    }\n  }\n  void fine() {\n"
            "    for (Scope scope : Scope.values()) {\n      rowRepository.findByScope(scope);\n"
            "    }\n  }\n}\n"
        },
        [("a/A.java", 5)],
    ),
    "accessor-of-a-data-class": (
        "n-plus-one",
        {
            "a/A.java": "class A {\n  void slow(List<Client> clients) {\n"
            "    for (Client client : clients) {\n      client.getRuleChains();\n    }\n  }\n"
            "  void fine(List<Rules> all) {\n    for (Rules rules : all) {\n"
            "      rules.getRuleChains();\n    }\n  }\n}\n",
            "a/Rules.java": "@Data\nclass Rules {\n  private List<Chain> ruleChains;\n}\n",
            "a/Client.java": "class Client {\n  private final RowRepository rowRepository;\n"
            "  List<Row> getRuleChains() {\n    return rowRepository.findAll();\n  }\n}\n",
        },
        [("a/A.java", 4)],
    ),
    "list-with-a-predicate": (
        "n-plus-one",
        {
            "a.ts": "export class A {\n  constructor(private rowRepository: RowRepository) {}\n"
            "  async all(ids: string[]) {\n    const found = await this.rowRepository.getRows();\n"
            "    for (const id of ids) {\n      found.find((one) => one.id === id);\n"
            "      await this.rowRepository.find({ id });\n    }\n  }\n}\n"
        },
        [("a.ts", 7)],
    ),
    "input-of-a-request": (
        "n-plus-one",
        {
            "models.py": "from sqlalchemy import Column\nfrom pydantic import BaseModel\n"
            "class Person(Base):\n    id = Column(Integer)\n"
            "class Task(Base):\n    id = Column(Integer)\n    person = relationship('Person')\n"
            "    members = relationship('Task')\n"
            "class TaskCreate(BaseModel):\n    members: list[str]\n",
            "views.py": "def slow(task: Task):\n"
            "    return [one.person.name for one in task.members]\n"
            "def fine(task: TaskCreate):\n    return [one.person.name for one in task.members]\n",
        },
        [("views.py", 2)],
    ),
    "loaded-with-the-row-by-its-model": (
        "n-plus-one",
        {
            "models.py": "from app import db\nclass Team(db.Model):\n"
            "    id = db.Column(db.Integer)\n    owner = db.relationship('User')\n"
            "    image = db.relationship('Image', foreign_keys='Team.image_id', lazy=\"joined\")\n",
            "views.py": "def slow():\n    teams = Team.query.all()\n"
            "    return [team.owner.name for team in teams]\n"
            "def fine():\n    teams = Team.query.all()\n"
            "    return [team.image.path for team in teams]\n",
        },
        [("views.py", 3)],
    ),
    "read-at-the-start": (
        "unbounded-memory",
        {
            "a.go": 'package a\nimport "os"\nfunc NewBundle(names []string) {\n'
            "\tfor _, name := range names {\n\t\tos.ReadFile(name)\n\t}\n}\n"
            "func bundle(names []string) {\n\tfor _, name := range names {\n"
            "\t\tos.ReadFile(name)\n\t}\n}\n"
        },
        [("a.go", 10)],
    ),
    "blocking-at-the-start": (
        "blocking-in-async",
        {
            "a.js": "async function bootstrap() {\n  fs.readFileSync(name);\n}\n"
            "async function answer() {\n  fs.readFileSync(name);\n}\n"
        },
        [("a.js", 5)],
    ),
    "table-of-the-same-migration": (
        "lock/migration hazard",
        {
            "db/migration/V2__tables.sql": "CREATE TABLE IF NOT EXISTS orders (id int);\n"
            "CREATE INDEX a ON orders (customer);\nCREATE INDEX b ON bills (customer);\n",
            "db/migration/V3__tables.sqlite.sql": "CREATE INDEX c ON bills (day);\n",
        },
        [("db/migration/V2__tables.sql", 3)],
    ),
    "the-way-back": (
        "lock/migration hazard",
        {
            "db/migrate/20260101000000_add.rb": "class Add < ActiveRecord::Migration[7.1]\n"
            "  def up\n    remove_column :orders, :day\n  end\n"
            "  def down\n    remove_column :orders, :night\n  end\nend\n"
        },
        [("db/migrate/20260101000000_add.rb", 3)],
    ),
    "form-in-a-file-of-its-own": (
        "n-plus-one",
        {
            "app/views/gems/_form.html.erb": "<%= Owner.find_by(gem: gem) %>\n",
            "app/views/gems/_gem.html.erb": "<%= Owner.find_by(gem: gem) %>\n",
            "app/views/gems/_menu.html.erb": "<%= Owner.find_by(gem: gem) %>\n",
            "app/models/owner.rb": "class Owner < ApplicationRecord\nend\n",
        },
        [("app/views/gems/_gem.html.erb", 1)],
    ),
    "rows-that-are-a-list": (
        "resource-leak",
        {
            "a.go": 'package a\nimport "database/sql"\nfunc slow(db *sql.DB) {\n'
            "\trows, _ := db.Query(text)\n\tuse(rows)\n}\n",
            "b.go": 'package a\nimport "xorm.io/xorm"\nfunc fine(db *xorm.Engine) {\n'
            "\trows, _ := db.Query(text)\n\tuse(rows)\n}\n",
        },
        [("a.go", 4)],
    ),
    "requests-that-end-with-their-context": (
        "missing-timeout",
        {
            "a.go": 'package a\nimport "net/http"\nfunc fine(ctx context.Context, u string) {\n'
            '\tr, _ := http.NewRequestWithContext(ctx, "GET", u, nil)\n'
            "\thttp.DefaultClient.Do(r)\n}\n",
            "b.go": 'package a\nimport "net/http"\nfunc slow(u string) {\n'
            '\tr, _ := http.NewRequest("GET", u, nil)\n\thttp.DefaultClient.Do(r)\n}\n',
        },
        [("b.go", 5)],
    ),
    "headers-of-a-request": (
        "missing-timeout",
        {
            "a.ts": "import request from 'request';\nfunction use(request, next) {\n"
            "  request.get('Origin');\n}\n"
            "function slow() {\n  request.get('/orders');\n}\n"
        },
        [("a.ts", 6)],
    ),
    "what-is-not-like-a-pattern": (
        "non-sargable/function-on-column",
        {
            "a.sql": "SELECT id FROM orders WHERE code NOT LIKE '%old%';\n"
            "SELECT id FROM orders WHERE code LIKE '%old%';\n"
        },
        [("a.sql", 2)],
    ),
    "pages-of-a-list": (
        "offset-pagination",
        {
            "A.cs": "class A { async Task Fine() {\n"
            "  var orders = await query.ToListAsync();\n"
            "  return orders.Skip(page * size).Take(size);\n}\n"
            "async Task Slow() {\n  return await query.Skip(page * size).ToListAsync();\n} }\n"
        },
        [("A.cs", 6)],
    ),
    "steps-of-a-test": (
        "n-plus-one",
        {
            "app/models/tag.rb": "class Tag < ApplicationRecord\nend\n",
            "features/step_definitions/a.rb": "ids.each { |id| Tag.find(id) }\n",
            "app/features/a.rb": "ids.each { |id| Tag.find(id) }\n",
        },
        [("app/features/a.rb", 1)],
    ),
    "client-on-the-shared-transport": (
        "connection-per-request",
        {
            "a.go": 'package a\nimport "net/http"\nfunc slow(u string) {\n'
            "\tc := &http.Client{Transport: &http.Transport{MaxIdleConns: 9}, Timeout: limit}\n"
            "\tc.Get(u)\n}\nfunc fine(u string) {\n"
            "\tc := &http.Client{Timeout: limit}\n\tc.Get(u)\n}\n"
        },
        [("a.go", 4)],
    ),
    "presenter-of-one": (
        "n-plus-one",
        {
            "app/presenters/page_presenter.rb": "class PagePresenter\n  def initialize(page)\n"
            "    @page = page\n  end\n  def leader\n    Role.find_by(name: 'leader')\n  end\nend\n"
            "class Role < ApplicationRecord\nend\n"
        },
        [],
    ),
    "session-of-the-own-database": (
        "missing-timeout",
        {
            "a.py": "import boto3\ndef slow():\n    return requests.session()\n"
            "def fine(maker):\n    session = maker(bind=engine)\n    return session()\n"
        },
        [("a.py", 3)],
    ),
    "message-that-begins-with-update": (
        "lock/migration hazard",
        {
            "a/migrations/v4.go": "package migrations\nfunc up(x *Engine) {\n"
            '\tx.Exec("UPDATE orders SET paid = true")\n'
            '\tlog.Errorf("update %+v config failed: %s", x, err)\n}\n'
        },
        [("a/migrations/v4.go", 3)],
    ),
    "filled-at-the-start": (
        "unbounded-memory",
        {
            "a.go": "package a\nvar known = make(map[string]int)\n"
            "var seen = make(map[string]int)\nfunc init() {\n\tknown[name()] = 1\n}\n"
            "func visit(name string) {\n\tseen[name] = 1\n}\n"
        },
        [("a.go", 8)],
    ),
    "client-of-spring-events": (
        "job-before-commit",
        {
            "a/A.java": "class A {\n  @Override\n  @Transactional\n  void slow() {\n"
            "    rabbitTemplate.send(topic);\n  }\n  @Transactional\n  void fine() {\n"
            "    eventPublisher.publishEvent(event);\n  }\n"
            "  @Override\n  @TransactionalEventListener\n  void after() {\n"
            "    rabbitTemplate.send(topic);\n  }\n}\n"
        },
        [("a/A.java", 5)],
    ),
    "socket": (
        "row-by-row-writes",
        {
            "a.js": "const net = require('net');\nfunction stop(connections) {\n"
            "  connections.forEach((one) => one.destroy());\n}\n"
        },
        [],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_only_the_fault_is_a_lead(tmp_path, case):
    category, files, expected = case
    assert places(reads(tmp_path, files), category) == expected


def test_a_wait_that_is_made_only_if_another_found_nothing_depends_on_it(tmp_path):
    text = (
        "async function pay(db, id) {\n  const order = await db.select(id);\n"
        "  const bill = await fetch(url);\n  if (!bill) {\n    await fetch(other);\n  }\n}\n"
    )
    run = reads(tmp_path, {"a.js": text})
    assert all(lead.end_line < 5 for lead in run.leads if lead.probe == "code/sequential-waits")
