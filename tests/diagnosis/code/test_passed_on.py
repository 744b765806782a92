"""What is loaded, closed or asked elsewhere is no fault here, beside the fault itself."""

import pytest

from tests.diagnosis.code.samples import places, reads

MODELS = (
    "from django.db import models\nclass Locale(models.Model):\n    code = models.TextField()\n"
    "class Project(models.Model):\n    locales = models.ManyToManyField(Locale)\n"
    "    owner = models.ForeignKey(Locale, on_delete=models.CASCADE)\n"
)
#: category, files, the places that are leads
CASES = {
    "relation that the query loads": (
        "n-plus-one",
        {
            "m.py": MODELS,
            "a.py": "from m import Project\ndef slow():\n    for p in Project.objects.filter():\n"
            "        show(p.locales.all())\ndef fine():\n    projects = (\n"
            "        Project.objects.prefetch_related('locales').filter()\n    )\n"
            "    for p in projects:\n        show(p.locales.all())\n",
        },
        [("a.py", 4)],
    ),
    "loop over models": (
        "row-by-row-writes",
        {
            "m.py": MODELS,
            "a.py": "def slow(projects):\n    for project in projects:\n        project.save()\n"
            "def fine(given):\n    for model, query in given:\n"
            "        model.objects.filter(query).update(seen=True)\n",
        },
        [("a.py", 3)],
    ),
    "query that is passed on": (
        "unbounded-query",
        {
            "m.py": MODELS,
            "a.py": "from m import Project\ndef slow():\n"
            "    return [p.id for p in Project.objects.all()]\n"
            "def fine():\n    return Field(queryset=Project.objects.all())\n"
            "class Shown(View):\n    def get_queryset(self):\n"
            "        return Project.objects.all()\n",
        },
        [("a.py", 3)],
    ),
    "block of Kotlin": (
        "resource-leak",
        {
            "a/A.kt": "class A {\n  fun slow(path: Path): Int {\n"
            "    val stream = Files.newInputStream(path)\n    return stream.available()\n  }\n"
            "  fun fine(path: Path): Int =\n"
            "    Files.newInputStream(path).use { stream -> stream.available() }\n}\n"
        },
        [("a/A.kt", 3)],
    ),
    "optional value": (
        "n-plus-one",
        {
            "a/A.java": "class A {\n  private final TagRepository tagRepository;\n"
            "  void slow(List<Item> items) {\n"
            "    items.forEach(item -> tagRepository.findByItem(item));\n  }\n"
            "  void fine(Item one) {\n"
            "    Optional.ofNullable(one).map(item -> tagRepository.findByItem(item));\n  }\n}\n"
        },
        [("a/A.java", 4)],
    ),
    "branches that exclude each other": (
        "sequential-awaits",
        {
            "a.ts": "async function slow() {\n  const a = await fetch(one);\n"
            "  const b = await fetch(two);\n  return [a, b];\n}\n"
            "async function fine(plain) {\n  let a;\n  if (plain) {\n    a = await fetch(one);\n"
            "  } else {\n    a = await fetch(two);\n  }\n  return a;\n}\n"
            "async function names() {\n"
            "  const { data: found } = await fetch(one);\n"
            "  const b = await fetch(found);\n  return b;\n}\n"
        },
        [("a.ts", 2)],
    ),
    "deferred helper": (
        "resource-leak",
        {
            "a.go": 'package a\nimport "os"\nfunc slow(p string) error {\n'
            "\tf, err := os.Open(p)\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\t_, err = f.Stat()\n\treturn err\n}\n"
            "func fine(p string) error {\n\tf, err := os.Open(p)\n"
            "\tif os.IsNotExist(err) {\n\t\treturn nil\n\t}\n"
            "\tif err != nil {\n\t\treturn err\n\t}\n"
            "\tdefer release(f)\n\t_, err = f.Stat()\n\treturn err\n}\n"
        },
        [("a.go", 4)],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_only_the_fault_is_a_lead(tmp_path, case):
    category, files, expected = case
    assert places(reads(tmp_path, files), category) == expected
