"""The form of stories: parts that were told, and opinions that are none."""

from __future__ import annotations

import pytest

from bot.scoring.structure import signals
from bot.scoring.text import read


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("In March 2022 our recommender lost a tenth of its clicks.", "situation"),
        ("Since Q3 2021 I own the pipeline.", "situation"),
        ("We had two labellers and no budget.", "situation"),
        ("We had to be careful.", "task"),
        ("Complaints went from 17 to 12 a week.", "result"),
        ("I took the error from 17 % to 12 %.", "result"),
        ("Latency is now 40 ms instead of 90.", "result"),
        ("Churn fell by a third.", "result"),
    ],
)
def test_parts_of_a_story_are_found(said: str, part: str) -> None:
    assert signals(read(said))[part] == 1


@pytest.mark.parametrize(
    "said",
    [
        "I think we had a good chance.",
        "We had a feeling.",
        "If we had a bigger team I would delegate.",
        "I feel our team should write tests.",
        "I believe it went from 3 to 5.",
    ],
)
def test_opinions_tell_nothing_that_happened(said: str) -> None:
    found = signals(read(said))
    assert found["situation"] == found["result"] == 0
