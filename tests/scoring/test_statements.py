"""Words that say the same or the opposite, and verbs that deny, as scores from references read them."""

from __future__ import annotations

import pytest

from bot.scoring.references import best_cover
from bot.scoring.text import stem
from bot.scoring.thesaurus import concept, opposites


def earned(answer: str, *references: str, question: str = "") -> float:
    found = best_cover(question, references, answer)
    return found.score if found else 0.0


@pytest.mark.parametrize(
    ("reference", "same", "worse"),
    [
        ("The bulbs are in different paths.", "The bulbs are not in the same path.", "The bulbs are in the same path."),
        ("The bulbs are not in the same path.", "The bulbs are in different paths.", "The bulbs are in the same path."),
        ("The lists are not included twice.", "It prevents the lists from being included twice.", "Lists."),
        ("It frees memory that was allocated.", "Memory that was allocated is released.", "Memory is allocated."),
        ("Elements have to be moved.", "Elements need to be shifted.", "Elements need to be coloured."),
    ],
)  # fmt: skip
def test_other_words_for_the_same_earn_what_the_reference_earns(
    reference: str, same: str, worse: str
) -> None:
    assert earned(same, reference) > 0.8
    assert earned(worse, reference) < earned(same, reference) - 0.2


@pytest.mark.parametrize(
    ("reference", "right", "opposite"),
    [
        ("The string vibrates more slowly.", "The string vibrates slower.", "The string vibrates faster."),
        ("The empty cart has less mass.", "The empty cart.", "The full cart has more mass."),
        ("Variance decreases with depth.", "It decreases with depth.", "Variance increases with depth."),
    ],
)  # fmt: skip
def test_the_opposite_of_a_short_reference_earns_little(reference: str, right: str, opposite: str) -> None:
    assert earned(opposite, reference) < 0.5
    assert earned(opposite, reference) <= earned(right, reference)


def test_both_sides_of_a_comparison_are_no_contradiction() -> None:
    reference = "Bias increases and variance decreases."
    assert earned("Variance decreases while bias increases.", reference) > 0.9


def test_no_word_says_its_own_opposite() -> None:
    for word in ("same", "decrease", "hot", "first", "private", "empty", "min"):
        name = concept(stem(word))
        assert opposites(name)
        assert name not in opposites(name)
        assert all(name in opposites(other) for other in opposites(name))


def test_a_question_states_nothing_but_an_unsure_answer_does() -> None:
    reference = "There is an open path."
    assert earned("Is it so that there is an open path?", reference) == 0
    assert earned("There is an open path?", reference) > 0.9


def test_a_sentence_in_another_language_lends_no_words() -> None:
    reference = "The method fits a model to the data."
    foreign = "Man kann das mit der richtigen Methode gut lösen, wenn man das Modell und die Daten kennt."
    assert earned("It is slow.", reference) == earned(f"It is slow. {foreign}", reference)
