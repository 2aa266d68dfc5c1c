"""What growth a candidate claims, read out of what they say."""

from __future__ import annotations

import pytest

from bot.domain.problem import Big
from bot.interview.claims import claimed_growth


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("It sorts once, so it is O(n log n).", "n log n"),
        ("Overall n*log(n) time.", "n log n"),
        ("That is O(n²) in the worst case.", "n^2"),
        ("I think it is quadratic", "n^2"),
        ("linear time and O(n) space", "n"),
        ("O(n) time, O(n) extra space", "n"),
        ("each lookup is O(log n)", "log n"),
        ("constant time per call", "1"),
        ("it's exponential, 2^n subsets", "2^n"),
        ("O(n**3)", "n^3"),
        ("The naive way would be O(n^2), mine is O(n log n).", "n log n"),
        ("It is linear, not quadratic.", "n"),
        ("Sorting costs O(n log n) and the scan is O(n).", None),
        ("I would use a dictionary.", None),
        ("it needs O(n) memory", None),
        ("", None),
    ],
)
def test_one_class_is_a_claim_and_two_are_none(text: str, claim: Big | None) -> None:
    assert claimed_growth([text]) == claim


def test_the_newest_claim_counts() -> None:
    assert claimed_growth(["It is O(n^2).", "Now it is O(n log n).", "I am done."]) == "n log n"
