"""A decorator belongs to what it stands before, whatever the grammar makes it a part of."""

import re

import pytest
from backend_performance.diagnosis.code.source.extract import extract

CASES = {
    "java": "@Service\nclass A {\n  @Override\n  @Get\n  void a() {}\n  void b() {}\n}\n",
    "typescript": "@Service\nclass A {\n  @Override @Get a(@Body() c: string) {}\n  b() {}\n}\n",
    "csharp": "[Service]\nclass A {\n  [Override]\n  [Get]\n  int a([Body] int c) { return c; }\n"
    "  int b() { return 1; }\n}\n",
    "kotlin": "@Service\nclass A {\n  @Override @Get\n  fun a() {}\n  fun b() {}\n}\n",
    "php": "<?php\n#[Service]\nclass A {\n  #[Override]\n  #[Get]\n  function a() {}\n"
    "  function b() {}\n}\n",
    "python": "@Service\nclass A:\n    @Override\n    @Get\n    def a(self): pass\n"
    "    def b(self): pass\n",
}


@pytest.mark.parametrize("language", CASES)
def test_decorators_are_those_of_their_own_declaration(language):
    file = extract("a", CASES[language].encode(), language)
    found = {one.name: one.decorators for one in (*file.functions, *file.classes) if one.name}
    plain = {name: re.findall(r"\w+", " ".join(texts)) for name, texts in found.items()}
    assert plain == {"A": ["Service"], "a": ["Override", "Get"], "b": []}
