"""Progress over sessions: trends with their uncertainty, competencies, recurring misses, two sessions side by side.

Pure functions of scorecards and the bank; nothing is stored. Does not know a page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.base import RoundId
from bot.domain.content import Competency, Question
from bot.domain.judgement import Status
from bot.domain.scorecard import CheckpointResult, DimensionResult, Scorecard

Z80 = 1.2816
"""Normal quantile of an 80 % interval: wide enough to be honest, narrow enough to show a trend."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One assessed session."""

    session: str
    title: str
    at: datetime
    card: Scorecard


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A level at a time, with the range in which it lies."""

    session: str
    at: datetime
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The levels of one dimension over time, oldest first. `change` is the fitted change from first to last,
    `clear` says whether it is larger than its own uncertainty."""

    dimension: str
    name: str
    round: RoundId
    points: tuple[TrendPoint, ...]
    change: float
    clear: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One competency: the share of credited weight with an 80 % interval, None while it is untouched."""

    id: str
    name: str
    share: float | None
    low: float
    high: float
    points: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Recurring:
    """A checkpoint that was missed in several sessions."""

    question: str
    checkpoint: str
    statement: str
    times: int
    of: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One dimension in two sessions."""

    name: str
    first: float | None
    second: float | None

    @property
    def delta(self) -> float | None:
        """Second minus first; None when one of them was not assessed."""
        return None if self.first is None or self.second is None else round(self.second - self.first, 1)


def interval(credit: float, weight: float, points: int) -> tuple[float, float]:
    """An 80 % Agresti-Coull interval for a share of credited weight that rests on `points` checkpoints.

    Agresti and Coull (1998), The American Statistician 52(2); the weights only set the share, the number of
    checkpoints its precision.
    """
    share = credit / weight if weight else 0.0
    n = points + Z80**2
    centre = (share * points + Z80**2 / 2) / n
    half = Z80 * math.sqrt(max(0.0, centre * (1 - centre)) / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def overall(sessions: Sequence[Scored]) -> tuple[TrendPoint, ...]:
    """The score of every session that has one, with the range that its scorecard gives."""
    return tuple(
        TrendPoint(s.session, s.at, s.card.score, s.card.low or s.card.score, s.card.high or s.card.score)
        for s in sessions
        if s.card.score is not None
    )


def alike(sessions: Sequence[Scored]) -> list[Scored]:
    """The sessions with a score that can be compared with the newest of them: same round, same level."""
    known = [s for s in sessions if s.card.score is not None]
    return [s for s in known if (s.card.round, s.card.level) == (known[-1].card.round, known[-1].card.level)]


def trends(sessions: Sequence[Scored]) -> tuple[Trend, ...]:
    """One trend for each dimension that was assessed at least once, in the order of the newest session."""
    found: dict[str, tuple[str, RoundId, list[TrendPoint]]] = {}
    for s in sessions:
        for d in s.card.dimensions:
            if d.level is not None:
                entry = found.setdefault(d.dimension, (d.name, s.card.round, []))
                entry[2].append(_point(s, d, d.level))
    return tuple(
        Trend(key, name, round_id, tuple(points), *_change(points))
        for key, (name, round_id, points) in found.items()
    )


def _point(s: Scored, d: DimensionResult, level: float) -> TrendPoint:
    own = [c for c in s.card.checkpoints if c.dimension == d.dimension and c.kind == "must"]
    if own:
        low, high = interval(sum(c.credit * c.weight for c in own), sum(c.weight for c in own), len(own))
        half = 3 * (high - low) / 2
    else:
        half = {"low": 1.0, "medium": 0.6, "high": 0.3}[d.confidence]
    return TrendPoint(s.session, s.at, level, max(1.0, level - half), min(4.0, level + half))


def _change(points: Sequence[TrendPoint]) -> tuple[float, bool]:
    """Change along the least-squares line through the points (x = their order), and whether it is clear: larger than
    the 80 % half-width that the points' own ranges give it."""
    n = len(points)
    if n < 2:
        return 0.0, False
    middle = (n - 1) / 2
    spread = sum((i - middle) ** 2 for i in range(n))
    slope = sum((i - middle) * p.value for i, p in enumerate(points)) / spread
    half = math.sqrt(sum(((i - middle) / spread * (p.high - p.low) / 2) ** 2 for i, p in enumerate(points)))
    return round(slope * (n - 1), 2), abs(slope) > half


def standings(
    sessions: Sequence[Scored], questions: Mapping[str, Question], competencies: Mapping[str, Competency]
) -> tuple[Standing, ...]:
    """Every competency of the map, the untouched ones with `share` None."""
    results: dict[str, list[CheckpointResult]] = {key: [] for key in competencies}
    seen: dict[str, set[str]] = {key: set() for key in competencies}
    for s in sessions:
        for result in s.card.checkpoints:
            question = questions.get(result.question)
            for key in question.competencies if question else ():
                if key in results and result.kind == "must":
                    results[key].append(result)
                    seen[key].add(s.session)
    return tuple(_standing(competencies[key], results[key], len(seen[key])) for key in competencies)


def _standing(competency: Competency, results: Sequence[CheckpointResult], sessions: int) -> Standing:
    weight = sum(r.weight for r in results)
    if not weight:
        return Standing(competency.id, competency.name, None, 0.0, 1.0, 0, 0)
    credit = sum(r.credit * r.weight for r in results)
    low, high = interval(credit, weight, len(results))
    return Standing(competency.id, competency.name, credit / weight, low, high, len(results), sessions)


def recurring(sessions: Iterable[Scored], least: int = 2) -> tuple[Recurring, ...]:
    """Musts that were not covered in at least `least` sessions, the most frequent first."""
    asked: dict[tuple[str, str], list[CheckpointResult]] = {}
    for s in sessions:
        for result in s.card.checkpoints:
            if result.kind == "must":
                asked.setdefault((result.question, result.checkpoint), []).append(result)
    found = [
        Recurring(key[0], key[1], results[-1].statement, missed, len(results))
        for key, results in asked.items()
        if (missed := sum(r.status is not Status.COVERED for r in results)) >= least
    ]
    return tuple(sorted(found, key=lambda r: (-r.times, -r.times / r.of, r.statement)))


def compare(first: Scorecard, second: Scorecard) -> tuple[Compared, ...]:
    """Dimension by dimension; dimensions of only one of the two have None on the other side."""
    a = {d.dimension: d for d in first.dimensions}
    b = {d.dimension: d for d in second.dimensions}
    return tuple(
        Compared((b.get(key) or a[key]).name, _level(a.get(key)), _level(b.get(key)))
        for key in dict.fromkeys([*a, *b])
    )


def _level(d: DimensionResult | None) -> float | None:
    return d.level if d else None
