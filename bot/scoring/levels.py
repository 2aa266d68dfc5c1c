"""The arithmetic of rubrics 3 and 4: credit by prompting, share to level, score to label. Numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.base import Level
from bot.domain.judgement import Prompting, Status
from bot.domain.scorecard import CheckpointResult, Label

CREDIT: dict[Prompting, float] = {
    "none": 1.0,
    "probe": 0.85,
    "hint1": 0.85,
    "hint2": 0.6,
    "hint3": 0.4,
    "hint4": 0.0,
    "hint5": 0.0,
}
"""What is left of a checkpoint's credit after that much help."""

PARTIAL = 0.5
"""Part of the credit that partial evidence earns."""

MIN_ASSESSED = 0.70
"""Weight of the dimensions that must be assessed for a round to have a score."""

HALF_INTERVAL = 0.5
"""Half the width of the printed interval: one interviewer's reliability of .44 and a standard deviation near 0.7 make a
standard error of measurement of .52 (rubrics 4)."""

MUST_SHARE: dict[Level, float] = {Level.JUNIOR: 0.45, Level.MID: 0.55, Level.SENIOR: 0.65, Level.STAFF: 0.75}
"""Share of the musts that each level needs for "hire" (rubrics 5)."""


BOUNDS = ((3.5, Label.STRONG_HIRE), (2.75, Label.HIRE), (2.0, Label.NO_HIRE))
"""Scores from which each label begins; below the last it is a strong no hire."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares of the musts from which levels 2, 3 and 4 begin (mid anchors)."""

    two: float = 0.25
    three: float = 0.55
    four: float = 0.80


MID = Thresholds()


def credit(status: Status, prompting: Prompting) -> float:
    """Credit 0..1 of one checkpoint: full evidence earns what the prompting leaves, partial evidence half of it."""
    if status is Status.COVERED:
        return CREDIT[prompting]
    return PARTIAL * CREDIT[prompting] if status is Status.PARTIAL else 0.0


def share(
    results: Iterable[CheckpointResult], confirmed_wrong: Iterable[tuple[str, str]] = ()
) -> float | None:
    """Credited weight over the weight of the musts, 0..1; None without a must.

    `confirmed_wrong`: (question, checkpoint) of musts whose false statement survived a probe; their weight is
    subtracted.
    """
    wrong = set(confirmed_wrong)
    musts = [r for r in results if r.kind == "must"]
    total = sum(r.weight for r in musts)
    if not musts or total <= 0:
        return None
    earned = sum(r.weight * r.credit for r in musts)
    lost = sum(r.weight for r in musts if (r.question, r.checkpoint) in wrong)
    return max(0.0, (earned - lost) / total)


def level_of(must_share: float, *, beyond: bool, thresholds: Thresholds = MID) -> int:
    """Level 1..4 of a share of the musts. `beyond`: a nice-to-have or a correct trade-off was shown too."""
    if must_share < thresholds.two - 1e-9:
        return 1
    if must_share < thresholds.three - 1e-9:
        return 2
    return 4 if must_share >= thresholds.four - 1e-9 and beyond else 3


def label_of(score: float) -> Label:
    """The committee's word for a score of 1..4."""
    for bound, label in BOUNDS:
        if score >= bound - 1e-9:
            return label
    return Label.STRONG_NO_HIRE


def interval(score: float) -> tuple[float, float]:
    """The printed interval around a score, inside 1..4."""
    return max(1.0, score - HALF_INTERVAL), min(4.0, score + HALF_INTERVAL)
