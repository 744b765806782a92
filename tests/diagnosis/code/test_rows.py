"""Rows of queries: how they are declared, given on, gone through and shown."""

import pytest

from tests.diagnosis.code.samples import places, reads

_RUBY = (
    "class Post < ApplicationRecord\n  belongs_to :author\n  belongs_to :blog\n"
    "  has_many :comments\n  scope :recent, -> { where(a: 1) }\nend\n"
)
_PYTHON = (
    "from django.db import models\nclass Post(models.Model):\n"
    "    author = models.ForeignKey(User, on_delete=models.CASCADE)\n"
    "    status = models.ForeignKey(Status, on_delete=models.CASCADE)\n"
    "class PostQuerySet(models.QuerySet):\n    def recent(self):\n        return self.filter(a=1)\n"
)
_PHP = (
    "<?php\nclass Post extends Model {\n"
    "  public function author() { return $this->belongsTo(User::class); }\n"
    "  public function scopeRecent($q) { return $q->where('a', 1); }\n}\n"
)
MODELS = {
    "app/models/blog.rb": "class Blog < ApplicationRecord\n  has_many :posts\nend\n",
    "app/models/post.rb": _RUBY,
    "app/models.py": _PYTHON,
    "app/Models/Post.php": _PHP,
}

# (category, file, text, lines)
ROWS = {
    "scope-of-rails": (
        "n-plus-one",
        "app/services/a.rb",
        "def slow(us)\n  us.each { |u| x(Post.recent) }\nend\n"
        "def fine(us)\n  us.each { |u| x(recent) }\nend\n",
        [2],
    ),
    "method-of-a-query-set": (
        "n-plus-one",
        "app/a.py",
        "def slow(us):\n    for u in us:\n        x(Post.objects.recent())\n"
        "def fine(us):\n    x(us, Post.objects.recent())\n",
        [3],
    ),
    "scope-and-relation-of-eloquent": (
        "n-plus-one",
        "app/A.php",
        "<?php\nfunction slow($ids) {\n  foreach ($ids as $id) { f(Post::recent()->get()); }\n"
        "  foreach (Post::where('a', 1)->get() as $p) { f($p->author->name); }\n}\n"
        "function fine() {\n"
        "  foreach (Post::with('author')->get() as $p) { f($p->author->name); }\n}\n",
        [3, 4],
    ),
    "rows-that-a-caller-gives": (
        "n-plus-one",
        "app/a.py",
        "def slow(posts):\n    for p in posts:\n        f(p.author.name)\n"
        "def calls():\n    slow(Post.objects.filter(a=1))\n"
        "def fine(found):\n    for p in found:\n        f(p.author.name)\n"
        "def also():\n    fine(Post.objects.filter(a=1).select_related('author'))\n",
        [3],
    ),
    "relation-of-what-a-caller-gives": (
        "n-plus-one",
        "app/services/a.rb",
        "def slow(blog)\n  blog.posts.each { |p| f(p.author.name) }\nend\n"
        "def calls\n  slow(Blog.includes(:posts).first)\nend\n",
        [2],
    ),
    "call-that-goes-on-after-a-backslash": (
        "n-plus-one",
        "app/a.py",
        "def slow(u):\n    for p in Post.objects.filter(u=u)\\\n        .order_by('id'):\n"
        "        f(p.author.name)\n"
        "def fine(u):\n    for p in Post.objects.filter(u=u)\\\n"
        "        .select_related('author'):\n        f(p.author.name)\n",
        [4],
    ),
    "row-of-a-batch": (
        "n-plus-one",
        "app/a.py",
        "def slow(batches):\n    for batch in batches:\n        for row in batch:\n"
        "            Post.objects.filter(id=row).first()\n"
        "def fine(rows):\n    for batch in chunks(rows):\n"
        "        list(Post.objects.filter(id__in=batch))\n",
        [4],
    ),
    "column-that-goes-into-a-condition": (
        "over-fetching",
        "app/services/a.rb",
        "def slow(u)\n  ids = Post.where(u: u).pluck(:id)\n  Line.where(post_id: ids)\nend\n"
        "def fine(u)\n  ids = Post.where(u: u).pluck(:id)\n  puts(ids)\nend\n",
        [2],
    ),
    "loop-of-a-job-in-rails": (
        "unbounded-query",
        "app/jobs/a_job.rb",
        "def slow\n  Post.where(a: 1).each { |p| x(p) }\nend\n"
        "def fine\n  Post.where(a: 1).find_each { |p| x(p) }\nend\n",
        [2],
    ),
    "loop-of-a-job-in-django": (
        "unbounded-query",
        "app/tasks/a.py",
        "def slow():\n    for p in Post.objects.filter(a=1):\n        x(p)\n"
        "def fine():\n    for p in Post.objects.filter(a=1).iterator():\n        x(p)\n",
        [2],
    ),
    "list-that-is-only-sorted": (
        "unbounded-query",
        "app/controllers/a_controller.rb",
        "def index\n  @posts = Post.order(:id)\nend\n"
        "def fine\n  @posts = Post.order(:id).page(params[:page])\nend\n",
        [2],
    ),
    "relation-with-a-common-name": (
        "n-plus-one",
        "app/a.py",
        "def slow(u):\n    for p in Post.objects.filter(u=u):\n        f(p.status.name)\n"
        "def fine(found):\n    for p in found:\n        f(p.status.name)\n",
        [3],
    ),
    "writes-of-eloquent": (
        "row-by-row-writes",
        "app/A.php",
        "<?php\nuse Illuminate\\Support\\Str;\n"
        "function slow($ps) {\n  foreach ($ps as $p) { $p->saveQuietly(); }\n}\n",
        [4],
    ),
    "counters-by-a-key-from-outside": (
        "unbounded-memory",
        "app/a.py",
        "from collections import defaultdict\nSEEN = defaultdict(int)\n"
        "def slow(user):\n    SEEN[user.id] += 1\n",
        [4],
    ),
}


