"""A quick look that saves a slow one must never miss what the slow one would find."""

import sys

from backend_performance.skill.rules import hidden_text


def test_the_look_for_hidden_characters_misses_none():
    suspects = [
        chr(point)
        for point in range(sys.maxunicode + 1)
        if not 0xD800 <= point < 0xE000 and hidden_text._SUSPECT.match(chr(point))
    ]
    assert len(suspects) > 200
    assert [c for c in suspects if not hidden_text._may_hide(f"a{c}é")] == []
    assert not hidden_text._may_hide("plain — text\twith\r\nlines\f and 日本語")
