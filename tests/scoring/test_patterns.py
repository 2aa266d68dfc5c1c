"""What a pattern is told as: words that it matches, and nothing that is no word."""

from __future__ import annotations

import re

import pytest

from bot.scoring.patterns import in_words
from tests.support.bank import real_bank

TOLD = {
    r"\bnobody\b (ever|has ever) (noticed|knew)": "nobody ever noticed",
    r"97 ?(%|per ?cent) (probability|sure)": "97 % probability",
    r"^(?!.*\b(?:if|would)\b).*\bties[^.,;]{0,12} (?:do(?:n't| not)|never) (?:matter|occur)": "ties don't matter",
    r"i (don.t|never) (get|mind)(?![^.;]*\b(but|as (on|much))\b)": "i don't get",
    r"\bfunnel[^.,;]{0,40} (?:is|means) outliers": "funnel ... is outliers",
    r"few\Wshot (and )*one[- ]?shot": "few shot one shot",
    r"random\w* split \w+ (?:is|are)( (?:just|quite)){0,2} fine": "random split ... is fine",
    r"accuracy (?:of )?0?\.95|anything else": "accuracy .95",
    r"\bo\(n ?\^? ?2\) is enough$": "o(n 2) is enough",
    r"(?:scan|walk).{0,40}.* ends?(?= well)": "scan ... end",
    r"(above|over) 9\d ?(?:%|percent)": "above 90 %",
    r"so (cheap|fast)+ that": "so cheap that",
    r"(?<!x)[^.;]{0,9}(?=y)": "",
    r"tiny": "",
    r"(?P<name>somebody) else did it": "",
    r"somebody (\w+) did \1": "",
}


@pytest.mark.parametrize(("pattern", "words"), TOLD.items())
def test_told_as(pattern: str, words: str) -> None:
    re.compile(pattern)
    assert in_words(pattern) == words


def test_what_is_told_of_the_banks_patterns_is_what_they_match() -> None:
    says = [
        s for q in real_bank().questions.values() for p in q.checkpoints for c in p.contra for s in c.says
    ]
    patterns = {s.removeprefix("re:") for s in says if s.startswith("re:")}
    told = {p: words for p in patterns if (words := in_words(p))}
    assert len(told) > 0.95 * len(patterns)
    plain = {p: w for p, w in told.items() if not re.search(r"\(\?[^:]|\\w\+|\\d", p) and "..." not in w}
    assert len(plain) > 100
    missed = [(p, w) for p, w in plain.items() if not re.search(p, f"{w} ", re.IGNORECASE)]
    assert len(missed) < 0.02 * len(plain), missed  # some want two spaces in a row
