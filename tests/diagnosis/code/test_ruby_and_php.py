"""Shapes of Ruby and PHP: the fault is found, and what looks like it is not."""

import pytest

from tests.diagnosis.code.samples import places, reads

MODELS = {
    "app/models/shop.rb": "class Shop < ApplicationRecord\n  has_many :orders\n  has_one :setting\n"
    "  scope :due, -> { where(a: 1) }\n"
    "  def open?\n    setting.hours.any?\n  end\n"
    "  def busy?\n    Task.find_by(a: id)\n  end\n"
    "  def named?(setting)\n    setting.hours.any?\n  end\nend\n",
    "app/models/job.rb": "class Task < Sequel::Model(:tasks)\n  one_to_many :steps\n"
    "  def busy?\n    false\n  end\nend\n",
    "app/views/shops/index.html.erb": "<% shops.each do |one| %>\n"
    "<%= render 'shops/actions_menu', shop: one, at: 1 %>\n<% end %>\n",
    "src/Entity/Line.php": "<?php\n#[ORM\\Entity]\nclass Line {\n"
    "  #[ORM\\ManyToOne(targetEntity: Order::class)]\n  private $order;\n"
    "  #[ORM\\ManyToOne(targetEntity: Shop::class, fetch: 'EAGER')]\n  private $shop;\n}\n",
}

