"""What the scorecard says to the person: one sentence, and exactly three next steps tied to what cost most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.base import RoundId
from bot.domain.content import Question
from bot.domain.judgement import Status
from bot.domain.scorecard import CheckpointResult, DimensionResult, Drill, Scorecard
from bot.domain.session import SessionState
from bot.model.prompts import clip

DRILLS = 3


def verdict(card: Scorecard) -> str:
    """The result in words: label, score and level, how they go together, what carried it and what cost most."""
    if card.status == "failed":
        return "The round could not be judged; nothing was counted. Score it again when the judge can be reached."
    if card.score is None:
        words = (
            f"Insufficient evidence: {card.assessed_weight:.0%} of the round's weight could be assessed, and a score "
            f"needs 70 %. This is not a fail."
        )
        if card.round is RoundId.BEHAVIORAL and card.judge.name == "offline":
            words += " Without a model only the form of stories is read; with one this session can be scored again."
        return words
    best, worst = _extremes(card)
    words = f"{card.label.value.capitalize()}: {card.score:.1f} of 4 ({card.low:.1f}-{card.high:.1f})"
    words += f" against mid-level anchors; {card.meets}." if card.meets else " against mid-level anchors."
    words += f" {card.apart}" if card.apart else ""
    if best is not None and worst is not None and best.level != worst.level:
        words += f" Strongest: {best.name}. Weakest: {worst.name}."
    return words


def sums(card: Scorecard) -> list[str]:
    """How the round's score comes about, as a sum that can be checked by hand, and what held it down; empty without one."""
    assessed = [d for d in card.dimensions if d.level is not None]
    if card.score is None or not assessed:
        return []
    weight = sum(d.weight for d in assessed)
    mean = sum(d.weight * (d.level or 0) for d in assessed) / weight
    terms = " + ".join(f"{d.weight:.2f} × {d.level:g}" for d in assessed)
    names = ", ".join(d.name for d in assessed)
    held = [
        f"Held at {c.at_most:g} (it would have been {c.before:.2f}): {c.why}"
        for c in card.caps
        if c.target == "round"
    ]
    return [f"Weighted mean of {names}: ({terms}) / {weight:.2f} = {mean:.2f}.", *held]


def drills(
    card: Scorecard,
    questions: Mapping[str, Question],
    turns: Mapping[str, int] | None = None,
    first: Sequence[Drill] = (),
) -> tuple[Drill, ...]:
    """Three next steps: `first`, then the most expensive misses, then the weakest dimensions' next anchors.

    `turns` (question -> the turn of its last answer) ties a miss to the place where it could have been said. Points from
    which no level comes (offline, those of a story) are offered as questions: a pattern that found nothing proves little.
    """
    where = turns or {}
    found = list(first[:DRILLS])
    misses = expensive_misses(card)[: DRILLS - len(found)]
    sure = {d.dimension for d in card.dimensions if d.share is not None or card.judge.name != "offline"}
    found += [_for_checkpoint(r, questions, where.get(r.question), sure=r.dimension in sure) for r in misses]
    open_dimensions = sorted(
        card.dimensions, key=lambda d: (d.level if d.level is not None else 2.5, -d.weight)
    )
    for dimension in open_dimensions:
        if len(found) == DRILLS:
            break
        found.append(_for_dimension(dimension, max(where.values(), default=None)))
    return tuple(found[:DRILLS])


_LEFT_OUT = {
    "instruction": "it speaks to the judge, or hands it a verdict",
    "echo_question": "it repeats the question",
    "echo_interviewer": "it repeats the interviewer",
    "pasted": "it is copied, encoded, or somebody else's talk",
    "article": "it stands word for word in one of the articles",
    "repeated": "it was said before",
    "stuffing": "it lists words and says nothing of them",
}
MOST_LEFT_OUT = 6


def left_out(state: SessionState) -> list[str]:
    """The stretches of the answers that no judge read as evidence, in the candidate's words, each with its reason."""
    spans = {
        (r.turn, r.start, r.end): r.why
        for q in state.questions.values()
        for judgement in q.judgements
        for r in judgement.removed
    }
    notes = []
    for turn, start, end in sorted(spans)[:MOST_LEFT_OUT]:
        words = " ".join(state.utterance(turn).text[start:end].split())
        why = _LEFT_OUT[spans[turn, start, end]]
        notes.append(f"Not read as evidence (turn {turn}): “{clip(words, 160)}”, for {why}.")
    if (more := len(spans) - MOST_LEFT_OUT) > 0:
        notes.append(f"Not read as evidence: {more} more such stretches.")
    return notes


def expensive_misses(card: Scorecard) -> list[CheckpointResult]:
    """Checkpoints by the score they cost, dearest first (musts only; full credit costs nothing)."""
    weights = {d.dimension: d.weight for d in card.dimensions}
    totals: dict[str, float] = {}
    for r in card.checkpoints:
        if r.kind == "must":
            totals[r.dimension] = totals.get(r.dimension, 0.0) + r.weight

    def cost(r: CheckpointResult) -> float:
        lost = 1 - r.credit + (1 if r.status is Status.WRONG else 0)
        return weights.get(r.dimension, 0.0) * lost * r.weight / totals[r.dimension]

    missed = [r for r in card.checkpoints if r.kind == "must" and r.credit < 1]
    return sorted(missed, key=lambda r: (-round(cost(r), 9), r.question, r.checkpoint))


def _for_checkpoint(
    result: CheckpointResult, questions: Mapping[str, Question], asked_at: int | None, *, sure: bool
) -> Drill:
    question = questions.get(result.question)
    title = f"“{question.title}”" if question else "this question"
    if result.status is Status.WRONG:
        text = f"Correct this in {title}: {result.statement} Say in two sentences why the opposite fails."
    elif result.status is Status.COVERED:
        text = f"Answer {title} again and say this before anybody asks: {result.statement}"
    elif not sure:
        text = f"Ask yourself whether {title} told this, and if not, add it: {result.statement}"
    elif result.status is Status.PARTIAL:
        text = f"Finish the thought in {title}: {result.statement}"
    else:
        text = f"Answer {title} again and include this point: {result.statement}"
    turn = result.quotes[0].turn if result.quotes else asked_at
    return Drill(text=text, dimension=result.dimension, turn=turn)


def _for_dimension(dimension: DimensionResult, last: int | None) -> Drill:
    if dimension.level is None:
        text = f"Practise {dimension.name} with somebody who listens: it could not be assessed here."
    elif dimension.level >= 4:
        text = (
            f"Keep {dimension.name} at this level under time pressure: give the same answer in half the time."
        )
    else:
        text = f"{dimension.name}, one level up: {dimension.next_anchor}"
    turn = dimension.evidence[0].quote.turn if dimension.evidence else last
    return Drill(text=text, dimension=dimension.dimension, turn=turn)


def _extremes(card: Scorecard) -> tuple[DimensionResult | None, DimensionResult | None]:
    known = [d for d in card.dimensions if d.level is not None]
    if not known:
        return None, None
    return max(known, key=lambda d: (d.level or 0, d.weight)), min(
        known, key=lambda d: (d.level or 0, -d.weight)
    )
