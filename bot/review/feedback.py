"""What became of one question, from the state alone: covered, partly, missed. Shown in practice mode once the
interview has left the question. Does not score; the scorecard does (`bot/scoring`).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.content import Question
from bot.domain.judgement import Status
from bot.domain.session import QuestionState


@dataclass(frozen=True, slots=True)
class Feedback:
    """Checkpoint statements by what was shown. `judged` is False when no answer could be judged."""

    question: str
    title: str
    covered: tuple[str, ...]
    partial: tuple[str, ...]
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    hints: int
    judged: bool


def feedback(question: Question, progress: QuestionState) -> Feedback:
    """The musts of a question by their status; bonuses only when they were shown."""
    found: dict[Status, list[str]] = {status: [] for status in Status}
    for checkpoint in question.checkpoints:
        seen = progress.progress.get(checkpoint.id)
        status = seen.status if seen else Status.ABSENT
        if checkpoint.kind == "must" or status is Status.COVERED:
            found[status].append(checkpoint.statement)
    return Feedback(
        question=question.id,
        title=question.title,
        covered=tuple(found[Status.COVERED]),
        partial=tuple(found[Status.PARTIAL]),
        wrong=tuple(found[Status.WRONG]),
        missed=tuple(found[Status.ABSENT]),
        hints=progress.hints,
        judged=not progress.judgements or any(j.status != "failed" for j in progress.judgements),
    )
