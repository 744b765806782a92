"""Pages that hypothesis writes: close enough to Markdown to reach every rule of the parser."""

from hypothesis import strategies as st

_INDENTS = st.sampled_from(["", "", "", " ", "  ", "   ", "    ", "\t", " \t", "      "])
_CONTAINERS = st.sampled_from(
    ["> ", ">", "- ", "* ", "+ ", "1. ", "2) ", "10. ", "-\t", "- [ ] ", "- [x] ", "1. [X] "]
)
_LEAVES = st.sampled_from(
    [
        "",
        "",
        " ",
        "a",
        "text with `code`",
        "# Heading",
        "## Same",
        "### a ##",
        "#",
        "#no",
        "===",
        "---",
        "- - -",
        "***",
        "___",
        "```",
        "```sh",
        "````",
        "~~~",
        "``` a`b",
        "| a | b |",
        "|---|:-:|",
        "|-|",
        "a | b",
        "--- | ---",
        "| \\| | `x|y` |",
        "|",
        "-|-",
        "<div>",
        "</div>",
        "<!-- comment -->",
        "<!--",
        "-->",
        "<a id='x'>",
        "<script>",
        "<h2>T</h2>",
        "text <a href='x.md'>y</a> <!-- c --> `z`",
        "**a `b` [c](d.md) e** www.f.example",
        "[label]: references/x.md",
        "[label]:",
        "[other]: <a b> 'title'",
        "[label]",
        "[t](u.md#a)",
        "![i](i.png)",
        "[x][label]",
        "<https://a.example>",
        "https://a.example/b",
        "www.a.example",
        "`unclosed",
        "``a`b``",
        "\\`no`",
        "[ ]",
        "[ ] box",
        "[x]\ttab",
        "[ ](link)",
        "**bold**",
        "日本語 見出し",
        "\u3000wide",
        "e\u0301",
        "\U0001f600 face",
        "tail \\",
        "two  ",
        "&amp;",
        "1986. A year",
        "2. two",
        "-",
        "+",
        "1.",
        "=",
        "==",
        ":-",
        "\x0b",
        "\x0c",
        "\u2028",
        "\x85",
    ]
)
_CHARACTERS = st.text(alphabet="`~>*-+_#[]()<>|:=!\\\t 01.)aX\n\"'&/\u3000", max_size=60)


@st.composite
def _line(draw: st.DrawFn) -> str:
    prefix = "".join(draw(_INDENTS) + draw(_CONTAINERS) for _ in range(draw(st.integers(0, 3))))
    return prefix + draw(_INDENTS) + draw(_LEAVES)


#: A page of Markdown lines, with now and then a run of arbitrary marks.
pages = st.lists(st.one_of(_line(), _line(), _line(), _CHARACTERS), max_size=14).map("\n".join)

#: Frontmatter that may be anything between well-formed and hostile.
frontmatters = st.one_of(
    st.just(""),
    st.text(alphabet="-abc:\n\"'[]{}&*!|>#% \t0", max_size=80).map("---\n{}\n---\n".format),
    st.sampled_from(
        ["---\nname: a\n---\n", "---\n", "---\nx: [\n---\n", "---\na: &a [*a]\n---\n", "---\n---"]
    ),
)

#: Text and bytes of every kind.
contents = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.tuples(frontmatters, pages).map(lambda parts: "".join(parts).encode()),
)
