"""Clauses that contradict one of several references, and what a denial costs."""

from __future__ import annotations

import pytest

from bot.scoring.polarity import contradicted, units_of, words_of
from bot.scoring.references import best_cover
from bot.scoring.text import read

QUESTION = "Why did the pump stay dry?"
REFERENCES = (
    "The pump and the upper tank are not connected",
    "The pump is connected to the lower tank",
    "The valve between the pump and the upper tank is closed",
)


def _contradicted(answer: str, references: tuple[str, ...] = REFERENCES) -> bool:
    units = tuple(u for r in references for u in units_of(r))
    return any(contradicted(words_of(s), units) for s in read(answer).sentences)


def _score(answer: str, references: tuple[str, ...] = REFERENCES) -> float:
    found = best_cover(QUESTION, references, answer)
    assert found is not None
    return found.score


@pytest.mark.parametrize(
    "answer",
    [
        "The pump and the upper tank are connected.",
        "The pump is not connected to the lower tank",
        "the pump is connected to the upper tank",
    ],
)
def test_the_contrary_of_one_reference_is_no_answer_by_another(answer: str) -> None:
    assert _contradicted(answer)
    assert _score(answer) < 0.25


@pytest.mark.parametrize(
    "answer",
    [
        "The pump and the upper tank are not connected.",
        "The pump is not connected to the upper tank",
        "The pump is connected to the lower tank.",
        "The valve is closed between the pump and the upper tank",
        "There is no water.",
        "",
    ],
)
def test_what_a_reference_says_contradicts_none(answer: str) -> None:
    assert not _contradicted(answer)


def test_an_opposite_in_the_place_of_a_word_turns_a_denial_round() -> None:
    assert not _contradicted(
        "The hatch is not open.", ("The hatch is closed.", "The hatch is never left open.")
    )


def test_whether_or_not_says_neither() -> None:
    assert units_of("It depends on whether or not they share a pipe") == ()


def test_denying_a_reference_costs_what_it_also_says() -> None:
    reference = ("The cache keeps hot pages in memory and writes dirty pages back later.",)
    part = "The cache keeps hot pages in memory."
    denied = f"{part} It does not write dirty pages back later."
    assert _score(denied, reference) < _score(part, reference)


def test_a_denial_that_shares_one_word_denies_something_else() -> None:
    reference = ("The sensor is not in their loop",)
    assert _score("Each heater has not its own loop", reference) < _score("It is not in the loop", reference)
