"""What frameworks and clients of Python do unseen: each fault beside its repaired form."""

import pytest

from tests.diagnosis.code.samples import places, reads

_MODELS = (
    "from django.db import models\nclass Tag(models.Model):\n    pass\n"
    "class Post(models.Model):\n    author = models.ForeignKey(User)\n"
    "    tags = models.ManyToManyField(Tag)\n"
    "    @property\n    def newest(self):\n        return self.tags.first()\n"
    "    @property\n    def hidden(self):\n        return self.tags.last()\n"
)
_SERIALIZERS = (
    "from rest_framework import serializers\n"
    "class PostSerializer(serializers.ModelSerializer):\n"
    "    tags = TagSerializer(many=True)\n"
    "    name = serializers.SerializerMethodField()\n"
    "    def get_name(self, obj):\n        return obj.author.name\n"
    "    class Meta:\n        model = Post\n        fields = ['tags', 'name', 'newest']\n"
)
_DJANGO = {"app/models.py": _MODELS, "app/serializers.py": _SERIALIZERS}

#: category, files, the places that are leads
CASES = {
    "prefetch-that-a-function-adds-to": (
        "n-plus-one",
        {
            **_DJANGO,
            "app/views.py": "class Slow(ListAPIView):\n    serializer_class = PostSerializer\n"
            "    queryset = Post.objects.select_related('blog')\n"
            "class Fine(ListAPIView):\n    serializer_class = PostSerializer\n"
            "    queryset = Post.objects.prefetch_related('blog', *shown_with_posts())\n",
        },
        [("app/models.py", 9), ("app/views.py", 3)],
    ),
    "query-of-a-mixin": (
        "n-plus-one",
        {
            **_DJANGO,
            "app/views.py": "class Slow:\n    def get_queryset(self):\n"
            "        return Post.objects.filter(a=1)\n"
            "class SlowList(Slow, ListAPIView):\n    serializer_class = PostSerializer\n"
            "class Fine:\n    def get_queryset(self):\n"
            "        return Post.objects.select_related('author').prefetch_related('tags')\n"
            "class FineList(Fine, ListAPIView):\n    serializer_class = PostSerializer\n",
        },
        [("app/models.py", 9), ("app/views.py", 3)],
    ),
    "serializer-that-is-called": (
        "n-plus-one",
        {
            **_DJANGO,
            "app/views.py": "def slow(request):\n    posts = Post.objects.filter(a=1)\n"
            "    return PostSerializer(posts, many=True).data\n"
            "def fine(request):\n    found = Post.objects.prefetch_related('tags', 'author')\n"
            "    return PostSerializer(found, many=True).data\n"
            "def one(request):\n    return PostSerializer(Post.objects.get(a=1)).data\n",
        },
        [("app/models.py", 9), ("app/views.py", 3)],
    ),
    "column-of-the-admin": (
        "n-plus-one",
        {
            **_DJANGO,
            "app/admin.py": "class PostAdmin(admin.ModelAdmin):\n    list_display = ['count']\n"
            "    def count(self, post):\n        return post.tags.count()\n"
            "    def other(self, post):\n        return post.tags.count()\n",
        },
        [("app/admin.py", 4), ("app/models.py", 9)],
    ),
    "object-that-another-module-makes": (
        "n-plus-one",
        {
            "a/stores.py": "class UserStore:\n    def fetch(self, id):\n"
            "        return session.execute(select(User, id))\n"
            "class FileStore:\n    def fetch(self, id):\n        return self.files[id]\n"
            "user_store = UserStore()\nfile_store = FileStore()\n",
            "a/b.py": "from a.stores import file_store, user_store\nimport sqlalchemy\n"
            "def slow(ids):\n    for id in ids:\n        user_store.fetch(id)\n"
            "def fine(ids):\n    for id in ids:\n        file_store.fetch(id)\n",
        },
        [("a/b.py", 5)],
    ),
    "function-named-as-the-method-that-calls-it": (
        "n-plus-one",
        {
            "a/db.py": "import sqlalchemy\ndef all_flows(tenant):\n"
            "    return session.execute(select(Flow)).all()\n",
            "a/b.py": "from a.db import all_flows\nclass Store:\n"
            "    def all_flows(self, tenant):\n        return all_flows(tenant)\n"
            "    def slow(self, tenants):\n        for tenant in tenants:\n"
            "            self.all_flows(tenant)\n",
        },
        [("a/b.py", 7)],
    ),
    "block-that-is-waited-for": (
        "blocking-in-async",
        {
            "a/b.py": "import aiohttp\nimport requests\nasync def slow(session):\n"
            "    with requests.get(URL, stream=True) as answer:\n        return answer\n"
            "async def fine(session):\n    async with session.get(URL) as answer:\n"
            "        return answer\n"
        },
        [("a/b.py", 4)],
    ),
    "rows-of-known-keys": (
        "unbounded-query",
        {
            "a/tasks.py": "from django.db import models\n@shared_task\ndef slow(day):\n"
            "    posts = Post.objects.filter(day=day)\n    for post in posts:\n        f(post)\n"
            "@shared_task\ndef fine(ids):\n    posts = Post.objects.filter(id__in=ids)\n"
            "    for post in posts:\n        f(post)\n"
        },
        [("a/tasks.py", 5)],
    ),
    "answer-of-a-service": (
        "n-plus-one",
        {
            **_DJANGO,
            "a/b.py": "def slow(ids):\n    for id in ids:\n        f(Post.objects.get(id=id))\n"
            "def fine(posts):\n    for post in posts:\n        f(post.tags.get('name', ''))\n",
        },
        [("a/b.py", 3), ("app/models.py", 9)],
    ),
    "session-of-a-visitor": (
        "missing-timeout",
        {
            "a/views.py": "import requests\nsession = requests.Session()\ndef slow():\n"
            "    return session.get(URL)\ndef fine():\n    return session.get('login_time')\n"
        },
        [("a/views.py", 2), ("a/views.py", 4)],
    ),
    "body-in-chunks": (
        "unbounded-memory",
        {
            "a/views.py": "def upload(file, chunk):\n    file.write(chunk.read())\n"
            "def fine(file, chunk):\n    file.write(chunk.read(4096))\n"
        },
        [("a/views.py", 2)],
    ),
    "engine-of-a-module": (
        "resource-leak",
        {
            "a/db.py": "import sqlalchemy\nengine = sqlalchemy.create_engine(URL)\ndef slow():\n"
            "    one = sqlalchemy.create_engine(URL)\n    one.execute(A)\n"
        },
        [("a/db.py", 4)],
    ),
    "connection-of-a-web-framework": (
        "missing-timeout",
        {
            "a/b.py": "from http.client import HTTPConnection\ndef slow():\n"
            "    return HTTPConnection(HOST)\n",
            "a/c.py": "from starlette.requests import HTTPConnection\ndef fine(scope):\n"
            "    return HTTPConnection(scope)\n",
        },
        [("a/b.py", 3)],
    ),
    "query-that-is-only-built": (
        "blocking-in-async",
        {
            **_DJANGO,
            "a/b.py": "async def slow():\n    found = Post.objects.get(a=1)\n    f(found)\n"
            "async def fine():\n    async for post in Post.objects.filter(a=1):\n"
            "        f(post)\n    async for post in Post.objects.all().aiterator():\n"
            "        f(post)\n",
        },
        [("a/b.py", 2)],
    ),
    "only-row": (
        "unbounded-query",
        {
            **_DJANGO,
            "a/b.py": "def slow():\n    f(list(Post.objects.all()))\n"
            "def fine():\n    f(Post.objects.get())\n",
        },
        [("a/b.py", 2)],
    ),
    "limit-that-is-taken-away": (
        "missing-timeout",
        {
            "a/views.py": "import httpx\ndef slow():\n    return httpx.AsyncClient(timeout=None)\n"
            "def fine():\n    return httpx.get(URL)\n"
        },
        [("a/views.py", 3)],
    ),
    "connection-to-a-database": (
        "missing-timeout",
        {
            "a/views.py": "import psycopg2\ndef slow():\n    return psycopg2.connect(host=HOST)\n"
            "def fine():\n    return psycopg2.connect(host=HOST, connect_timeout=2)\n"
        },
        [("a/views.py", 3)],
    ),
    "pages-that-are-rows": (
        "n-plus-one",
        {
            "a/models.py": "from django.db import models\nclass Page(models.Model):\n"
            "    a = models.TextField()\n    @property\n    def specific_form(self):\n"
            "        return self.kind._default_manager.get(id=self.id)\n",
            "a/views.py": "def slow(pages):\n    return [page.specific_form.id for page in pages]\n"
            "def fine(chunks):\n    return [chunk.specific_form.id for chunk in chunks]\n",
        },
        [("a/views.py", 2)],
    ),
    "the-same-rows-again": (
        "redis-keys/roundtrips",
        {
            "a/views.py": "import django\ndef slow(pk):\n    found = Post.objects.filter(pk=pk)\n"
            "    if found.first().hidden:\n        return None\n    return found.first()\n"
            "def fine(pk):\n    found = Post.objects.filter(pk=pk)\n    a = found.first()\n"
            "    found = found.filter(b=1)\n    return a, found.first()\n"
        },
        [("a/views.py", 4)],
    ),
    "waits-in-branches-of-their-own": (
        "sequential-awaits",
        {
            "a/b.py": "import sqlalchemy\nclass A:\n    async def load(self, a):\n"
            "        return await self.session.execute(a)\n    async def slow(self, c):\n"
            "        if c.a is not None:\n            a = await self.load(c.a)\n"
            "        if c.b is not None:\n            b = await self.load(c.b)\n"
            "        if c.d is not None:\n            d = await self.load(c.d)\n"
            "    async def fine(self, c):\n"
            "        if c.kind == 1:\n            a = await self.load(c.a)\n"
            "        if c.kind == 2:\n            b = await self.load(c.b)\n"
            "        if c.kind == 3:\n            d = await self.load(c.d)\n"
        },
        [("a/b.py", 7)],
    ),
    "engine-that-nobody-disposes-of": (
        "resource-leak",
        {
            "a/b.py": "from sqlalchemy import create_engine\n"
            "def first():\n    return create_engine(URL)\n"
            "def second():\n    engine = first()\n    return engine\n"
            "def third():\n    return second()\n"
            "def slow():\n    engine = third()\n    run(engine)\n"
            "def fine():\n    engine = third()\n    try:\n        run(engine)\n"
            "    finally:\n        engine.dispose()\n"
            "def dropped(engine):\n    engine.connect()\n"
        },
        [("a/b.py", 10), ("a/b.py", 19)],
    ),
    "folder-removed-beside-a-held-connection": (
        "blocking-in-async",
        {
            "a/b.py": "import shutil\nasync def slow(path):\n"
            "    async with dbpool.acquire() as conn:\n        shutil.rmtree(path)\n"
            "async def fine(path):\n    with ThreadPoolExecutor() as pool:\n"
            "        pool.submit(shutil.rmtree, path)\n"
        },
        [("a/b.py", 4)],
    ),
    "cache-without-a-bound": (
        "unbounded-memory",
        {
            "a/views.py": "from functools import cache\n@cache\ndef slow(name):\n"
            "    return load(name)\n@cache\ndef fine():\n    return load()\n"
        },
        [("a/views.py", 2)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_fault_is_found_and_its_repaired_form_is_not(tmp_path, name):
    category, files, found = CASES[name]
    assert places(reads(tmp_path, files), category) == found
