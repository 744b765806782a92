"""Every JSON Schema is documented with an example that conforms to it."""

import json
import re
from pathlib import Path

import pytest
from backend_performance import schemas
from jsonschema import Draft202012Validator

PAGE = (Path(__file__).parents[2] / "docs" / "output.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"(?ms)^## (\w+)\n(.*?)(?=^## |\Z)", PAGE))
SCHEMAS = sorted(
    path.name.removesuffix(".schema.json")
    for path in Path(schemas.__file__).parent.glob("*.schema.json")
)


def test_every_schema_has_its_section():
    assert sorted(SECTIONS) == SCHEMAS and len(SCHEMAS) >= 7


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_example_conforms_to_its_schema(name):
    (example,) = re.findall(r"(?s)```json\n(.*?)\n```", SECTIONS[name])
    content = json.loads(example)
    schema = schemas.load(name)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(content)
    expected = schema["properties"].get("schema", {}).get("const")
    assert content.get("schema") == expected


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_fields_that_are_explained_exist(name):
    text = json.dumps(schemas.load(name))
    for field in re.findall(r"(?m)^\| (`[^|]+`) \|", SECTIONS[name]):
        for part in re.findall(r"\w+", field):
            assert f'"{part}"' in text, part
