"""Maps a round that was scored against the mid anchors to the highest level whose bar it meets (rubrics 5)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.domain.base import Level
from bot.domain.judgement import Prompting, Status
from bot.domain.scorecard import CheckpointResult, DimensionResult
from bot.scoring.levels import MUST_SHARE

HIRE_SCORE: dict[Level, float] = {Level.JUNIOR: 2.25, Level.MID: 2.75, Level.SENIOR: 3.0, Level.STAFF: 3.25}
"""Round score (mid anchors) that each level asks for besides its share of the musts: the mid bar is the label's own;
the others are our choice, one quarter apart and half a level below for juniors."""

SOFT_SPOTS = 1
"""Dimensions that may be short of a level without the level being missed: one weak spot does not undo a round whose score
meets the bar; without this, a round could be a "hire" and "below junior" at once."""

_HELPED: tuple[Prompting, ...] = ("hint2", "hint3", "hint4", "hint5")


def meets(score: float, dimensions: Sequence[DimensionResult], results: Sequence[CheckpointResult]) -> str:
    """The levelling in words, e.g. "meets mid, 2 dimensions short of senior: Mechanism, Application"."""
    best, following = _met(score, dimensions, results)
    if following is None:
        return f"meets {Level.STAFF.value}"
    return _words(best, following, score, dimensions, results)


def apart(score: float, dimensions: Sequence[DimensionResult], results: Sequence[CheckpointResult]) -> str:
    """One sentence on how the label and the levelling go together, where they seem not to; empty where they do."""
    best, following = _met(score, dimensions, results)
    mid = score >= HIRE_SCORE[Level.MID] - 1e-9
    if best is Level.JUNIOR and not mid:
        return "Both hold: the label is against mid-level anchors, and for a junior less is asked."
    if following is None or best not in (None, Level.JUNIOR) or not mid:
        return ""
    wants = []
    if len(short_of(following, dimensions)) > SOFT_SPOTS:
        wants.append("enough of the must-have points in all dimensions but one")
    if too_much_help(following, results):
        wants.append("that little help was needed")
    return (
        "Both hold: the score is a mean, in which a strong dimension makes up for a weak one, while a level also asks for "
        f"{', and '.join(wants)}."
    )


def _met(
    score: float, dimensions: Sequence[DimensionResult], results: Sequence[CheckpointResult]
) -> tuple[Level | None, Level | None]:
    """The highest level whose bar is met, and the next one."""
    best: Level | None = None
    for level in Level:
        if not _meets(level, score, dimensions, results):
            return best, level
        best = level
    return best, None


def _meets(
    level: Level, score: float, dimensions: Sequence[DimensionResult], results: Sequence[CheckpointResult]
) -> bool:
    return (
        score >= HIRE_SCORE[level] - 1e-9
        and len(short_of(level, dimensions)) <= SOFT_SPOTS
        and not too_much_help(level, results)
    )


def short_of(level: Level, dimensions: Sequence[DimensionResult]) -> list[DimensionResult]:
    """The dimensions whose share of the musts is below the level's bar."""
    return [d for d in dimensions if d.share is not None and d.share < MUST_SHARE[level] - 1e-9]


def too_much_help(level: Level, results: Sequence[CheckpointResult]) -> str:
    """Why the prompting was more than the level allows, empty when it was not.

    Junior: hints of level 2 and deeper on at most half of the shown musts; mid: on at most two; senior: no such hint
    and probes on at most a third; staff: on at most a tenth.
    """
    shown = [r for r in results if r.kind == "must" and r.status in (Status.COVERED, Status.PARTIAL)]
    helped = sum(r.prompting in _HELPED for r in shown)
    prompted = sum(r.prompting != "none" for r in shown)
    if not shown:
        return ""
    limits = {
        Level.JUNIOR: (helped > len(shown) / 2, "second hints on more than half of the points"),
        Level.MID: (helped > 2, "second hints on more than two points"),
        Level.SENIOR: (
            helped > 0 or prompted > len(shown) / 3,
            "second hints, or probes on more than a third of the points",
        ),
        Level.STAFF: (
            helped > 0 or prompted > len(shown) / 10,
            "second hints, or probes on more than a tenth of the points",
        ),
    }
    over, why = limits[level]
    return why if over else ""


def below(score: float, bound: float) -> str:
    """A score under a bound with two decimals, cut where rounding would make 2.748 read as the 2.75 that it misses."""
    return f"{min(round(score, 2), math.ceil(bound * 100) / 100 - 0.01):.2f}"


def _words(
    best: Level | None,
    wanted: Level,
    score: float,
    dimensions: Sequence[DimensionResult],
    results: Sequence[CheckpointResult],
) -> str:
    start = f"meets {best.value}" if best else f"below {Level.JUNIOR.value}"
    short = short_of(wanted, dimensions)
    reasons = []
    if len(short) > SOFT_SPOTS:
        reasons.append(f"{len(short)} dimensions short of {wanted.value}: {', '.join(d.name for d in short)}")
    if help_ := too_much_help(wanted, results):
        reasons.append(f"too much help for {wanted.value}: {help_}")
    if not reasons:
        asked = HIRE_SCORE[wanted]
        reasons.append(f"{below(score, asked)} is under the {asked:.2f} that {wanted.value} asks for")
    return f"{start}, {'; '.join(reasons)}"
