"""Faults in caches and in work that is done again."""

from tests.diagnosis.code.faults.fault import Fault

FAULTS: dict[str, Fault] = {
    "cache-key": (
        "cache-key/ttl/stampede",
        "a.py",
        "from django.core.cache import cache\nfrom app.models import Order\n"
        "def slow(shop, day):\n    key = f'orders:{day}'\n"
        "    return cache.get_or_set(key, lambda: list(Order.objects.filter(shop=shop)), 60)\n"
        "def fine(shop, day):\n    key = f'orders:{shop}:{day}'\n"
        "    return cache.get_or_set(key, lambda: list(Order.objects.filter(shop=shop)), 60)\n",
        [5],
    ),
    "cache-deleted-early": (
        "cache-key/ttl/stampede",
        "a.py",
        "from django.core.cache import cache\nfrom django.db import transaction\n"
        "def slow(order):\n    with transaction.atomic():\n        order.close()\n"
        "        cache.delete(order.key)\n"
        "def fine(order):\n    with transaction.atomic():\n        order.close()\n"
        "    cache.delete(order.key)\n",
        [6],
    ),
    "keys": (
        "redis-keys/roundtrips",
        "a.ts",
        "export async function clear(redis: Redis) {\n  return redis.keys('user:*');\n}\n"
        "export async function scan(redis: Redis) {\n  return redis.scan(0);\n}\n",
        [2],
    ),
    "expression": (
        "other",
        "a.py",
        "import re\nslow = re.compile(r'^(\\w+\\s?)*$')\nfine = re.compile(r'^(\\w+,)*$')\n",
        [2],
    ),
    "expression-literal": (
        "other",
        "a.ts",
        "export const slow = (a: string) => a.replace(/(\\n+\\s*)+/g, '');\n"
        "export const fine = (a: string) => a.replace(/\\n+/g, '');\n",
        [1],
    ),
    "compiled-in-loop": (
        "other",
        "a.go",
        "package a\nfunc Slow(rows []string) {\n\tfor _, row := range rows {\n"
        '\t\tregexp.MustCompile(".*").MatchString(row)\n\t}\n}\n'
        'var fine = regexp.MustCompile("a")\n',
        [4],
    ),
}
