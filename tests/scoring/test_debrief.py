"""The decision table of a loop: its rows, its knock-outs, and that a better round never makes it worse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.base import Level, RoundId
from bot.domain.content import Loop
from bot.domain.judgement import JudgeInfo
from bot.domain.scorecard import DimensionResult, Label, Scorecard
from bot.scoring.debrief import CONTRADICTED, LoopRound, debrief
from bot.scoring.levelling import below
from bot.scoring.levels import label_of
from tests.support.bank import real_bank

PHONE, CODE_A, CODE_B, DESIGN, STORY = RoundId
WEIGHTS = {
    Level.JUNIOR: (0.15, 0.30, 0.25, 0.10, 0.20),
    Level.MID: (0.10, 0.22, 0.20, 0.28, 0.20),
    Level.SENIOR: (0.08, 0.17, 0.15, 0.35, 0.25),
    Level.STAFF: (0.05, 0.12, 0.13, 0.38, 0.32),
}
ORDER = [Label.NO_HIRE, Label.BORDERLINE, Label.HIRE, Label.STRONG_HIRE]


def loop() -> Loop:
    spec = {
        "questions": 1,
        "greeting": "g",
        "closing": "c",
        "phases": [
            {"id": p, "name": p, "kind": "work", "minutes": 5, "announce": "a"} for p in ("one", "two")
        ],
    }
    return Loop.model_validate(
        {
            "id": "standard",
            "version": 1,
            "title": "t",
            "summary": "s",
            "notice": "n",
            "rounds": [{"round": r, **spec} for r in RoundId],
            "weights": {lv: dict(zip(RoundId, ws, strict=True)) for lv, ws in WEIGHTS.items()},
        }
    )


def a_round(round_id: RoundId, score: float | None, *, doubted: bool = False) -> LoopRound:
    card = Scorecard(
        round=round_id,
        level=Level.MID,
        rubric="r",
        rubric_version=1,
        status="insufficient" if score is None else "scored",
        score=score,
        label=Label.INSUFFICIENT if score is None else Label.BORDERLINE if doubted else label_of(score),
        assessed_weight=1,
        dimensions=(),
        checkpoints=(),
        verdict="",
        judge=JudgeInfo(name="offline", version="1"),
    )
    return LoopRound(session=round_id.value, card=card)


def outcome(scores: list[float | None], level: Level = Level.MID) -> Label:
    return debrief(loop(), level, [a_round(r, s) for r, s in zip(RoundId, scores, strict=True)]).label


@pytest.mark.parametrize(
    ("scores", "label"),
    [
        ([3.5, 3.5, 3.4, 3.6, 3.0], Label.STRONG_HIRE),
        ([3.5, 3.5, 3.9, 3.9, 2.7], Label.HIRE),
        ([3.0, 3.0, 3.0, 3.0, 2.1], Label.BORDERLINE),
        ([3.0, 3.0, 3.0, 3.0, 2.7], Label.HIRE),
        ([2.7, 2.7, 2.7, 2.7, 2.7], Label.BORDERLINE),
        ([2.0, 3.6, 3.6, 1.5, 1.0], Label.NO_HIRE),
        ([2.0, 3.6, 3.6, 1.5, 2.0], Label.BORDERLINE),
        ([4.0, 1.9, 1.9, 4.0, 4.0], Label.NO_HIRE),
        ([2.0, 2.0, 2.0, 2.0, 2.0], Label.NO_HIRE),
    ],
)
def test_the_table(scores: list[float | None], label: Label) -> None:
    assert outcome(scores) is label


def test_design_knocks_out_from_senior_upwards_only() -> None:
    scores: list[float | None] = [4.0, 4.0, 4.0, 1.9, 4.0]
    assert outcome(scores, Level.SENIOR) is Label.NO_HIRE
    assert outcome(scores, Level.MID) is Label.BORDERLINE


def test_a_round_without_a_score_counts_neither_way() -> None:
    with_gap = debrief(
        loop(), Level.MID, [a_round(r, 3.0) for r in list(RoundId)[:4]] + [a_round(STORY, None)]
    )
    assert with_gap.score == pytest.approx(3.0)
    assert with_gap.label is Label.HIRE
    assert any("Behavioural" in reason for reason in with_gap.reasons)


def test_too_few_rounds_are_insufficient() -> None:
    result = debrief(loop(), Level.MID, [a_round(PHONE, 4.0), a_round(CODE_A, 4.0)])
    assert (result.label, result.score) == (Label.INSUFFICIENT, None)


def test_a_committee_that_differs_twice_makes_it_borderline() -> None:
    rounds = [a_round(r, 3.0) for r in RoundId]
    rounds[0] = a_round(PHONE, 3.0, doubted=True)
    assert debrief(loop(), Level.MID, rounds).label is Label.HIRE
    rounds[1] = a_round(CODE_A, 3.0, doubted=True)
    result = debrief(loop(), Level.MID, rounds)
    assert result.label is Label.BORDERLINE
    assert "independent" in result.reasons[0]


score = st.floats(1, 4).map(lambda x: round(x, 3))


@given(st.lists(score, min_size=5, max_size=5), st.integers(0, 4), score, st.sampled_from(list(Level)))
def test_a_better_round_never_makes_the_decision_worse(
    scores: list[float], at: int, better: float, level: Level
) -> None:
    before = outcome(list(scores), level)
    scores[at] = max(scores[at], better)
    assert ORDER.index(outcome(list(scores), level)) >= ORDER.index(before)


@given(st.lists(score, min_size=5, max_size=5), st.integers(0, 4))
def test_leaving_a_round_out_keeps_the_score_between_the_others(scores: list[float], at: int) -> None:
    gapped: list[float | None] = list(scores)
    gapped[at] = None
    result = debrief(loop(), Level.MID, [a_round(r, s) for r, s in zip(RoundId, gapped, strict=True)])
    rest = [s for i, s in enumerate(scores) if i != at]
    if result.score is not None:
        assert min(rest) - 1e-3 <= result.score <= max(rest) + 1e-3


def test_what_misses_a_bound_does_not_read_as_if_it_met_it() -> None:
    assert below(2.748, 2.75) == "2.74"
    assert below(2.061, 2.25) == "2.06"
    result = debrief(loop(), Level.MID, [a_round(r, 2.598) for r in RoundId])
    assert result.reasons[0] == "Loop 2.59 is below 2.60."


def test_a_loops_score_can_be_worked_out_by_hand_with_its_interval() -> None:
    result = debrief(loop(), Level.MID, [a_round(r, 3.0) for r in RoundId])
    assert (
        "0.10 × 3.00 + 0.22 × 3.00 + 0.20 × 3.00 + 0.28 × 3.00 + 0.20 × 3.00) / 1.00 = 3.00"
        in result.reasons[1]
    )
    assert "2.8 to 3.2" in result.reasons[1]


def test_no_event_with_a_contradiction_that_stayed_decides_the_loop() -> None:
    rounds = [a_round(r, 3.6) for r in RoundId]
    spec = DimensionResult(dimension="BH-SPEC", name="Specificity", weight=0.2, level=1, why="w")
    told = rounds[4].card.model_copy(update={"dimensions": (spec,)})
    assert debrief(loop(), Level.MID, [*rounds[:4], LoopRound("s", told)]).label is Label.STRONG_HIRE
    noted = told.model_copy(update={"held": ("contradicts-itself",)})
    assert debrief(loop(), Level.MID, [*rounds[:4], LoopRound("s", noted)]).label is Label.NO_HIRE
    assert CONTRADICTED in {c.id for c in real_bank().rubric(STORY).caps}
