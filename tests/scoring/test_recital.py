"""Words of a reference that are no statements: side by side in its order, or shuffled."""

from __future__ import annotations

import pytest

from bot.scoring.recital import is_shuffled, recited
from bot.scoring.references import best_cover
from bot.scoring.text import read

QUESTION = "Why does the lid of a pan rattle?"
REFERENCE = "The steam that forms in the pan pushes against the lid until it lifts and the pressure falls."
LIST = "steam forms pan pushes lid lifts pressure falls"


def _score(answer: str) -> float:
    found = best_cover(QUESTION, (REFERENCE,), answer)
    assert found is not None
    return found.score


@pytest.mark.parametrize(
    "answer",
    [
        LIST,
        f"It is important to consider {LIST}.",
        "- steam forms pan\n- pushes lid\n- lifts pressure falls",
        "Steam forms. Pan pushes lid. Lifts pressure falls.",
    ],
)
def test_a_references_words_side_by_side_state_nothing(answer: str) -> None:
    assert recited(read(answer), (REFERENCE,))
    assert _score(answer) < 0.25


def test_a_list_behind_an_answer_adds_nothing() -> None:
    honest = "Something pushes the lid up from below."
    assert _score(honest) - 0.03 < _score(f"{honest}\n{LIST}") <= _score(honest)


@pytest.mark.parametrize(
    "answer",
    [
        REFERENCE,
        "Steam forms and pushes the lid up, so the pressure falls.",
        "steam pushes lid",
        "steam forms -> pushes lid -> lid lifts -> pressure falls",
        "steam, pressure, lid",
        "",
    ],
)
def test_sentences_terse_notes_and_arrows_are_no_recital(answer: str) -> None:
    assert not recited(read(answer), (REFERENCE,))


def test_words_that_one_reference_has_side_by_side_are_no_sign() -> None:
    both = ("The key of the first row is stored", "the key first row stored")
    assert recited(read("key first row stored"), both[:1])
    assert not recited(read("key first row stored"), both)


@pytest.mark.parametrize(
    "answer", ["the of lid pushes steam the", "lid the pushes and of steam", "pushes the is steam lid an"]
)
def test_small_words_out_of_place_are_heard(answer: str) -> None:
    assert is_shuffled(read(answer))


@pytest.mark.parametrize(
    "answer",
    [
        "Their is steam that pushes the lid.",
        "The steam pushes the lid.",
        "The is a gap",
        "steam",
        "",
        "because:\nsteam",
    ],
)
def test_honest_slips_are_no_shuffling(answer: str) -> None:
    assert not is_shuffled(read(answer))


def test_one_slip_in_a_long_answer_is_none() -> None:
    assert not is_shuffled(read(f"{REFERENCE} Last in is first out of the pan."))
