"""A quick look that saves a slow one must never miss what the slow one would find."""

import re
import sys

import pytest
from backend_performance.skill import credentials
from backend_performance.skill.markdown import inline, simple_link
from backend_performance.skill.rules import (
    checklist_form,
    hidden_text,
    instruction_override,
    markdown_structure,
    reference_labels,
    secret_in_text,
)
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.robustness.test_pages_of_any_kind import bounded

pytestmark = pytest.mark.slow

ASCII = st.characters(max_codepoint=0x7F)
KINDS = credentials._KINDS + credentials._SECRET_KINDS
#: The pattern of passwords in addresses looks ahead, which no generator can hope to satisfy.
ADDRESS = re.compile(r"://\w*:a[A-Z]{5,9}[0-9!%]{6,9}1@[a-z]+\.org")


def by_offset(found):
    return found.offset


def test_the_look_for_hidden_characters_misses_none():
    suspects = [
        chr(point)
        for point in range(sys.maxunicode + 1)
        if not 0xD800 <= point < 0xE000 and hidden_text._SUSPECT.match(chr(point))
    ]
    assert len(suspects) > 200
    assert [c for c in suspects if not hidden_text._may_hide(f"a{c}é".encode())] == []
    assert hidden_text._may_hide("a\ufe00\ufe0fb".encode())
    assert not hidden_text._may_hide("plain — text\twith\r\nlines\f and 日本語".encode())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.beginning)
@bounded
@given(data=st.data())
def test_the_look_for_credentials_misses_none(kind, data):
    pattern = ADDRESS if kind.beginning == "://" else kind.pattern
    text = data.draw(st.from_regex(pattern, alphabet=ASCII))
    assume(kind.pattern.search(text))
    possible = credentials.possible(text.encode(), text.encode().lower())
    # One pattern may stand behind several beginnings.
    same = [each for each in possible if each.pattern == kind.pattern]
    assert any(list(each.matches(text)) for each in same)


@bounded
@given(st.from_regex(secret_in_text._NAMED, alphabet=ASCII))
def test_the_look_for_named_values_misses_none(text):
    assert credentials.may_hold_value(text.encode())
    assert any(name in text.lower() for name in secret_in_text._NAMES)


@bounded
@given(st.from_regex(instruction_override._OVERRIDE, alphabet=ASCII))
def test_the_look_for_overrides_misses_none(text):
    wanted = {match.start() for match in instruction_override._OVERRIDE.finditer(text)}
    found = instruction_override._overrides(text, text.encode().lower())
    assert wanted <= {match.start() for match in found}


@bounded
@given(st.from_regex(instruction_override._ABOUT, alphabet=ASCII))
def test_the_look_for_talk_about_attacks_misses_none(text):
    low = text.lower()
    assert any(mark in low for mark in instruction_override._ABOUT_MARKS)


@bounded
@given(st.from_regex(instruction_override._SECRECY, alphabet=ASCII))
def test_the_look_for_secrecy_misses_none(text):
    assert instruction_override._has_secrecy(text)


@bounded
@given(st.text(alphabet="[]()ab#/.:!*_`<\\ \n-&%", max_size=40))
@example("[a](b.md) and [c_d](e_f.md#g)")
@example("[https://a.example](https://a.example)")
@example("![a](b) [c](d)")
@example("[a](b)(c) [d][e]")
@example("[a b](c-d.md), [](e)")
@example("[`a b` c](d) `[e](f)` ` g ` [h](i`j`k)")
@example("`a\nb` [` c `](d) `e")
@example("``a`b`` [c](d)")
def test_simple_links_are_those_of_markdown_it(content):
    quick = simple_link.simple(content)
    if quick is not None:
        tokens = inline.parse(inline.parser(), content, {})
        wanted = list(inline._from_tokens(tokens, content))
        assert sorted(quick[0], key=by_offset) == sorted(wanted, key=by_offset)
        spans = [token.meta["span"] for token in tokens if "span" in token.meta]
        assert sorted(quick[1]) == sorted(spans)


@bounded
@given(st.text(alphabet="ab1é_*~&;#!\\ \n[]`<", max_size=30).map(str.strip))
@example("snake_case & more")
@example("a_ b")
@example("a &amp; b")
@example("a\n  b")
def test_a_heading_that_looks_plain_is_plain(content):
    if not inline._FORMATTED.search(content):
        assert inline._text(inline.parse(inline.parser(), content, {})) == content
    if not inline._MARKED.search(content):
        assert not inline._FORMATTED.search(content)


@bounded
@given(st.text(alphabet="[]!a (:\\\n", max_size=40))
@example("[a][b][c] [d][]")
@example("![a][b]")
@example("a [[b][c] [d][e]")
def test_references_are_found_where_the_pattern_finds_them(text):
    wanted = [match.span() for match in reference_labels._REFERENCE.finditer(text)]
    assert [match.span() for match in reference_labels._references(text)] == wanted


@bounded
@given(st.text(alphabet="-*1.)>[] x(|:\t\u3000\na", max_size=60))
@example(" \n- [] a\n\n\t- (a)\n- ( ) b")
@example("|a|\n  | :-: |\n|---|--|\n> |-|")
def test_lines_worth_a_pattern_are_found(text):
    for line in text.split("\n"):
        if checklist_form._LIST_LINE.match(line):
            assert "[" in line or ") " in line
        if markdown_structure._DELIMITER_ROW.fullmatch(line):
            assert "|" in line
