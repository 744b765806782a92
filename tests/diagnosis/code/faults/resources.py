"""Faults in what is held: connections, files, listeners and memory."""

from tests.diagnosis.code.faults.fault import Fault

FAULTS: dict[str, Fault] = {
    "deferred-in-loop": (
        "resource-leak",
        "a.go",
        'package a\nimport "os"\nfunc slow(names []string) {\n\tfor _, n := range names {\n'
        "\t\tf, _ := os.Open(n)\n\t\tdefer f.Close()\n\t}\n}\n"
        "func fine(names []string) {\n\tfor _, n := range names {\n\t\tfunc() {\n"
        "\t\t\tf, _ := os.Open(n)\n\t\t\tdefer f.Close()\n\t\t}()\n\t}\n}\n",
        [6],
    ),
    "connection-without-name": (
        "resource-leak",
        "A.java",
        "class A {\n  String slow() {\n"
        "    return dataSource.getConnection().getMetaData().getURL();\n"
        "  }\n  String fine() {\n    try (var c = dataSource.getConnection()) {\n"
        "      return c.getMetaData().getURL();\n    }\n  }\n}\n",
        [3],
    ),
    "leak-java": (
        "resource-leak",
        "A.java",
        "class A {\n  void slow(File f) throws IOException {\n"
        "    FileInputStream in = new FileInputStream(f);\n    read(in);\n  }\n"
        "  void fine(File f) throws IOException {\n"
        "    try (FileInputStream in = new FileInputStream(f)) { read(in); }\n  }\n}\n",
        [3],
    ),
    "leak-go": (
        "resource-leak",
        "a.go",
        'package a\nimport "net/http"\nfunc slow(c *http.Client, r *http.Request) error {\n'
        "\tresp, err := c.Do(r)\n\tuse(resp.StatusCode)\n\treturn err\n}\n"
        "func fine(client *http.Client, r *http.Request) error {\n"
        "\tresp, err := client.Do(r)\n\tdefer resp.Body.Close()\n\treturn err\n}\n",
        [4],
    ),
    "per-call": (
        "connection-per-request",
        "a.py",
        "import redis\nSHARED = redis.Redis(socket_timeout=1)\n"
        "def handle(key):\n    client = redis.Redis(socket_timeout=1)\n"
        "    return client.get(key)\n",
        [4],
    ),
    "grows": (
        "unbounded-memory",
        "a.py",
        "SEEN = {}\nBOUND = {}\ndef handle(key, value):\n    SEEN.setdefault(key, value)\n"
        "def other(key):\n    BOUND.setdefault(key, 1)\n    BOUND.pop(key)\n",
        [4],
    ),
    "grows-in-a-handler": (
        "unbounded-memory",
        "a.js",
        "const seen = new Map();\nconst names = new Map();\nnames.set('a', 1);\n"
        "app.get('/x', (req, res) => {\n  seen.set(req.query.id, 1);\n  res.end();\n});\n",
        [5],
    ),
    "queue": (
        "unbounded-memory",
        "a.py",
        "import asyncio\nslow = asyncio.Queue()\nfine = asyncio.Queue(maxsize=100)\n",
        [2],
    ),
    "listener": (
        "resource-leak",
        "a.ts",
        "export function slow(id: string) {\n  eventBus.on('change', () => send(id));\n}\n"
        "export function fine(request: Request) {\n"
        "  const client = connect();\n  client.on('data', send);\n}\n",
        [2],
    ),
}
