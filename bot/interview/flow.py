"""The policy: which move comes next. A pure function of the state, the questions and the clock.

Guarantees, held by tests: questions in the plan's order and each once; hints from 1 upwards without gaps, never in
real mode; a checkpoint is probed at most once; the round moves on in time and closes. Knows no words, no model,
no store: imports only the domain and what reads a claim out of text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.base import Mode
from bot.domain.content import Checkpoint, Question
from bot.domain.judgement import Intent, Status
from bot.domain.moves import Move, MoveKind, Reason
from bot.domain.plan import Plan, PlannedPhase
from bot.domain.problem import BIGS
from bot.domain.session import QuestionState, SessionState
from bot.interview.claims import claimed_growth, said

MOVE_ON_AT = 0.8
"""Share of a time box after which an answer without new evidence moves the interview on (rubrics 6)."""
PUSH_UNTIL = 0.7
"""Share of a question's box after which a complete answer is not pushed any further."""
OFFERED_HINTS = 3
"""How deep a hint the interviewer offers by itself; deeper ones must be asked for."""
MAX_REDIRECTS = 2
MAX_CHALLENGES = 2
MAX_WAITS, MAX_UNCLEAR = 2, 1
"""How often in a row the interviewer waits, or says a question again to somebody who is lost, before it helps."""
TWIST_AT = 0.5
"""Share of the round after which a system design's constraint changes."""

Bank = Mapping[str, Question]


def next_move(state: SessionState, bank: Bank, now: datetime) -> Move:
    """The interviewer's next move. `state.pending` must be `decide` (or `start` for the opening)."""
    plan = state.the_plan
    if not state.utterances:
        first = plan.questions[0]
        return Move(kind=MoveKind.OPEN, reason="start", question=first, phase=_first_phase(plan, first).id)
    elapsed = state.elapsed_s(now)
    if state.finish_asked:
        return _close("stop" if state.finish_by == "candidate" else "time", plan)
    if state.wrapped or elapsed >= plan.minutes * 60:
        return _close("done" if state.wrapped else "time", plan)
    intent = state.last_judgement.intent if state.last_judgement else Intent.ANSWER
    if intent is Intent.STOP:
        return _close("stop", plan)
    current = state.current
    if current is None or current.closed_s is not None:
        return _advance(state, elapsed, "exhausted")
    question = bank[current.id]
    asked = _answer_request(state, current, question, intent, elapsed)
    return asked or _react(state, current, question, intent, elapsed)


def time_box(plan: Plan, question: str) -> float:
    """Seconds planned for a question (a reserve question gets the mean)."""
    if question in plan.questions:
        return plan.question_s[plan.questions.index(question)]
    return sum(plan.question_s) / len(plan.question_s)


def work_ends_s(plan: Plan) -> float:
    """Second of the round at which questions end and the candidate's own questions begin."""
    wraps = [p.starts_s for p in plan.phases if p.kind == "wrap"]
    return wraps[0] if wraps else plan.minutes * 60


def open_checkpoints(current: QuestionState, question: Question) -> list[Checkpoint]:
    """The musts without full evidence: absent ones first, then partial, heavier before lighter."""
    still = [c for c in question.checkpoints if c.kind == "must" and not current.covered(c.id)]
    return sorted(still, key=lambda c: (c.id in current.progress, -c.weight))


def _answer_request(
    state: SessionState, current: QuestionState, question: Question, intent: Intent, elapsed: float
) -> Move | None:
    """The move that a request of the candidate calls for; None when the message is an answer."""
    match intent:
        case Intent.SKIP:
            return _advance(state, elapsed, "skipped")
        case Intent.REPEAT:
            return Move(kind=MoveKind.REPEAT, reason="asked", question=question.id)
        case Intent.CONFUSED if _in_a_row(state, "confused") < MAX_UNCLEAR:
            return Move(kind=MoveKind.REPEAT, reason="confused", question=question.id)
        case Intent.WAIT if _in_a_row(state, "waiting") < MAX_WAITS:
            return Move(kind=MoveKind.LISTEN, reason="waiting", question=question.id)
        case Intent.HINT:
            hint = _hint(state, current, question, "asked", deepest=state.the_plan.max_hints)
            return hint or Move(kind=MoveKind.REDIRECT, reason="asked", question=question.id)
        case Intent.CLARIFY:
            fact = state.last_judgement.fact if state.last_judgement else None
            return Move(kind=MoveKind.CLARIFY, reason="asked", question=question.id, fact=fact)
        case Intent.OFF_TOPIC | Intent.SCORE_TALK:
            if current.redirects < MAX_REDIRECTS:
                return Move(kind=MoveKind.REDIRECT, reason="off_topic", question=question.id)
            # who only asks how it goes is asked on; who is not here at all is asked something else
            return None if intent is Intent.SCORE_TALK else _advance(state, elapsed, "exhausted")
        case Intent.DONE:
            if (measured := _challenge_growth(state, current)) is not None:
                return measured
            return _next_phase(state, question, elapsed, "done") or _advance(state, elapsed, "done")
    return None