@pytest.mark.parametrize("case", ROWS.values(), ids=ROWS)
def test_rows_are_followed_from_their_query(tmp_path, case):
    category, name, text, lines = case
    run = reads(tmp_path, {**MODELS, name: text})
    found = [(file, line) for file, line in places(run, category) if file == name]
    assert found == [(name, line) for line in lines]


_ACTION = "class PostsController\n  def index\n    @posts = Post.where(a: 1){}\n  end\nend\n"
VIEWS = {
    "app/views/posts/index.html.erb": (
        "<% @posts.each do |post| %>\n<td><%= post.author.name %></td>\n<% end %>\n"
    ),
    "app/views/posts/index.html.haml": (
        "%table\n  - @posts.each do |post|\n    %td= post.author.name\n  %p more\n"
    ),
    "app/views/posts/index.html.slim": (
        "table\n  - @posts.each do |post|\n    td = post.author.name\n  p more\n"
    ),
    "app/views/posts/_post.html.erb": "<b><%= post.author.name %></b>\n",
    "app/views/posts/_post.xml.builder": "xml.name post.author.name\n",
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("preload", "lines"), [("", [3]), (".includes(:author)", [])])
def test_the_query_lacks_a_relation_that_a_template_reads(tmp_path, view, preload, lines):
    controller = "app/controllers/posts_controller.rb"
    files = {**MODELS, view: VIEWS[view], controller: _ACTION.replace("{}", preload)}
    run = reads(tmp_path, files)
    assert places(run, "n-plus-one") == [(controller, line) for line in lines]


@pytest.mark.parametrize(
    ("query", "lines"), [("Post.where(a: 1)", [4]), ("Post.includes(:author, :blog)", [])]
)
def test_the_query_lacks_a_relation_that_a_serializer_reads(tmp_path, query, lines):
    serializer = (
        "class PostSerializer < ActiveModel::Serializer\n  belongs_to :blog\n  attributes :name\n"
        "  def name\n    object.author.name\n  end\nend\n"
    )
    controller = (
        f"class PostsController\n  def index\n    posts = {query}\n"
        "    render json: posts, each_serializer: PostSerializer\n  end\nend\n"
    )
    name = "app/controllers/posts_controller.rb"
    files = {**MODELS, name: controller, "app/serializers/post_serializer.rb": serializer}
    run = reads(tmp_path, files)
    assert [one for one in places(run, "n-plus-one") if one[0] == name] == [
        (name, line) for line in lines
    ]
