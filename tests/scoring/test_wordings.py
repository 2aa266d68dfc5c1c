"""The wording language matches what its documentation says, and nothing else."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ContentError
from bot.scoring.text import fold, read, stem
from bot.scoring.wordings import find, is_slip


def said(wording: str, text: str, *, questions: bool = False) -> str:
    """`yes`, the reason why it does not count, or `no`."""
    found = find([wording], read(text), questions=questions)
    return "no" if found is None else found.denied or "yes"


@pytest.mark.parametrize(
    ("wording", "text", "expected"),
    [
        ("systematic error", "Errors that are systematic, I would say.", "yes"),
        ("systematic error", "It is systematic. The error is another matter.", "no"),
        ("systematic error", "systematic one two three four five six seven error", "no"),
        ("shrink|reduce|lower variance", "Bagging reduces the variance.", "yes"),
        ("shrink|reduce|lower variance", "Bagging raises the variance.", "no"),
        ("log_odds", "It models the log-odds.", "yes"),
        ("log_odds", "The odds of the log file.", "no"),
        ("overfit|high_variance", "Deep trees are over-fitting.", "yes"),
        ("overfit|high_variance", "Deep trees have high variance.", "yes"),
        ("regularisation penalty", "A regularization penalty", "yes"),
        ("behaviour", "the behaviors differ", "yes"),
        ("gradient vanish", "The gradiant vanishes.", "yes"),
        ("re:o\\(n ?log ?n\\)", "The sort costs O(n log n).", "yes"),
        ("quadratic|n2", "That costs n² steps.", "yes"),
        ("lambda", "A larger λ shrinks more.", "yes"),
    ],
)
def test_matches_as_documented(wording: str, text: str, expected: str) -> None:
    assert said(wording, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It is not a systematic error.",
        "It isn't a systematic error at all.",
        "That it is a systematic error is wrong.",
        "It is not true that this is the systematic error of the model.",
        "I don't think that it is a systematic error.",
        "A common misconception is that this is a systematic error.",
        "Noise instead of a systematic error.",
        "There is no systematic error.",
        "It is a systematic error, which is wrong.",
        "It is a systematic error. That is not true.",
        "It is a systematic error. It has a cause. None of this is true.",
    ],
)
def test_a_negated_wording_does_not_count(text: str) -> None:
    assert said("systematic error", text) == "negated"


@pytest.mark.parametrize(
    "text",
    [
        "Accuracy is not useful, it is a systematic error.",
        "It is not noise but a systematic error.",
        "Not only noise, also a systematic error.",
        "No, it is a systematic error.",
        "There is no doubt that we see a systematic error.",
        "It is not wrong to call it a systematic error.",
        "It does not depend on the sample because it is a systematic error.",
    ],
)
def test_negation_ends_with_its_clause(text: str) -> None:
    assert said("systematic error", text) == "yes"


def test_a_question_counts_only_where_asking_is_the_point() -> None:
    assert said("duplicate", "Can there be duplicates?") == "question"
    assert said("duplicate", "Can there be duplicates?", questions=True) == "yes"


@pytest.mark.parametrize(
    ("wording", "text", "expected"),
    [
        ("not generalise", "It doesn't generalise.", "yes"),
        ("not generalise", "It can not generalize well.", "yes"),
        ("cannot extrapolate", "Trees extrapolate.", "affirmed"),
        ("not|poorly generalise", "It generalises poorly.", "yes"),
        ("without scaling", "Without scaling it fails.", "yes"),
    ],
)
def test_negative_wordings_want_the_negation(wording: str, text: str, expected: str) -> None:
    assert said(wording, text) == expected


def test_look_alike_letters_and_invisible_characters_do_not_hide_a_word() -> None:
    assert said("systematic error", "a systеmаtic er\u200bror") == "yes"  # Cyrillic letters, zero-width space
    assert said("systematic error", "ｓｙｓｔｅｍａｔｉｃ error") == "yes"


def test_a_typing_slip_needs_a_long_word_and_the_same_beginning() -> None:
    assert is_slip("regulariz", "regulraiz")
    assert not is_slip("asymmetr", "symmetr")
    assert not is_slip("bia", "bias")


@pytest.mark.parametrize("source", ["re:(", "   |  ", "..."])
def test_a_wording_that_cannot_match_is_refused(source: str) -> None:
    with pytest.raises(ContentError):
        find([source], read("An answer."))


def test_british_and_american_spelling_share_a_stem() -> None:
    pairs = [
        ("modelling", "modeling"),
        ("normalise", "normalize"),
        ("centred", "centered"),
        ("colour", "color"),
    ]
    assert all(stem(a) == stem(b) for a, b in pairs)


@given(st.text(max_size=300))
def test_offsets_point_into_the_original(raw: str) -> None:
    chars, spots = fold(raw)
    assert len(chars) == len(spots)
    assert all(0 <= a < b <= len(raw) for a, b in spots)
    for sentence in read(raw).sentences:
        assert all(sentence.start <= t.start < t.end <= sentence.end for t in sentence.tokens)
        assert len(sentence.negated) == len(sentence.tokens) == len(sentence.clauses)


@given(st.text(alphabet="abcdefgh ijklm.,;?!'\n-", max_size=200))
def test_sentences_are_in_order_and_do_not_overlap(raw: str) -> None:
    sentences = read(raw).sentences
    assert all(a.end <= b.start for a, b in itertools.pairwise(sentences))


def test_a_clause_that_takes_up_the_subject_can_deny_it() -> None:
    found = find(["accuracy misleading"], read("I'd use accuracy, it's not misleading."))
    assert found is not None
    assert found.denied == "negated"
    right = find(["accuracy misleading"], read("I'd not use accuracy, it's misleading."))
    assert right is not None
    assert right.denied is None


def test_one_word_does_not_stand_for_two_words_of_a_wording() -> None:
    wording = "more|label data|tickets|labels"
    assert find([wording], read("I would label.")) is None
    found = find([wording], read("I would label more tickets."))
    assert found is not None
    assert len(found.words) == 2
