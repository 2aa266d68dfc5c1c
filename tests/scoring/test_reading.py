"""How notes and speech are read: short answers, numbers in words, shorthand, questions at the end, what is said wrong."""

from __future__ import annotations

import pytest

from bot.scoring.text import read, stem
from bot.scoring.wordings import find


def test_a_short_answer_is_a_sentence_of_its_own() -> None:
    first, second = read("No. Hashes see the same name.").sentences
    assert (first.folded.strip(), any(second.negated)) == ("no.", False)
    assert len(read("No. 5 is the best of them.").sentences) == 1
    assert len(read("I said no. Then I left.").sentences) == 2


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ("62 parcels", "Of these sixty-two parcels were late."),
        ("400 rows", "It has four hundred rows."),
        ("10000 rows", "It has 10k rows."),
        ("three folds", "We take 3 folds."),
        ("without noise", "w/o noise it converges"),
        ("difference finite", "check one weight w/ finite diff"),
        ("gradient initialise", "grads are fine, init matters"),
        ("classify failure", "The classifier saw that it fails."),
        ("compare features", "Compare logged features; drop suspects; gap closes?"),
        ("label wrong", "Often the label is wrong."),
        ("wrong label", "Somebody gave it the wrong label."),
    ],
)
def test_what_is_said_counts_however_it_is_written(wording: str, said: str) -> None:
    found = find([wording], read(said))
    assert found is not None
    assert found.denied is None


@pytest.mark.parametrize(
    ("wording", "said", "denied"),
    [
        ("gap closes", "Compare logged features; drop suspects; gap closes?", "question"),
        ("label wrong", "It is not true that the label is wrong.", "negated"),
        ("systematic error", "The systematic error is wrong.", "negated"),
        ("gap large", "So: is the gap large?", "question"),
    ],
)
def test_what_is_asked_or_denied_does_not(wording: str, said: str, denied: str) -> None:
    found = find([wording], read(said))
    assert found is not None
    assert found.denied == denied


def test_spans_of_numbers_are_those_of_the_text() -> None:
    text = "Of these sixty-two parcels were late."
    found = find(["62 parcels"], read(text))
    assert found is not None
    assert text[found.start : found.end] == "sixty-two parcels"


def test_short_forms_and_families_have_one_stem() -> None:
    for left, right in (
        ("params", "parameter"),
        ("decision", "decide"),
        ("five", "5"),
        ("dupes", "duplicates"),
    ):
        assert stem(left) == stem(right)
