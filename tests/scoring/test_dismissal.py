"""What is waved away was named, not stated; whoever states that something does not matter is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scoring.text import read
from bot.scoring.wordings import find


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("scale|scaling features", "Scaling the features isn't really needed here."),
        ("time order", "Time order doesn't matter for a classifier."),
        ("sort windows", "There's no need to sort the windows, you just compare neighbours."),
        ("profile|profiling", "Profiling is a waste of time, it's always the network."),
        ("schedule|schedules", "You keep the rate constant, schedules bring nothing."),
        ("optimizer", "The gradient is all that counts, so the optimizer is redundant."),
        ("rare failures", "How rare failures are doesn't enter into it."),
        ("base_rate", "You can safely ignore the base rate."),
        ("baseline", "I would also skip the baseline."),
        ("binary search", "Binary search isn't possible here."),
        ("error_bars", "Error bars would just confuse the management."),
        ("rows query", "It makes sense to look at rows, but a query is of no use."),
    ],
)
def test_what_is_dismissed_is_not_said(wording: str, text: str) -> None:
    found = find([wording], read(text))
    assert found is not None
    assert found.denied == "negated"


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("accuracy useless|irrelevant|misleading", "Accuracy is irrelevant at this rate of fraud."),
        ("recall", "Accuracy doesn't matter here, what counts is recall."),
        ("monotone transform", "A monotone transform of the scores changes nothing."),
        ("scale", "Scaling is needed, and so is a split by time."),
        ("roc ignores|ignore prevalence", "ROC ignores prevalence, so both look fine."),
    ],
)
def test_what_is_said_of_a_thing_that_does_not_matter_counts(wording: str, text: str) -> None:
    found = find([wording], read(text))
    assert found is not None
    assert found.denied is None


@given(st.text(max_size=200))
def test_covered_words_lie_in_the_sentence_and_apart_from_the_cue(text: str) -> None:
    for sentence in read(text).sentences:
        for dismissal in sentence.dismissals:
            assert 0 <= dismissal.covered.start < dismissal.covered.stop <= len(sentence.tokens)
            assert not set(dismissal.cue) & set(dismissal.covered)
