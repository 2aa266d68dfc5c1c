"""Progress claims no more than the sessions show."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.base import Level, RoundId
from bot.domain.judgement import Status
from bot.review import progress
from bot.review.progress import Scored
from tests.review.conftest import NOW, Held


def sessions(held: Held, *shifts: float) -> list[Scored]:
    card = held.report.scorecard
    assert card is not None
    assert card.score is not None
    found = []
    for n, shift in enumerate(shifts):
        dims = tuple(
            d.model_copy(update={"level": min(4.0, max(1.0, d.level + shift))}) if d.level is not None else d
            for d in card.dimensions
        )
        moved = card.model_copy(update={"dimensions": dims, "score": min(4.0, card.score + shift)})
        found.append(Scored(f"s{n}", "Phone screen, mid", NOW + timedelta(days=n), moved))
    return found


@given(st.integers(1, 60), st.floats(0, 1))
def test_the_interval_lies_in_0_to_1_and_narrows_with_more_points(points: int, share: float) -> None:
    low, high = progress.interval(share * points, points, points)
    wide = progress.interval(share * points, points, max(1, points // 4))
    assert 0 <= low <= high <= 1
    assert high - low <= wide[1] - wide[0] + 1e-9


def test_a_trend_has_a_point_a_session_and_its_range_holds_it(held: Held) -> None:
    for trend in progress.trends(sessions(held, 0, 0.2, 0.1)):
        assert len(trend.points) == 3
        assert all(p.low <= p.value <= p.high for p in trend.points)


def test_a_small_change_is_not_called_clear_and_equal_sessions_have_none(held: Held) -> None:
    assert not any(t.clear for t in progress.trends(sessions(held, 0, 0.1)))
    assert all(t.change == 0 for t in progress.trends(sessions(held, 0, 0, 0)))


def test_one_session_is_no_trend(held: Held) -> None:
    assert all(t.change == 0 and not t.clear for t in progress.trends(sessions(held, 0)))


def test_untouched_competencies_are_named_as_such(held: Held) -> None:
    bank = held.bank
    standings = progress.standings(sessions(held, 0), bank.questions, bank.competencies)
    assert len(standings) == len(bank.competencies) == 25
    touched = {c for q in held.report.questions for c in bank.questions[q].competencies}
    assert {s.id for s in standings if s.share is not None} == touched
    assert all(s.low <= s.share <= s.high for s in standings if s.share is not None)


def test_recurring_misses_count_sessions(held: Held) -> None:
    found = progress.recurring(sessions(held, 0, 0))
    card = held.report.scorecard
    assert card is not None
    musts = [c for c in card.checkpoints if c.kind == "must" and c.status is not Status.COVERED]
    assert {r.checkpoint for r in found} == {c.checkpoint for c in musts}
    assert all((r.times, r.of) == (2, 2) for r in found)
    assert progress.recurring(sessions(held, 0)) == ()


def test_comparison_leaves_out_what_was_not_assessed(held: Held) -> None:
    first, second = (s.card for s in sessions(held, 0, -0.5))
    rows = {c.name: c for c in progress.compare(first, second)}
    assert all(c.delta == -0.5 for c in rows.values() if c.delta is not None)
    assert any(c.delta is None for c in rows.values())


def test_a_change_is_told_between_sessions_of_one_round_and_level_only(held: Held) -> None:
    phone = sessions(held, 0, 0.3)
    card = phone[0].card
    coding = Scored("c", "Coding A", NOW, card.model_copy(update={"round": RoundId.CODING_A}))
    senior = Scored("d", "Phone screen, senior", NOW, card.model_copy(update={"level": Level.SENIOR}))
    unscored = Scored("e", "Behavioural", NOW, card.model_copy(update={"score": None}))
    assert progress.alike([phone[0], coding, senior, phone[1], unscored]) == phone
    assert progress.alike([]) == []
