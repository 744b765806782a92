"""Ruby and PHP that looks slow and is not, each beside the fault that it resembles."""

import pytest

from tests.diagnosis.code.samples import places, reads

LARAVEL = "<?php\nuse Illuminate\\Support\\Str;\n"

# (category, files, [(file, line)])
CASES = {
    "literal-list-behind-a-name": (
        "n-plus-one",
        {
            "app/a.php": "<?php\nuse App\\Models\\User;\nfunction a($names) {\n"
            "  $kinds = ['a', 'b'];\n"
            "  foreach ($kinds as $kind) { User::find($kind); }\n"
            "  $more = ['a', ...$names];\n"
            "  foreach ($more as $kind) { User::find($kind); }\n}\n",
            "app/services/a.rb": "class User < ApplicationRecord\nend\nclass A\n  def a(names)\n"
            "    kinds = [:a, :b]\n    kinds.each { |k| use(User.find_by(k: k)) }\n"
            "    more = ['a', *names]\n    more.each { |k| use(User.find_by(k: k)) }\n  end\nend\n",
        },
        [("app/a.php", 7), ("app/services/a.rb", 8)],
    ),
    "unit-of-work": (
        "row-by-row-writes",
        {
            "src/A.php": "<?php\nuse Doctrine\\ORM\\EntityManagerInterface;\n"
            "function a($rows, $em) {\n  foreach ($rows as $row) { $em->persist($row); }\n"
            "  $em->flush();\n"
            "  foreach ($rows as $row) { $em->persist($row); $em->flush(); }\n}\n",
        },
        [("src/A.php", 6)],
    ),
    "class-that-is-no-model": (
        "n-plus-one",
        {
            "src/A.php": "<?php\nuse Doctrine\\ORM\\EntityRepository;\n"
            "function a($ids, $userRepository) {\n"
            "  foreach ($ids as $id) { Locales::exists($id); $document->load($id); }\n"
            "  foreach ($ids as $id) { $userRepository->find($id); }\n}\n",
        },
        [("src/A.php", 5)],
    ),
    "job-that-is-not-queued": (
        "job-before-commit",
        {
            "app/Jobs/B.php": f"{LARAVEL}class Plain extends Base {{}}\n"
            "class Queued extends Base implements ShouldQueue {}\n",
            "app/A.php": f"{LARAVEL}function a() {{\n  DB::transaction(function () {{\n"
            "    $this->dispatch(new Plain(1));\n    $this->dispatcher->dispatch(new Event(1));\n"
            "  });\n  DB::transaction(function () {\n"
            "    $this->dispatch(new Queued(1));\n  });\n}\n",
        },
        [("app/A.php", 9)],
    ),
    "limit-of-a-request": (
        "missing-timeout",
        {
            "app/services/a.rb": "class A\n  def connect\n    Faraday.new(URL)\n  end\n"
            "  def get\n    connect.get { |request| request.options.timeout = 5 }\n  end\nend\n"
            "class B\n  def get\n    Faraday.new(URL) { |c| c.options[:timeout] = 5 }\n  end\nend\n"
            "class C\n  def get\n    Faraday.new(URL) { |c| c.adapter :net_http }\n  end\nend\n",
        },
        [("app/services/a.rb", 16)],
    ),
    "method-of-the-class": (
        "n-plus-one",
        {
            "app/serializers/a.rb": "class User < ApplicationRecord\nend\nclass A\n"
            "  def self.page(ids)\n    User.where(id: ids).to_a\n  end\n"
            "  def owner\n    User.find_by(id: 1)\n  end\nend\n",
            "app/graphql/types/query_type.rb": "class QueryType < BaseObject\n"
            "  def users\n    User.where(a: 1)\n  end\nend\n",
        },
        [("app/serializers/a.rb", 8)],
    ),
    "relation-of-the-object-not-of-the-row": (
        "n-plus-one",
        {
            "app/models/group.rb": "class Group < ApplicationRecord\n  has_many :members\n"
            "  has_many :projects\n"
            "  def slow\n    projects.each { |project| project.check }\n  end\n"
            "  def fine\n    projects.each { |project| check_of(project) }\n  end\n"
            "  def check_of(project)\n    members.size.zero?\n  end\nend\n"
            "class Project < ApplicationRecord\n  has_many :tasks\n"
            "  def check\n    tasks.first.done\n  end\nend\n",
        },
        [("app/models/group.rb", 5)],
    ),
    "branches-of-a-switch": (
        "sequential-awaits",
        {
            "app/Http/Controllers/A.php": f"{LARAVEL}class A {{\n  function a($kind) {{\n"
            "    switch ($kind) {\n      case 'a':\n        $x = $this->one();\n        break;\n"
            "      case 'b':\n        $x = $this->two();\n        break;\n    }\n"
            "    return $x;\n  }\n"
            "  function b() {\n    $x = $this->one();\n    $y = $this->two();\n"
            "    return [$x, $y];\n  }\n"
            "  function one() { return Http::get('a'); }\n"
            "  function two() { return Http::get('b'); }\n}\n",
        },
        [("app/Http/Controllers/A.php", 16)],
    ),
    "value-that-is-a-switch": (
        "cache-key/ttl/stampede",
        {
            "app/services/a.rb": "def fine(name)\n  redis.set(name, 1)\nend\n"
            "def slow(name)\n  redis.set(name, load(name))\nend\n",
        },
        [("app/services/a.rb", 5)],
    ),
    "getter-that-other-classes-have": (
        "n-plus-one",
        {
            "src/Entity/Line.php": "<?php\n#[ORM\\Entity]\nclass Line {\n"
            "  #[ORM\\ManyToOne(targetEntity: Order::class)]\n  private $order;\n"
            "  #[ORM\\ManyToOne(targetEntity: Shop::class)]\n  private $shop;\n"
            "  public function getShop() { return $this->shop; }\n}\n",
            "src/Model/Sum.php": "<?php\nclass Sum {\n"
            "  public function getOrder() { return $this->order; }\n}\n",
            "src/Service/A.php": "<?php\nfunction a($repository) {\n"
            "  foreach ($repository->findBy([1]) as $sum) { f($sum->getOrder()->getName()); }\n"
            "  foreach ($repository->findBy([1]) as $line) { f($line->getShop()->name); }\n}\n",
        },
        [("src/Service/A.php", 4)],
    ),
    "query-that-a-method-gives-back": (
        "unbounded-query",
        {
            "app/policies/a.rb": "class User < ApplicationRecord\nend\nclass A\n"
            "  def fine\n    User.all\n  end\n"
            "  def slow\n    users = User.all\n    users.to_a\n  end\nend\n",
        },
        [("app/policies/a.rb", 8)],
    ),
    "rows-that-were-queried-before": (
        "n-plus-one",
        {
            "app/A.php": f"{LARAVEL}function a($ids) {{\n  $users = User::pluck('id');\n"
            "  foreach ($ids as $id) { f($users->where('id', $id)->first()); }\n"
            "  foreach ($ids as $id) { f(User::find($id)); }\n}\n",
        },
        [("app/A.php", 6)],
    ),
    "placeholder-and-function-in-a-select-list": (
        "non-sargable/function-on-column",
        {
            "includes/a.php": "<?php\nfunction a($x) {\n  global $wpdb;\n"
            "  $wpdb->get_results($wpdb->prepare('SELECT a FROM b WHERE c LIKE %s', $x));\n"
            "  $wpdb->get_results(\"SELECT a FROM b WHERE c LIKE '%$x%'\");\n}\n",
            "app/A.php": f"{LARAVEL}function a() {{\n"
            "  DB::table('a')->select('id', DB::raw('LOWER(name) as n'))->get();\n"
            "  DB::table('a')->where(DB::raw('LOWER(name)'), 'x')->get();\n}\n",
        },
        [("app/A.php", 5), ("includes/a.php", 5)],
    ),
    "statement-that-is-only-prepared": (
        "n-plus-one",
        {
            "includes/a.php": "<?php\nfunction a($rows, $wpdb) {\n"
            "  foreach ($rows as $row) { $parts[] = $wpdb->prepare('SELECT %s', $row); }\n"
            "  foreach ($rows as $row) { $wpdb->get_col($row); }\n}\n",
            "includes/upgrades/b.php": "<?php\nfunction a($rows, $wpdb) {\n"
            "  foreach ($rows as $row) { $wpdb->get_col($row); }\n}\n",
        },
        [("includes/a.php", 4)],
    ),
    "row-that-a-relation-builds": (
        "n-plus-one",
        {
            "app/models/shop.rb": "class Shop < ApplicationRecord\n  has_many :orders\n"
            "  def self.fine\n    Shop.where(a: 1).select { |s| can?(:create, s.orders.build) }\n"
            "  end\n"
            "  def self.slow\n    Shop.where(a: 1).select { |s| s.orders.first.id }\n  end\nend\n",
        },
        [("app/models/shop.rb", 7)],
    ),
    "protocols-with-limits": (
        "missing-timeout",
        {
            "app/services/a.rb": "def fine\n  Net::SMTP.start(HOST) { |s| s.send(M) }\nend\n"
            "def slow\n  Net::SFTP.start(HOST, USER) { |s| s.upload(F) }\nend\n",
        },
        [("app/services/a.rb", 5)],
    ),
    "repository-of-a-small-table": (
        "unbounded-query",
        {
            "src/Controller/A.php": "<?php\nuse Doctrine\\ORM\\EntityRepository;\n"
            "function a($roleRepository, $orderRepository) {\n"
            "  f($roleRepository->findAll());\n  f($orderRepository->findAll());\n}\n",
        },
        [("src/Controller/A.php", 5)],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_only_the_fault_is_a_lead(tmp_path, case):
    category, files, expected = case
    assert places(reads(tmp_path, files), category) == expected
