"""From a round to a level: the highest whose bar is met, what is short of the next, and how that goes with the label."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.judgement import Prompting, Status
from bot.domain.scorecard import CheckpointResult, DimensionResult, Label
from bot.scoring.levelling import apart, meets
from bot.scoring.levels import label_of

PROMPTINGS: tuple[Prompting, ...] = ("none", "probe", "hint1", "hint2", "hint3")


def shares(*found: float | None) -> list[DimensionResult]:
    names = "ABCDEFGH"
    return [
        DimensionResult(
            dimension=f"PS-{names[i]}",
            name=names[i],
            weight=0.2,
            level=3,
            share=share,
            why="w",
            confidence="high",
        )
        for i, share in enumerate(found)
    ]


def helped(*given_: Prompting) -> list[CheckpointResult]:
    return [
        CheckpointResult(
            question="q",
            checkpoint=f"c-{i}",
            statement="s",
            dimension="PS-A",
            kind="must",
            weight=1,
            status=Status.COVERED,
            asked=True,
            prompting=prompting,
            credit=1,
            why="w",
        )
        for i, prompting in enumerate(given_)
    ]


def test_a_hire_below_mid_says_how_that_can_be() -> None:
    uneven = shares(1.0, 1.0, 1.0, 0.5, 0.5)
    assert meets(3.2, uneven, []) == "meets junior, 2 dimensions short of mid: D, E"
    assert apart(3.2, uneven, []) == (
        "Both hold: the score is a mean, in which a strong dimension makes up for a weak one, while a level also asks for "
        "enough of the must-have points in all dimensions but one."
    )
    led = helped("hint2", "hint2", "hint2", "none", "none", "none")
    assert "too much help for mid" in meets(3.0, shares(0.9, 0.9), led)
    assert apart(3.0, shares(0.9, 0.9), led).endswith("that little help was needed.")
    assert apart(3.0, shares(1.0, 0.5, 0.5), led).endswith(
        "in all dimensions but one, and that little help was needed."
    )
    assert meets(3.0, shares(1.0, 0.4, 0.4), []).startswith("below junior")
    assert apart(3.0, shares(1.0, 0.4, 0.4), [])


def test_no_hire_and_yet_a_junior_says_that_the_label_is_for_mid_level() -> None:
    assert meets(2.5, shares(0.5, 0.5), []).startswith("meets junior")
    assert "against mid-level anchors" in apart(2.5, shares(0.5, 0.5), [])


@given(
    st.floats(1, 4),
    st.lists(st.none() | st.floats(0, 1), max_size=6),
    st.lists(st.sampled_from(PROMPTINGS), max_size=8),
)
def test_where_label_and_level_agree_nothing_is_said(
    score: float, found: list[float | None], given_: list[Prompting]
) -> None:
    words = meets(score, shares(*found), helped(*given_))
    told = apart(score, shares(*found), helped(*given_))
    hire = label_of(score) in (Label.HIRE, Label.STRONG_HIRE)
    if hire:
        assert bool(told) == words.startswith(("meets junior", "below junior"))
    else:
        assert bool(told) == words.startswith("meets junior")
    assert told.count(".") <= 1, "one sentence"