# (category, file, text, lines)
SHAPES = {
    "relation-that-a-method-of-the-row-reads": (
        "n-plus-one",
        "app/services/a.rb",
        "def slow\n  Shop.where(b: 1).each { |s| use(s.open?) }\nend\n"
        "def fine\n  Shop.includes(:setting).each { |s| use(s.open?) }\nend\n"
        "def plain\n  Shop.where(b: 1).each { |s| use(s.named?(1)) }\nend\n",
        [2],
    ),
    "other-relation-loaded": (
        "n-plus-one",
        "app/services/a.rb",
        "def slow\n  Shop.includes(:setting).each { |s| use(s.orders.first.id) }\nend\n"
        "def fine\n  Shop.includes(:orders).each { |s| use(s.orders.to_a) }\nend\n"
        "def unknown(names)\n  Shop.includes(names).each { |s| use(s.orders.to_a) }\nend\n",
        [2],
    ),
    "parameter-named-after-rows": (
        "n-plus-one",
        "app/services/a.rb",
        "def slow(shops)\n  shops.each { |s| use(s.setting.hours) }\nend\n"
        "def fine(names)\n  names.each { |s| use(s.setting.hours) }\nend\n",
        [2],
    ),
    "finder-named-after-a-column": (
        "n-plus-one",
        "app/services/a.rb",
        "def slow(codes)\n  codes.each { |c| use(Shop.find_by_code(c)) }\nend\n"
        "def fine(codes)\n  codes.each { |c| use(list.find_by_code(c)) }\nend\n",
        [2],
    ),
    "sequel": (
        "row-by-row-writes",
        "app/jobs/a.rb",
        "def slow\n  Task.each { |t| t.update(state: 1) }\nend\n"
        "def fine\n  Task.where(a: 1).update(state: 1)\nend\n",
        [2],
    ),
    "relation-of-sequel": (
        "n-plus-one",
        "app/jobs/a.rb",
        "def slow\n  Task.where(a: 1).map(&:steps)\nend\n"
        "def fine\n  Task.eager(:steps).where(a: 1).map(&:steps)\nend\n",
        [2],
    ),
    "function-that-gives-a-client": (
        "sequential-awaits",
        "app/services/a.rb",
        "class A\n  def slow(ids)\n    ids.each { |i| server.get(i) }\n  end\n"
        "  def fine(ids)\n    ids.each { |i| book.get(i) }\n  end\n"
        "  def server\n    Faraday.new(url: U, request: { timeout: 3 })\n  end\n"
        "  def book\n    Book.new(U)\n  end\nend\n",
        [3],
    ),
    "numbered-loop": (
        "row-by-row-writes",
        "app/services/a.rb",
        "def slow(rows)\n  rows.each.with_index(1) { |r, i| Shop.create!(r) }\nend\n"
        "def fine(rows)\n  Shop.insert_all(rows)\nend\n",
        [2],
    ),
    "export-of-all-rows": (
        "unbounded-query",
        "app/services/a.rb",
        "def export_shops\n  Shop.where(b: 1).each { |s| puts s }\nend\n"
        "def fine_export\n  Shop.where(b: 1).find_each { |s| puts s }\nend\n"
        "def show\n  Shop.where(b: 1).each { |s| puts s }\nend\n",
        [2],
    ),
    "rake-task-over-a-scope": (
        "unbounded-query",
        "lib/tasks/a.rake",
        "task a: :environment do\n  Shop.due.each(&:close)\nend\n"
        "task b: :environment do\n  Shop.due.find_each(&:close)\nend\n",
        [2],
    ),
    "rows-as-text": (
        "unbounded-memory",
        "app/controllers/a.rb",
        "def export\n  send_data shop.orders.to_json\nend\ndef show\n  render shop.to_json\nend\n",
        [2],
    ),
    "name-with-namespace": (
        "unbounded-query",
        "app/Http/Controllers/A.php",
        "<?php\nuse Illuminate\\Http\\Request;\n"
        "function slow() {\n  return \\App\\Job::orderBy('a')->get();\n}\n"
        "function fine() {\n  return \\App\\Job::orderBy('a')->limit(9)->get();\n}\n",
        [4],
    ),
    "only-the-connection-is-limited": (
        "missing-timeout",
        "app/Http/Controllers/A.php",
        "<?php\nfunction slow($c) {\n  curl_setopt($c, CURLOPT_CONNECTTIMEOUT, 2);\n"
        "  return curl_exec($c);\n}\n"
        "function fine($c) {\n  curl_setopt($c, CURLOPT_TIMEOUT, 2);\n"
        "  return curl_exec($c);\n}\n",
        [4],
    ),
    "client-with-a-default": (
        "missing-timeout",
        "app/Http/Controllers/A.php",
        "<?php\nfunction fine($u) {\n  return wp_remote_get($u);\n}\n"
        "function slow($c) {\n  return curl_exec($c);\n}\n",
        [6],
    ),
    "relation-of-doctrine": (
        "n-plus-one",
        "src/Service/A.php",
        "<?php\nfunction slow($repository) {\n  foreach ($repository->findBy([1]) as $line) {\n"
        "    use($line->getOrder()->getName());\n  }\n}\n"
        "function fine($repository) {\n  foreach ($repository->findBy([1]) as $line) {\n"
        "    use($line->getShop()->getName());\n  }\n}\n",
        [4],
    ),
    "loaded-by-another-function": (
        "n-plus-one",
        "app/services/a.rb",
        "class A\n  def fine\n    rows.map { |s| s.setting.hours }\n  end\n"
        "  def rows\n    Shop.eager_load(setting: :day)\n  end\n"
        "  def slow\n    bare.map { |s| s.setting.hours }\n  end\n"
        "  def bare\n    Shop.where(a: 1)\n  end\nend\n",
        [9],
    ),
    "row-that-is-named-as-a-client": (
        "connection-per-request",
        "app/Http/Controllers/A.php",
        "<?php\nclass Client extends Model {}\nfunction fine() {\n  return new Client;\n}\n"
        "function slow($ids) {\n"
        "  foreach ($ids as $i) { (new Redis(['timeout' => 3]))->get($i); }\n}\n"
        "function short() {\n  return (new Redis())->get('a');\n}\n",
        [7],
    ),
    "values-of-an-enumeration": (
        "n-plus-one",
        "app/services/a.rb",
        "def fine\n  Shop.statuses.each { |s| use(Shop.where(status: s)) }\nend\n"
        "def slow(names)\n  names.each { |s| use(Shop.where(status: s)) }\nend\n",
        [5],
    ),
    "command": (
        "n-plus-one",
        "app/Console/Commands/A.php",
        "<?php\nuse App\\Models\\User;\n"
        "function slow($ids) {\n  foreach ($ids as $id) {\n    User::find($id);\n  }\n}\n"
        "function fine($ids) {\n  foreach ($ids as $id) {\n    $this->names->push($id);\n  }\n}\n",
        [5],
    ),
    "rows-named-after-a-model": (
        "n-plus-one",
        "app/services/a.rb",
        "def slow(shops)\n  shops.map(&:itself).select { |s| s.busy? }\nend\n"
        "def also_slow\n  all_shops.map(&:orders)\nend\n"
        "def all_shops(list = [])\n  collect(list)\nend\n"
        "def fine(names)\n  names.select { |s| s.busy? }\nend\n",
        [2, 5],
    ),
    "extremes-of-the-same-rows": (
        "redis-keys/roundtrips",
        "app/services/a.rb",
        "def slow(s)\n  s.a = s.orders.minimum(:a)\n  s.b = s.orders.maximum(:b)\nend\n"
        "def fine(s)\n  s.a = s.orders.minimum(:a)\n  s.b = s.tasks.maximum(:b)\nend\n",
        [2],
    ),
    "program-of-a-library": (
        "missing-timeout",
        "lib/a.rb",
        "def slow(command)\n  system(command)\nend\n",
        [2],
    ),
    "list-in-nested-loops": (
        "other",
        "app/services/a.rb",
        "def slow(rows)\n  known = []\n"
        "  rows.each { |row| row.parts.each { |part| use(known.include?(part)) } }\nend\n"
        "def text(rows)\n  rows.each { |row| concat(row.name) }\nend\n"
        "def fine(rows)\n  known = Set.new\n"
        "  rows.each { |row| row.parts.each { |part| use(known.include?(part)) } }\nend\n",
        [3],
    ),
    "partial-that-a-loop-renders": (
        "n-plus-one",
        "app/views/shops/_actions_menu.html.erb",
        "<%= shop.orders.count %>\n",
        [1],
    ),
    "partial-that-is-rendered-once": (
        "n-plus-one",
        "app/views/shops/_top_menu.html.erb",
        "<%= shop.orders.count %>\n",
        [],
    ),
    "meta-is-cached": (
        "n-plus-one",
        "app/a.php",
        "<?php\nfunction fine($ids) {\n  foreach ($ids as $id) {\n    get_post_meta($id, 'a');\n"
        "  }\n}\nfunction slow($ids) {\n  foreach ($ids as $id) {\n    get_posts($id);\n  }\n}\n",
        [9],
    ),
    "search-engine": (
        "n-plus-one",
        "app/a.php",
        "<?php\nfunction slow($ids) {\n  foreach ($ids as $id) {\n    $solarium->update($id);\n"
        "  }\n}\nfunction fine($ids) {\n  $solarium->update($ids);\n}\n",
        [4],
    ),
}


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES)
def test_the_shape_is_found_and_its_look_alike_is_not(tmp_path, case):
    category, name, text, lines = case
    run = reads(tmp_path, {name: text, **MODELS})
    found = [place for place in places(run, category) if place[0] == name]
    assert found == [(name, line) for line in lines]
