"""Spaced repetition of what was missed: which points are due, and when each comes back.

A point enters once a scorecard says that it was missed, partly shown or said wrongly; from then on FSRS (the `fsrs`
package) decides when it is due. Does not know a page; the store only keeps rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.content import Question
from bot.domain.judgement import Status
from bot.domain.scorecard import Scorecard
from bot.store.drills import DrillRow

Grade = Literal["again", "hard", "good", "easy"]
GRADES: tuple[Grade, ...] = ("again", "hard", "good", "easy")
MOST = 12
"""Points in one sitting."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to recall. `cue` is what the interviewer would ask, `answer` what a full answer says."""

    question: str
    checkpoint: str
    title: str
    opening: str
    cue: str
    answer: str
    due: datetime
    new: bool


def due_points(
    cards: Iterable[Scorecard], rows: Iterable[DrillRow], questions: Mapping[str, Question], now: datetime
) -> list[Point]:
    """What is due at `now`, longest overdue first, then points that were never repeated."""
    known = {(row.question, row.checkpoint): datetime.fromisoformat(row.due) for row in rows}
    found: dict[tuple[str, str], Point] = {}
    for card in cards:
        for result in card.checkpoints:
            key = (result.question, result.checkpoint)
            if result.kind == "must" and result.status is not Status.COVERED and key not in found:
                point = _point(key, known.get(key), questions, now)
                if point is not None:
                    found[key] = point
    return sorted((p for p in found.values() if p.due <= now), key=lambda p: (p.new, p.due))


def _point(
    key: tuple[str, str], due: datetime | None, questions: Mapping[str, Question], now: datetime
) -> Point | None:
    question = questions.get(key[0])
    checkpoint = next((c for c in question.checkpoints if c.id == key[1]), None) if question else None
    if question is None or checkpoint is None:
        return None  # the bank moved on; nothing to ask any more
    return Point(
        question=question.id,
        checkpoint=checkpoint.id,
        title=question.title,
        opening=question.opening,
        cue=checkpoint.probe,
        answer=checkpoint.statement,
        due=due or now,
        new=due is None,
    )


def graded(row: DrillRow | None, key: tuple[str, str], grade: Grade, now: datetime) -> DrillRow:
    """The point's row after it was recalled with this grade. Deterministic: the schedule is not jittered."""
    from fsrs import Card, Rating, Scheduler

    # One sitting a day: a point that was forgotten comes back tomorrow, not in ten minutes.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=365)
    card = Card.from_json(row.card) if row else Card(card_id=1, due=now)
    rating = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}[grade]
    after, _ = scheduler.review_card(card, rating, now)
    due = max(after.due, now + timedelta(hours=12))
    return DrillRow(key[0], key[1], due.isoformat(), after.to_json())
