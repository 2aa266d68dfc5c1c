"""Missed points come back at growing distances."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.judgement import Status
from bot.review import drills
from bot.store.drills import DrillRow, DrillStore
from tests.review.conftest import NOW, Held
from tests.support.database import unsafe_engine


def test_every_missed_must_is_due_once_and_nothing_else(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    due = drills.due_points([card, card], [], held.bank.questions, NOW)
    missed = {
        (c.question, c.checkpoint)
        for c in card.checkpoints
        if c.kind == "must" and c.status is not Status.COVERED
    }
    assert {(p.question, p.checkpoint) for p in due} == missed
    assert len(due) == len(missed)
    assert all(p.new for p in due)


def test_a_repeated_point_is_not_due_until_its_day(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    first = drills.due_points([card], [], held.bank.questions, NOW)[0]
    row = drills.graded(None, (first.question, first.checkpoint), "good", NOW)
    later = datetime.fromisoformat(row.due)
    assert later > NOW
    left = drills.due_points([card], [row], held.bank.questions, NOW)
    assert first.checkpoint not in {p.checkpoint for p in left if p.question == first.question}
    again = drills.due_points([card], [row], held.bank.questions, later)
    assert again[0].checkpoint == first.checkpoint, "what was repeated before comes first"


def test_distances_grow_when_it_goes_well_and_shrink_when_it_does_not() -> None:
    row, now, gaps = None, NOW, []
    for _ in range(4):
        row = drills.graded(row, ("q", "c"), "good", now)
        due = datetime.fromisoformat(row.due)
        gaps.append(due - now)
        now = due
    assert gaps == sorted(gaps)
    assert gaps[-1] > timedelta(days=7)
    forgotten = drills.graded(row, ("q", "c"), "again", now)
    assert datetime.fromisoformat(forgotten.due) - now < gaps[-1]
    by_grade = [datetime.fromisoformat(drills.graded(row, ("q", "c"), g, now).due) for g in drills.GRADES]
    assert by_grade == sorted(by_grade)


def test_points_of_questions_that_are_gone_are_left_out(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    assert drills.due_points([card], [], {}, NOW) == []


def test_rows_belong_to_one_person(tmp_path) -> None:  # type: ignore[no-untyped-def]
    engine = unsafe_engine(tmp_path / "d.db")
    store = DrillStore(engine)
    row = DrillRow("q", "c", NOW.isoformat(), "{}")
    store.put("ana", row)
    store.put("ana", row)
    assert (store.rows("ana"), store.rows("bo")) == ([row], [])
    assert (store.delete("bo"), store.delete("ana")) == (0, 1)
    engine.dispose()
