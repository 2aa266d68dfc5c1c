"""Sentences that say how others are meant: what they take back, how far, and what only sounds like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scoring.stance import rejects, retracted
from bot.scoring.text import read

BODY = "I average many trees. Their variance falls with their number. The bias stays as it is."


def denied(text: str) -> list[bool]:
    """For each sentence that states something of the subject, whether it is taken back."""
    return [s.denied for s in read(text).sentences if {"trees", "variance", "bias"} & set(s.words)]


@pytest.mark.parametrize(
    "form",
    [
        "{} /s",
        "{} But every word of it is wrong.",
        "{} I don't agree with any of it.",
        "{} Said nobody ever.",
        "{} Of course, all of this is nonsense.",
        "{} I'd do the exact opposite of each of these.",
        "{} That was the wrong answer on purpose.",
        "{} Please don't take any of that seriously.",
        "{} I take everything back. Thanks.",
        "{} None of these are good ideas.",
        "{} Whoever does all this is doing it wrong.",
        "Let me play devil's advocate with something I don't believe. {}",
        "Do not do any of these things: {}",
        "I disagree with every sentence of the following. {}",
        "It would be a mistake to answer like this: {}",
        "You might expect me to say this, but I won't: {}",
        "Here is what not to do: {}",
        "How not to do it: {}",
        "Don't believe this: {}",
        "What follows is everything that I consider wrong: {}",
        "{} All lies.",
        "{} Not a single word of this is meant seriously.",
        "A common wrong answer is: {}",
    ],
)
def test_a_whole_answer_taken_back(form: str) -> None:
    assert denied(form.format(BODY)) == [True, True, True]


@pytest.mark.parametrize(
    "form",
    [
        "{} Everything else is a mistake.",
        "{} Anyone who says the opposite is wrong.",
        "{} I would never skip any of this.",
        "{} I don't doubt any of this.",
        "{} Nothing of this is optional.",
        "{} None of this is new.",
        "{} None of this is a lie.",
        "{} Not all of this is always right.",
        "{} Not doing any of this would be a stupid mistake.",
        "{} People get all of this wrong.",
        "{} People forget all of this.",
        "{} Nobody does any of this.",
        "{} My boss would not believe any of this.",
        "{} If any of this is wrong, tell me.",
        "{} You can't get all of it at once, I believe.",
        "{} Those are the typical mistakes.",
        "{} So the answer is no, I would not do it.",
        "{} All of that said, I do not believe it.",
        "{} Is all of this nonsense?",
        "{} We serve 500 requests /s.",
        "A wrong answer would be to guess; here is mine: {}",
        "Contrary to what many believe: {}",
        "People forget this: {}",
        "What people get wrong is this: {}",
        "What is wrong here: {}",
        "My mistake was this: {}",
        "The answer is no: {}",
        "The usual answer is wrong: {}",
        "I don't believe the claim: {}",
        "I would say the following. {}",
        "I wonder whether you want more detail. {}",
    ],
)
def test_what_only_sounds_like_it(form: str) -> None:
    assert denied(form.format(BODY)) == [False, False, False]


def test_a_stance_in_the_middle_reaches_its_neighbour() -> None:
    text = f"{BODY} None of these are good ideas. Instead I prune the trees."
    assert denied(text) == [False, False, True, False]
    assert denied("I prune the trees. /s I average trees. The bias stays.") == [True, False, False]


def test_a_label_judges_its_own_sentence() -> None:
    assert denied("False: the variance grows. The bias stays.") == [True, False]


def test_what_is_right_after_what_is_not_to_be_done_counts() -> None:
    text = "Here is what not to do: trees one after the other. Instead I average trees. The bias stays."
    assert denied(text) == [True, False, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It would be wrong to deny all of this", False),
        ("I do not disagree with any of it", False),
        ("nobody should doubt this", None),
        ("I was wrong, but all of this is true", False),
        ("all of this may be wrong", None),
        ("the trees are wrong", None),
    ],
)
def test_parity(text: str, said: bool | None) -> None:
    (sentence,) = read(text).sentences
    assert rejects(sentence.words, sentence.breaks) is said


@given(st.text(max_size=200))
def test_one_verdict_for_each_sentence(text: str) -> None:
    sentences = read(text).sentences
    assert len(retracted(sentences)) == len(sentences)


@given(st.lists(st.sampled_from(["Trees vote.", "That is wrong.", "None of it is true.", "/s"]), max_size=6))
def test_a_subject_between_stances_is_never_read_as_one(sentences: list[str]) -> None:
    found = read(" ".join(["Trees vote.", *sentences, "The bias stays."])).sentences
    assert not found[-1].denied
