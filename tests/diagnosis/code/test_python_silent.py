"""What looks like a fault of Python and is none, each beside the fault itself."""

import pytest

from tests.diagnosis.code.samples import places, reads

_MODELS = (
    "from django.db import models\nclass Post(models.Model):\n    pass\n"
    "class Line(models.Model):\n    post = models.ForeignKey(Post, related_name='lines')\n"
    "    field = models.CharField(max_length=9)\n"
    "class Form(models.Model):\n    field = models.ForeignKey(Post)\n"
)
_LOADING = (
    "from django.db import models\nclass Posts(models.QuerySet):\n    def with_all(self):\n"
    "        return self\n    def shown(self):\n"
    "        return self.prefetch_related('lines')\n"
)

#: category, files, the places that are leads
CASES = {
    "variable-with-few": (
        "n-plus-one",
        {
            "models.py": _MODELS,
            "a/b.py": "def slow(words):\n    for word in words:\n"
            "        f(Post.objects.get(word=word))\n"
            "def grown(more):\n    words = ['a']\n    words.extend(more)\n    for word in words:\n"
            "        f(Post.objects.get(word=word))\n"
            "def fine():\n    words = ('a', 'b')\n    for word in words:\n"
            "        f(Post.objects.get(word=word))\n"
            "def also_fine(now):\n    periods = {'day': now - 1}\n"
            "    for name, start in periods.items():\n        f(Post.objects.get(start=start))\n",
        },
        [("a/b.py", 3), ("a/b.py", 8)],
    ),
    "first-few": (
        "sequential-awaits",
        {
            "a/b.py": "import requests\ndef slow(links):\n    for link in links[:300]:\n"
            "        requests.get(link, timeout=2)\n"
            "def fine(links):\n    for link in links[:3]:\n        requests.get(link, timeout=2)\n"
            "def also_fine(links):\n    first = links[:3]\n    for link in first:\n"
            "        requests.get(link, timeout=2)\n",
        },
        [("a/b.py", 4)],
    ),
    "few-rows-of-a-template": (
        "n-plus-one",
        {
            "models.py": _MODELS,
            "posts/views.py": "def slow(request):\n    forms = Form.objects.filter(a=1)\n"
            "    return render(request, 'posts/forms.html', {'forms': forms})\n"
            "def also_slow(request):\n    context = {}\n"
            "    context['forms'] = {'forms': Form.objects.filter(a=1)}\n"
            "    return render(request, 'posts/forms.html', context)\n"
            "def fine(request):\n    forms = Form.objects.filter(a=1)[:3]\n"
            "    return render(request, 'posts/forms.html', {'forms': forms})\n",
            "templates/posts/forms.html": "{% for form in forms %}\n{{ form.field.name }}\n"
            "{% endfor %}\n",
        },
        [("posts/views.py", 2), ("posts/views.py", 6)],
    ),
    "row-named-client": (
        "missing-timeout",
        {
            "models.py": "from sqlalchemy import Column\nclass Client(Base):\n"
            "    id = Column(Integer)\n",
            "a/b.py": "from .models import Client\ndef fine():\n    return Client(name='a')\n"
            "def slow():\n    return AsyncClient(timeout=None)\n",
        },
        [("a/b.py", 5)],
    ),
    "repository-of-a-model": (
        "missing-index",
        {
            "models.py": "from sqlalchemy import Column, ForeignKey\nclass Post(Base):\n"
            "    user_id = Column(ForeignKey('user.id'))\n",
            "a/b.py": "class PostRepository(Repository[Post]):\n    model = Post\n",
            "a/c.py": "class Post:\n    def run(self):\n        pass\nclass LongPost(Post):\n"
            "    pass\n",
        },
        [("models.py", 3)],
    ),
    "relation-that-comes-with-its-rows": (
        "n-plus-one",
        {
            "models.py": "from sqlalchemy import Column\nclass Post(Base):\n"
            "    id = Column(Integer)\n    user = relationship('User')\n"
            "    blog = relationship('Blog', back_populates='posts', lazy='selectin')\n"
            "class Blog(Base):\n    id = Column(Integer)\n"
            "    posts = relationship('Post', back_populates='blog')\n",
            "a/b.py": "def slow(session):\n    posts = session.query(Post).filter(a=1)\n"
            "    return [post.user.name for post in posts]\n"
            "def fine(session):\n    posts = session.query(Post).filter(a=1)\n"
            "    return [post.blog.name for post in posts]\n",
        },
        [("a/b.py", 3)],
    ),
    "column-that-is-a-relation-elsewhere": (
        "n-plus-one",
        {
            "models.py": _MODELS,
            "a/b.py": "def fine(post):\n"
            "    return [line.field.lower() for line in post.lines.all()]\n"
            "def slow():\n    return [form.field.name for form in Form.objects.filter(a=1)]\n"
            "def also_slow():\n"
            "    return [post.lines.count() for post in Post.objects.filter(a=1)]\n",
        },
        [("a/b.py", 4), ("a/b.py", 6)],
    ),
    "query-set-that-loads": (
        "n-plus-one",
        {
            "models.py": _MODELS,
            "query.py": _LOADING,
            "posts/views.py": "def slow(request):\n"
            "    posts = Post.objects.with_some().filter(a=1)\n"
            "    return render(request, 'posts/all.html', {'posts': posts})\n"
            "def fine(request):\n    posts = Post.objects.filter(a=1).shown()\n"
            "    return render(request, 'posts/all.html', {'posts': posts})\n",
            "templates/posts/all.html": "{% for post in posts %}\n"
            "{% for line in post.lines.all %}\n"
            "{{ line.text }}\n{% endfor %}\n{% endfor %}\n",
        },
        [("posts/views.py", 2)],
    ),
    "method-of-a-library": (
        "n-plus-one",
        {
            "models.py": _MODELS,
            "api.py": "def makedir(name):\n    return Post.objects.get(name=name)\n"
            "class Draft:\n    def set_content(self, text):\n"
            "        self.row = Post.objects.get(text=text)\n",
            "a/b.py": "from email.message import EmailMessage\nfrom .api import makedir\n"
            "def fine(paths):\n    for path in paths:\n        (path / 'a').makedir()\n"
            "def also_fine(names):\n    for name in names:\n        message = EmailMessage()\n"
            "        message.set_content(name)\n"
            "def slow(names):\n    for name in names:\n        makedir(name)\n",
        },
        [("a/b.py", 12)],
    ),
    "coroutines-that-are-gathered": (
        "sequential-awaits",
        {
            "a/b.py": "import asyncio\nasync def load(client, name):\n"
            "    return await client.session.get_json(name)\n"
            "async def slow(client, names):\n"
            "    return [await load(client, name) for name in names]\n"
            "async def fine(client, names):\n"
            "    return await asyncio.gather(*[load(client, name) for name in names])\n",
        },
        [("a/b.py", 5)],
    ),
    "answer-put-into-a-text": (
        "sequential-awaits",
        {
            "a/b.py": "import requests\ndef slow(name):\n"
            "    first = requests.get(A, timeout=2)\n    path = f'/v1/{name}'\n"
            "    rows = requests.get(path, timeout=2)\n    return first, rows\n"
            "def fine(name):\n    zone = requests.get(A, timeout=2)\n    path = f'/v1/{zone}'\n"
            "    rows = requests.get(path, timeout=2)\n    return zone, rows\n"
            "def also_fine():\n    token = requests.get(A, timeout=2)\n"
            "    headers = {'Authorization': token}\n"
            "    rows = requests.get(B, headers=headers, timeout=2)\n    return rows\n",
        },
        [("a/b.py", 3)],
    ),
    "program-that-is-waited-for": (
        "resource-leak",
        {
            "a/b.py": "import subprocess, socket\ndef slow(command):\n"
            "    program = subprocess.Popen(command)\n    prepare(command)\n"
            "    program.communicate()\n"
            "def fine(command):\n    program = subprocess.Popen(command)\n"
            "    logger.debug(command)\n    program.communicate()\n"
            "def also_fine(host, context):\n    plain = socket.socket()\n"
            "    secure = context.wrap_socket(plain)\n    secure.close()\n"
        },
        [("a/b.py", 3)],
    ),
    "work-given-to-an-executor": (
        "blocking-in-async",
        {
            "models.py": _MODELS,
            "a/b.py": "import subprocess\ndef load():\n    return Post.objects.first()\n"
            "async def slow():\n    row = load()\n    f(row)\n"
            "async def fine(loop, pool):\n    await loop.run_in_executor(pool, load)\n"
            "async def also_fine(command):\n    return subprocess.Popen(command)\n",
        },
        [("a/b.py", 5)],
    ),
    "registry-and-small-caches": (
        "unbounded-memory",
        {
            "a/b.py": "found = []\nrows = []\ndef slow(row):\n    rows.append(row)\n"
            "def fine(func):\n    found.append(func)\n    return func\n"
            "class Kept(type):\n    cache = {}\n    def __call__(self, *args):\n"
            "        self.cache[self] = make(*args)\n"
            "class Config:\n    @lru_cache(maxsize=1)\n    def slots(self):\n"
            "        return load()\n"
            "    @lru_cache_key(make_key)\n    def scopes(self):\n        return load()\n"
            "    @lru_cache\n    def also_slow(self):\n        return load()\n"
        },
        [("a/b.py", 4), ("a/b.py", 19)],
    ),
    "table-of-another-program": (
        "missing-index",
        {
            "models.py": "from django.db import models\nclass Mail(models.Model):\n"
            "    name = models.CharField(max_length=9)\n    class Meta:\n        managed = False\n"
            "class Post(models.Model):\n    name = models.CharField(max_length=9)\n",
            "a/b.py": "def f(name):\n    return Mail.objects.filter(name=name), "
            "Post.objects.filter(name=name)\n",
        },
        [("models.py", 7)],
    ),
    "settings-of-developers": (
        "missing-timeout",
        {
            "settings/base.py": "EMAIL_HOST = 'mail.example.com'\n",
            "settings/local.py": "EMAIL_HOST = 'localhost'\n",
        },
        [("settings/base.py", 1)],
    ),
    "runs-at-the-start-or-for-one-row": (
        "n-plus-one",
        {
            "models.py": _MODELS,
            "app.py": "def init_posts(names):\n    for name in names:\n"
            "        Post.objects.get(name=name)\n"
            "def slow(names):\n    for name in names:\n        Post.objects.get(name=name)\n",
            "serializers.py": "class MeSerializer(serializers.Serializer):\n"
            "    def get_posts(self, obj):\n        return Post.objects.get(obj=obj)\n"
            "class UserSerializer(serializers.Serializer):\n"
            "    def get_posts(self, obj):\n        return Post.objects.get(obj=obj)\n",
        },
        [("app.py", 6), ("serializers.py", 6)],
    ),
    "factory-of-tests": (
        "n-plus-one",
        {
            "models.py": _MODELS,
            "app/factories.py": "class PostFactory:\n    @factory.post_generation\n"
            "    def lines(self, names):\n        for name in names:\n"
            "            Post.objects.get(name=name)\n",
        },
        [],
    ),
    "session-of-http": (
        "n-plus-one",
        {
            "a/b.py": "import sqlalchemy\ndef slow(session, ids):\n    for id in ids:\n"
            "        session.get(Post, id)\n"
            "def fine(session, urls):\n    for one in urls:\n        session.get(one.url)\n"
        },
        [("a/b.py", 4)],
    ),
    "get-and-del-of-a-dictionary": (
        "n-plus-one",
        {
            "models.py": _MODELS,
            "a/b.py": "import redis\nimport elasticsearch\nfrom django.core.cache import cache\n"
            "def slow(client, ids):\n    for id in ids:\n        client.get(index='a', id=id)\n"
            "def fine(rows, client):\n    ids_set = set()\n    seen_cache = load()\n"
            "    known = redis.Redis().json().get()\n    for row in rows:\n"
            "        client.get('_source')\n        ids_set.add(row.id)\n        del row['a']\n"
            "        seen_cache.get(row.id, {})\n        known.get(row.id)\n",
        },
        [("a/b.py", 6)],
    ),
    "loop-that-moves-on": (
        "retry-without-backoff",
        {
            "a/b.py": "import requests\ndef slow(url):\n    while True:\n        try:\n"
            "            return requests.get(url, timeout=2)\n        except Gone:\n"
            "            continue\n"
            "def fine(url):\n    while True:\n        try:\n"
            "            answer = requests.get(url, timeout=2)\n            url = answer.next_url\n"
            "        except Gone:\n            break\n"
        },
        [("a/b.py", 5)],
    ),
    "tuple-of-names": (
        "n-plus-one",
        {
            "models.py": _MODELS,
            "a/b.py": "def slow(words):\n    for word in (*words, a):\n"
            "        f(Post.objects.get(word=word))\n"
            "def fine(a, b):\n    for word in (a, b):\n        f(Post.objects.get(word=word))\n",
        },
        [("a/b.py", 3)],
    ),
    "context-in-brackets": (
        "blocking-in-async",
        {
            "a/b.py": "import requests\nasync def slow(session):\n"
            "    with (requests.get(URL) as answer,):\n        f(answer)\n"
            "async def fine(http_session):\n    async with (\n"
            "        http_session.get(URL) as answer,\n    ):\n        f(answer)\n"
        },
        [("a/b.py", 3)],
    ),
    "client-of-another-library": (
        "missing-timeout",
        {
            "a/b.py": "import requests\nsession = requests.Session()\ndef slow(url):\n"
            "    return session.get(url)\n",
            "a/c.py": "from aiohttp import ClientError\nasync def fine(app):\n"
            "    return await app.http_session.get(URL)\n",
            "a/d.py": "class Client:\n    name = ''\ndef fine():\n    return Client()\n",
        },
        [("a/b.py", 2), ("a/b.py", 4)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_only_the_fault_is_a_lead(tmp_path, name):
    category, files, found = CASES[name]
    assert places(reads(tmp_path, files), category) == found
