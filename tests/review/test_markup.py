"""Nothing that people or models write can become markup of ours."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.review.markup import Mark, clip, plain, rich, verbatim

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "![beacon](https://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "[click](https://evil.example/?q=secret)",
    "<https://evil.example>",
    '<form action="https://evil.example"><input name=a></form>',
    "<style>*{display:none}</style>",
    '<div style="position:fixed;inset:0">x</div>',
    "```html\n<script>1</script>\n```",
    "| a |\n|---|\n| <b onclick=x>1</b> |",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
)
ALLOWED = re.compile(
    r"</?(p|em|strong|code|pre|ul|ol|li|h4|blockquote|hr|br|table|thead|tbody|tr|th|td)"
    r"( (tabindex|start|style)=\"[^\"<>]*\")*\s?/?>"
)


@pytest.mark.parametrize("text", HOSTILE)
def test_rich_text_holds_only_plain_elements(text: str) -> None:
    tags = re.findall(r"<[^>]*>", rich(text))
    assert all(ALLOWED.fullmatch(tag) for tag in tags), tags


@given(st.text(max_size=300))
def test_rich_text_never_lets_an_element_of_theirs_through(text: str) -> None:
    tags = re.findall(r"<[a-zA-Z/!][^>]*>", rich(text))
    assert all(ALLOWED.fullmatch(tag) for tag in tags)


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(-5, 220), st.integers(-5, 220)), max_size=6))
def test_verbatim_text_is_exactly_what_was_said(text: str, spans: list[tuple[int, int]]) -> None:
    marked = verbatim(text, [Mark(a, b, "for", "x") for a, b in spans if a >= 0])
    assert html.unescape(re.sub(r"</?mark[^>]*>", "", marked)) == text


def test_marks_lie_over_the_words_and_the_first_of_overlapping_ones_wins() -> None:
    assert verbatim("a < b", [Mark(0, 1, "for", "why", "#x"), Mark(0, 5, "against", "no")]).startswith(
        "<mark"
    )
    assert verbatim("abc", [Mark(1, 2, "for", '"q"')]) == 'a<mark class="for" title="&quot;q&quot;">b</mark>c'


def test_code_and_generics_stay_visible() -> None:
    assert "List&lt;int&gt;" in rich("Use `List<int>` or List<int>.")
    assert "$5 and $10" in rich("It costs $5 and $10.")


def test_plain_and_clip() -> None:
    assert plain("**Bold** and `code`\n\n- item") == "Bold and code item"
    assert clip("one two three", 9) == "one two…"
    assert clip("short", 9) == "short"
