"""Judges a stored session anew: another judge, another model, another version of a rubric. The log is only read.

Every answer that was judged before is judged again with what was known at that moment; requests (a hint, a repeat) keep
their rule-made judgement. The result is the material of a new assessment beside the old ones; an answer that cannot be
judged now is reported as such and never becomes a number. Does not score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain import events as ev
from bot.domain.content import Question, Rubric
from bot.domain.events import CallRecord
from bot.domain.judgement import Intent, JudgeInfo, Judgement
from bot.domain.ports import Judge, JudgeRequest, Line
from bot.domain.session import SessionState, fold
from bot.errors import ModelError, ScoringError


@dataclass(frozen=True)
class Rejudged:
    """The fresh judgements, the state folded with them in place of the old ones, and the calls that they took."""

    judgements: tuple[Judgement, ...]
    state: SessionState
    calls: tuple[CallRecord, ...] = ()


async def rejudge(
    log: Sequence[ev.Event], judge: Judge, questions: Mapping[str, Question], rubric: Rubric
) -> Rejudged:
    """Judge every answer of a stored session again. The log stays as it is."""
    fresh: list[ev.Event] = []
    judgements: list[Judgement] = []
    calls: list[CallRecord] = []
    state = SessionState()
    for event in log:
        body = event.body
        if isinstance(body, ev.Scored):
            continue
        if isinstance(body, ev.Judged) and _was_an_answer(body.judgement, state, questions):
            judgement, made = await _again(judge, state, questions[state.question], rubric, body)
            judgements.append(judgement)
            calls += made
            event = event.model_copy(
                update={"body": ev.Judged(turn=body.turn, judgement=judgement, calls=made)}
            )
        fresh.append(event)
        state.apply(event)
    return Rejudged(tuple(judgements), fold(fresh), tuple(calls))


def request_at(state: SessionState, question: Question, rubric: Rubric, turn: int) -> JudgeRequest:
    """What the judge is asked about an answer, from the state at that moment."""
    lines = tuple(
        Line(u.turn, u.speaker, u.text)
        for u in state.utterances
        if u.question == question.id and u.turn <= turn
    )
    runs = [body for _, _, body in state.runs if body.question == question.id]
    return JudgeRequest(
        question=question,
        rubric=rubric,
        level=state.the_plan.level,
        lines=lines,
        turn=turn,
        code=state.code(question.id),
        code_facts=runs[-1].report if runs else None,
        notes=state.work.get(("notes", question.id), ""),
    )


def _was_an_answer(judgement: Judgement, state: SessionState, questions: Mapping[str, Question]) -> bool:
    """Whether there is something to judge: an answer, not a request that a rule recognised."""
    if state.question not in questions or judgement.turn != state.last_candidate_turn:
        return False
    by_rule = judgement.status == "insufficient" and judgement.intent not in (Intent.ANSWER, Intent.CLARIFY)
    return not by_rule


async def _again(
    judge: Judge, state: SessionState, question: Question, rubric: Rubric, before: ev.Judged
) -> tuple[Judgement, tuple[CallRecord, ...]]:
    request = request_at(state, question, rubric, before.turn)
    try:
        judged = await judge.judge(request)
    except (ModelError, ScoringError) as problem:
        info = JudgeInfo(name=judge.name, version="")
        why = type(problem).__name__
        failed = Judgement(question=question.id, turn=before.turn, status="failed", judge=info, why=why)
        return failed, tuple(request.paid)
    # what the candidate wanted was told by rule at the time and does not depend on who judges
    return judged.judgement.model_copy(update={"intent": before.judgement.intent}), judged.calls
