"""What a pattern needs is read off its source, and no text that it matches is ever passed over."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scoring import orders, telling
from bot.scoring.gated import Gated, needs
from bot.scoring.wordings import compile_wording
from tests.support.bank import real_bank

_ATOMS = st.sampled_from(
    [
        "a",
        "bc",
        "not ",
        r"\b",
        r"\w",
        r"\d",
        r"\.",
        ".",
        "[ab]",
        "[^a]",
        "[a-c]",
        "[- ]",
        "(?=a)",
        "(?!b)",
        "(?<!c)",
    ]
)
_REPEATS = st.sampled_from(["", "?", "*", "+", "{0,2}", "{1,2}", "{2}", "??"])


def _repeated(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("(?:{}){}".format, inner, _REPEATS)


EXPRESSIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        _repeated(inner),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (
            r"\b(?:ignore|disregard) (?:all|any)\b",
            {"ignore all", "ignore any", "disregard all", "disregard any"},
        ),
        (r"sort\w* by (?:the )?price", {" by price", " by the price"}),
        (r"colou?rs?", {"color", "colour"}),
        (r"(?<!not )\b(?:gap|gaps) of \d+(?! rows)", {"gap of ", "gaps of "}),
        (r"optimi[sz]ed", {"optimised", "optimized"}),
        (r"\d+ ?(?:%|percent)", {"%", "percent"}),
        (r"a\.b", {"a.b"}),
    ],
)
def test_the_rarest_words_of_a_pattern_are_what_it_needs(source: str, wanted: set[str]) -> None:
    assert set(needs(source)) == wanted


@pytest.mark.parametrize("source", [r"\d+", "x*", "a|b*", "(?i)abc", r"(\w)\1", "re(", "a{b", "[z", ""])
def test_where_it_cannot_be_told_every_text_is_tried(source: str) -> None:
    assert needs(source) == ()
    assert Gated(source).may_match("anything")


@given(EXPRESSIONS, st.data())
@settings(max_examples=150, deadline=None)
def test_no_text_that_matches_is_passed_over(source: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(source) | st.text("abcnot .-", max_size=12))
    if re.search(source, text):
        assert Gated(source).may_match(text)


def test_no_answer_of_the_bank_is_passed_over() -> None:
    gated = [*orders._INSTRUCTION, telling._DATED, telling._HABIT]
    for question in list(real_bank().questions.values())[::12]:
        text = question.answers.level_4.lower()
        for checkpoint in question.checkpoints:
            wordings = (*checkpoint.any_of, *(w for c in checkpoint.contra for w in c.says))
            gated += [p for w in wordings if (p := compile_wording(w).pattern)]
        assert all(p.may_match(text) for p in gated if p.compiled.search(text))


def test_a_pattern_that_is_not_tried_is_not_compiled() -> None:
    gated = Gated("overfit(?:s|ting)?")
    assert gated.search("it learns by heart") is None
    assert list(gated.finditer("it learns by heart")) == []
    assert "compiled" not in vars(gated)
    assert gated.search("it overfits")
