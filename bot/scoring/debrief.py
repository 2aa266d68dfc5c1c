"""Several rounds combined into one decision by a fixed table (rubrics 4), before any text is written.

Two of the table's rows are read so that a better round can never make the decision worse: a loop of 2.60 or more that
misses "hire" is borderline however high it is, and two strong-hire rounds make it borderline with at most one
strong-no-hire round beside them (docs/scoring.md). Pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.base import Level, RoundId
from bot.domain.content import Loop
from bot.domain.scorecard import Debrief, DimensionResult, Label, RoundSummary, Scorecard
from bot.scoring.levelling import below
from bot.scoring.levels import HALF_INTERVAL, MIN_ASSESSED

STRONG_HIRE, HIRE, BORDERLINE = 3.40, 2.85, 2.60
ROUND_HIRE, ROUND_NO_HIRE, ROUND_STRONG = 2.75, 2.00, 3.50
_EPS = 1e-9


CONTRADICTED = "contradicts-itself"
"""The behavioural rubric's cap for a fact that was probed and contradicts what was said before: the integrity note."""


@dataclass(frozen=True, slots=True)
class LoopRound:
    """One round of a loop. A card whose label is "borderline" is one that the independent second reader gave another
    label than its score has."""

    session: str
    card: Scorecard


def debrief(loop: Loop, level: Level, rounds: Sequence[LoopRound]) -> Debrief:
    """The decision on a loop. Of several sessions of one round the last counts."""
    newest: Mapping[RoundId, LoopRound] = {r.card.round: r for r in rounds}
    weights = loop.weights[level]
    scored = {k: r for k, r in newest.items() if r.card.score is not None and k in weights}
    weight = sum(weights[k] for k in scored)
    missing = [k for k in weights if k not in scored]
    reasons = [f"{k.label} has no score and counts neither for nor against." for k in missing]
    score: float | None = None
    label = Label.INSUFFICIENT
    half = 0.0
    if scored and weight >= MIN_ASSESSED - _EPS:
        score = sum(weights[k] * _score(r) for k, r in scored.items()) / weight
        half = HALF_INTERVAL * math.sqrt(sum(weights[k] ** 2 for k in scored)) / weight
        label, why = decide(score, level, scored)
        reasons = [*why, _summed(score, half, weights, scored), *reasons]
    else:
        reasons.insert(0, f"Rounds with {weight:.0%} of the loop's weight have a score; 70 % are needed.")
    reasons += [
        f"{k.label}: {r.card.meets}. {r.card.apart}".strip() for k, r in scored.items() if r.card.meets
    ]
    return Debrief(
        loop=loop.id,
        level=level,
        score=None if score is None else round(score, 4),
        low=None if score is None else round(max(1.0, score - half), 4),
        high=None if score is None else round(min(4.0, score + half), 4),
        label=label,
        rounds=tuple(_summary(newest[k]) for k in weights if k in newest),
        reasons=tuple(reasons),
        follow_up=_follow_up(scored) if label is Label.BORDERLINE else "",
        notice=f"{loop.notice} A single mock loop is not a prognosis.",
    )


def _summed(
    score: float, half: float, weights: Mapping[RoundId, float], rounds: Mapping[RoundId, LoopRound]
) -> str:
    """How the loop's score came about, as a sum that can be checked by hand, with its interval."""
    terms = " + ".join(f"{weights[k]:.2f} × {_score(r):.2f}" for k, r in rounds.items())
    weight = sum(weights[k] for k in rounds)
    names = ", ".join(k.label for k in rounds)
    low, high = max(1.0, score - half), min(4.0, score + half)
    return (
        f"The loop's score is the weighted mean of {names}: ({terms}) / {weight:.2f} = {score:.2f}, and one such loop "
        f"cannot tell closer than {low:.1f} to {high:.1f}."
    )


def decide(score: float, level: Level, rounds: Mapping[RoundId, LoopRound]) -> tuple[Label, list[str]]:
    """The label of a loop and the rules that gave it."""
    if knocked := knock_out(level, rounds):
        return Label.NO_HIRE, [knocked]
    label, why = _by_table(score, [_score(r) for r in rounds.values()])
    differing = [k for k, r in rounds.items() if r.card.label is Label.BORDERLINE]
    if len(differing) >= 2 and label is not Label.BORDERLINE:
        names = ", ".join(k.label for k in differing)
        return Label.BORDERLINE, [f"The second, independent reading gave other labels for {names}.", why]
    return label, [why]


def knock_out(level: Level, rounds: Mapping[RoundId, LoopRound]) -> str:
    """Why the loop is decided whatever the other rounds say; empty when it is not."""
    poor = {k for k, r in rounds.items() if _score(r) < ROUND_NO_HIRE - _EPS}
    if {RoundId.CODING_A, RoundId.CODING_B} <= poor:
        return "Strong no hire in both coding rounds."
    if RoundId.ML_SYSTEM_DESIGN in poor and level in (Level.SENIOR, Level.STAFF):
        return f"Strong no hire in system design at {level.value} level."
    behavioural = rounds.get(RoundId.BEHAVIORAL)
    if (
        behavioural is not None
        and CONTRADICTED in behavioural.card.held
        and _level(behavioural.card, "BH-SPEC") == 1
    ):
        return "No real event was told in the behavioural round, and there is a note on integrity."
    return ""


def _by_table(score: float, rounds: Sequence[float]) -> tuple[Label, str]:
    below_hire = sum(s < ROUND_HIRE - _EPS for s in rounds)
    poor = sum(s < ROUND_NO_HIRE - _EPS for s in rounds)
    strong = sum(s >= ROUND_STRONG - _EPS for s in rounds)
    if score >= STRONG_HIRE - _EPS and not below_hire:
        return Label.STRONG_HIRE, f"Loop {score:.2f} is at least 3.40 and no round is below 2.75."
    if score >= HIRE - _EPS and below_hire <= 1 and not poor:
        return (
            Label.HIRE,
            f"Loop {score:.2f} is at least 2.85 and at most one round is between 2.00 and 2.74.",
        )
    if score >= BORDERLINE - _EPS:
        return Label.BORDERLINE, f"Loop {score:.2f} is at least 2.60 and misses a condition of hire."
    if strong >= 2 and poor <= 1:
        return (
            Label.BORDERLINE,
            f"Loop {below(score, BORDERLINE)} is below 2.60, but {strong} rounds are strong hires.",
        )
    return Label.NO_HIRE, f"Loop {below(score, BORDERLINE)} is below 2.60."


def _follow_up(rounds: Mapping[RoundId, LoopRound]) -> str:
    weak: list[tuple[float, str, RoundId, DimensionResult]] = [
        (d.level, d.dimension, k, d)
        for k, r in rounds.items()
        for d in r.card.dimensions
        if d.level is not None
    ]
    if not weak:
        return ""
    _, _, round_id, dimension = min(weak, key=lambda w: w[:2])
    return f"One more round: {round_id.label}, on {dimension.name.lower()}. Aim: {dimension.next_anchor}"


def _summary(item: LoopRound) -> RoundSummary:
    card = item.card
    return RoundSummary(
        session=item.session, round=card.round, status=card.status, score=card.score, label=card.label
    )


def _score(item: LoopRound) -> float:
    assert item.card.score is not None, "only scored rounds are combined"
    return item.card.score


def _level(card: Scorecard, dimension: str) -> float | None:
    return next((d.level for d in card.dimensions if d.dimension == dimension), None)