def _react(
    state: SessionState, current: QuestionState, question: Question, intent: Intent, elapsed: float
) -> Move:
    """The move after an answer (or after "I don't know")."""
    plan = state.the_plan
    spent, box = elapsed - current.opened_s, time_box(plan, question.id)
    if elapsed >= work_ends_s(plan) or spent >= box or (current.dry and spent >= MOVE_ON_AT * box):
        return _advance(state, elapsed, "time")
    if (late := _phase_overdue(state, current, question, elapsed)) is not None:
        return late
    if (twist := _twist(state, current, question, elapsed)) is not None:
        return twist
    if (challenge := _challenge_claim(current, question)) is not None:
        return challenge
    lost = intent in (Intent.DONT_KNOW, Intent.WAIT, Intent.CONFUSED)
    if _lets_work(state) and not lost:
        return Move(kind=MoveKind.LISTEN, reason="working", question=question.id)
    # who has said it all is not stuck, whatever the last push came to: no ladder that starts from the beginning
    if (lost or current.dry >= 2) and (open_checkpoints(current, question) or _lets_work(state)):
        hint = _hint(state, current, question, "stuck", deepest=OFFERED_HINTS)
        if hint is not None:
            return hint
        if current.dry >= 3:
            return _next_phase(state, question, elapsed, "exhausted") or _advance(state, elapsed, "exhausted")
    if (probe := _probe(state, current, question)) is not None:
        return probe
    if (onward := _next_phase(state, question, elapsed, "covered")) is not None:
        return onward
    push = len(current.pushed)
    may_push = spent < PUSH_UNTIL * box and not open_checkpoints(current, question)
    if may_push and push < _pushes(plan, question):
        return Move(kind=MoveKind.CHALLENGE, reason="further", question=question.id, challenge=push)
    return _advance(state, elapsed, "covered" if not open_checkpoints(current, question) else "exhausted")


def _in_a_row(state: SessionState, reason: Reason) -> int:
    """How many of the interviewer's last moves had this reason."""
    moves = [u.move for u in reversed(state.utterances) if u.move is not None]
    return next((n for n, move in enumerate(moves) if move.reason != reason), len(moves))


def _challenge_claim(current: QuestionState, question: Question) -> Move | None:
    if len(current.challenged) >= MAX_CHALLENGES:
        return None
    for checkpoint in question.checkpoints:
        found = current.progress.get(checkpoint.id)
        if found is None or found.status is not Status.WRONG or found.contra is None:
            continue
        if (checkpoint.id, found.contra) not in current.challenged and found.contra < len(checkpoint.contra):
            return Move(
                kind=MoveKind.CHALLENGE,
                reason="contradicted",
                question=question.id,
                checkpoint=checkpoint.id,
                contra=found.contra,
            )
    return None


def _challenge_growth(state: SessionState, current: QuestionState) -> Move | None:
    """Put a measured growth to the candidate, once, when it is beyond doubt that it is worse than asked, or another
    than they said."""
    run = state.last_run()
    growth = run.report.get("growth") if run is not None else None
    if not isinstance(growth, dict) or current.measured:
        return None
    required, plausible = growth.get("required"), growth.get("plausible") or ()
    if required not in BIGS or not plausible:
        return None
    worse = all(BIGS.index(big) > BIGS.index(required) for big in plausible)
    claim = claimed_growth(said(state, current.id))
    contradicted = bool(growth.get("certain")) and claim is not None and claim not in plausible
    if not worse and not contradicted:
        return None
    return Move(kind=MoveKind.CHALLENGE, reason="measured", question=current.id)


def _probe(state: SessionState, current: QuestionState, question: Question) -> Move | None:
    if len(current.probed) >= state.the_plan.max_probes:
        return None
    dimensions = _phase(state).dimensions if _in_work_phase(state) else ()
    for checkpoint in open_checkpoints(current, question):
        if checkpoint.id in current.probed or (dimensions and checkpoint.dimension not in dimensions):
            continue
        return Move(kind=MoveKind.PROBE, reason="missing", question=question.id, checkpoint=checkpoint.id)
    return None


