"""Other words for the same: the table as data, and how wordings and points are found in other words."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.content import Checkpoint
from bot.scoring.gist import LEAST, best_place, gist_of
from bot.scoring.likeness import groups_of, lines, phrase_stems, senses
from bot.scoring.synonyms import SAME
from bot.scoring.text import read
from bot.scoring.wordings import find

GROUPS = lines(SAME)


def test_every_group_has_two_members_that_differ_by_stem_and_none_twice() -> None:
    for group in GROUPS:
        stems = Counter(phrase_stems(member) for member in group)
        assert len(stems) >= 2, group
        assert all(stems), group
        assert not [s for s, n in stems.items() if n > 1], group


def test_no_group_is_written_twice() -> None:
    seen = Counter(frozenset(phrase_stems(m) for m in group) for group in GROUPS)
    assert not [sorted(g) for g, n in seen.items() if n > 1]


def test_words_of_opposite_meaning_share_no_group() -> None:
    table = groups_of()
    for left, right in (
        ("rise", "fall"), ("increase", "decrease"), ("more", "fewer"), ("large", "small"), ("before", "after"),
        ("first", "last"), ("maximum", "minimum"), ("above", "below"), ("right", "wrong"), ("better", "worse"),
        ("fast", "slow"), ("cheap", "expensive"), ("keep", "remove"), ("hide", "show"), ("start", "stop"),
        ("precision", "recall"), ("overfit", "underfit"), ("false_positive", "false_negative"), ("train", "test"),
        ("correlated", "independent"), ("old", "new"), ("sparse", "dense"), ("linear", "quadratic"), ("sure", "unsure"),
        ("accept", "reject"), ("many", "few"), ("early", "late"), ("simple", "complicated"), ("bias", "variance"),
    ):  # fmt: skip
        both = table.get(phrase_stems(left), frozenset()) & table.get(phrase_stems(right), frozenset())
        assert not [GROUPS[i] for i in both], (left, right)


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ("drop customers", "Then we would throw the old customers away."),
        ("errors rise", "After that the mistakes rise."),
        ("validation unseen", "The validation uses rows it has never seen."),
        ("classify customers", "A classification of the customers."),
    ],
)
def test_a_wording_is_found_in_other_words(wording: str, said: str) -> None:
    found = find([wording], read(said), alike=True)
    assert found is not None
    assert found.denied is None


def test_what_stands_for_what_is_told() -> None:
    found = find(["errors drop"], read("The mistakes drop."), alike=True)
    assert found is not None
    assert found.instead == (("error", "mistakes"),)


@pytest.mark.parametrize(
    "said", ["The mistakes do not drop.", "Nobody says that mistakes drop.", "Do mistakes drop?"]
)
def test_other_words_are_denied_and_asked_like_the_wording_itself(said: str) -> None:
    found = find(["errors drop"], read(said), alike=True)
    assert found is not None
    assert found.denied is not None


def test_a_wording_of_one_word_wants_that_word() -> None:
    assert find(["errors"], read("The mistakes drop."), alike=True) is None


def test_a_phrase_may_bring_its_own_negation() -> None:
    found = find(["holdout score"], read("I take the score on rows it has never seen."), alike=True)
    assert found is not None
    assert found.denied is None


POINT = Checkpoint(
    id="averaging",
    dimension="PS-MECH",
    statement="Averaging many decorrelated trees lowers the variance.",
    any_of=("average variance",),
    probe="Why does a forest work?",
)


def test_a_point_is_found_in_other_words_and_weighs_more_the_more_of_it_is_said() -> None:
    gist = gist_of(POINT, None)
    said = [
        "We planted trees.",
        "You average many trees.",
        "You average many trees, which are decorrelated, so the variance goes down.",
    ]
    scores = [p.score if (p := best_place(gist, read(t), enough=False)) else 0.0 for t in said]
    assert scores == sorted(scores)
    assert scores[0] < scores[1] < scores[2]


def test_what_is_denied_or_asked_does_not_speak_of_a_point() -> None:
    gist = gist_of(POINT, None)
    assert best_place(gist, read("Averaging decorrelated trees lowers the variance.")) is not None
    assert (
        best_place(gist, read("It is wrong that averaging decorrelated trees lowers the variance.")) is None
    )
    assert best_place(gist, read("Does averaging decorrelated trees lower the variance?")) is None


@given(
    st.lists(
        st.sampled_from(
            ["we", "average", "many", "trees", "variance", "noise", "drop", "model", "and", "the"]
        ),
        max_size=40,
    )
)
def test_more_words_never_lower_what_one_place_holds(words: list[str]) -> None:
    gist = gist_of(POINT, None)

    def score(text: str) -> float:
        place = best_place(gist, read(text))
        return place.score if place else 0.0

    text = " ".join(words)
    assert score(text) <= score(f"{text} average variance") + 1e-9
    if len(set(words)) < LEAST:
        assert score(text) == 0.0


def test_equal_sentences_have_equal_senses() -> None:
    assert senses(read("the mistakes drop").sentences[0].stems) == senses(
        read("The mistakes drop!").sentences[0].stems
    )