def _hint(
    state: SessionState, current: QuestionState, question: Question, reason: Reason, *, deepest: int
) -> Move | None:
    number = current.hints + 1
    if state.the_plan.mode is Mode.REAL or number > min(
        deepest, len(question.hints), state.the_plan.max_hints
    ):
        return None
    helps = question.hints[number - 1].helps
    return Move(kind=MoveKind.HINT, reason=reason, question=question.id, hint=number, helps=helps)


def _twist(state: SessionState, current: QuestionState, question: Question, elapsed: float) -> Move | None:
    due = elapsed >= TWIST_AT * state.the_plan.minutes * 60
    if question.twist is None or current.twisted or not due:
        return None
    return Move(
        kind=MoveKind.CHALLENGE, reason="twist", question=question.id, checkpoint=question.twist.checkpoint
    )


def _pushes(plan: Plan, question: Question) -> int:
    """How often a complete answer is pushed further: once where more questions wait, else all there are."""
    return 1 if len(plan.questions) > 1 else len(question.challenges)


def _first_phase(plan: Plan, question: str) -> PlannedPhase:
    index = plan.questions.index(question) if question in plan.questions else None
    fitting = (p for p in plan.phases if p.kind in ("questions", "work") and p.of in (None, index))
    return next(fitting, plan.phases[0])


def _phase(state: SessionState) -> PlannedPhase:
    return next((p for p in state.the_plan.phases if p.id == state.phase), state.the_plan.phases[0])


def _in_work_phase(state: SessionState) -> bool:
    return _phase(state).kind == "work"


def _lets_work(state: SessionState) -> bool:
    """Whether this is a step for working in silence (writing code): the interviewer does not probe there."""
    phase = _phase(state)
    return phase.kind == "work" and not phase.dimensions


def _following_work_phase(state: SessionState, question: Question) -> PlannedPhase | None:
    """The next step of this question that is still worth taking: one without checkpoints of its own (writing code), or
    with some that are open. Asking for what was said already would be a repeat."""
    phases, current = state.the_plan.phases, _phase(state)
    after = [p for p in phases[phases.index(current) + 1 :] if p.kind == "work" and p.of == current.of]
    asked = state.questions[question.id]
    return next((p for p in after if not p.dimensions or _something_open(question, asked, p)), None)


def _something_open(question: Question, asked: QuestionState, phase: PlannedPhase) -> bool:
    """Whether a step has a must without full evidence (a nice-to-have, where it has no must)."""
    here = [c for c in question.checkpoints if c.dimension in phase.dimensions]
    weighty = [c for c in here if c.kind == "must"] or here
    return any(not asked.covered(c.id) for c in weighty)


def _next_phase(state: SessionState, question: Question, elapsed: float, reason: Reason) -> Move | None:
    following = _following_work_phase(state, question) if _in_work_phase(state) else None
    if following is None or elapsed >= work_ends_s(state.the_plan):
        return None
    return Move(kind=MoveKind.PHASE, reason=reason, question=state.question, phase=following.id)


def _phase_overdue(
    state: SessionState, current: QuestionState, question: Question, elapsed: float
) -> Move | None:
    """A work phase ends when its box is used up, or at 80 % of it after an answer without new evidence."""
    if not _in_work_phase(state):
        return None
    phase = _phase(state)
    share = (elapsed - phase.starts_s) / (phase.ends_s - phase.starts_s)
    if share >= 1 or (current.dry and share >= MOVE_ON_AT):
        return _next_phase(state, question, elapsed, "time")
    return None


def _advance(state: SessionState, elapsed: float, reason: Reason) -> Move:
    """The next question while there is time for one, else the candidate's own questions, else the end."""
    plan, ends = state.the_plan, work_ends_s(state.the_plan)
    planned = next((q for q in plan.questions if q not in state.questions), None)
    if planned is not None and ends - elapsed >= 0.4 * time_box(plan, planned):
        return _ask(plan, planned, reason)
    reserve = next((q for q in plan.reserve if q not in state.questions), None)
    if planned is None and reserve is not None and ends - elapsed >= time_box(plan, reserve):
        return _ask(plan, reserve, reason)
    wrap = next((p for p in plan.phases if p.kind == "wrap"), None)
    if wrap is not None and not state.wrapped:
        return Move(kind=MoveKind.WRAP, reason=reason, phase=wrap.id)
    return _close(reason, plan)


def _ask(plan: Plan, question: str, reason: Reason) -> Move:
    return Move(kind=MoveKind.ASK, reason=reason, question=question, phase=_first_phase(plan, question).id)


def _close(reason: Reason, plan: Plan) -> Move:
    return Move(kind=MoveKind.CLOSE, reason=reason, phase=plan.phases[-1].id)
