"""What the interviewer may know for one move, and nothing else; with authored words that can always be spoken.

This is where "an answer cannot leak from a prompt that it was never put in" is kept: `Material.keep`, `authored` and
`claim` may enter a prompt, `secret` never does. Does not know models.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.content import Question
from bot.domain.library import Citation
from bot.domain.moves import Move, MoveKind
from bot.domain.plan import Plan, PlannedPhase
from bot.domain.ports import Material
from bot.domain.session import SessionState

Bank = Mapping[str, Question]

_LEAVE = {
    "covered": (
        "That is what I wanted to talk about here.",
        "Thanks, let us leave it there.",
        "All right.",
    ),
    "time": (
        "Let us park this one here, time is moving.",
        "I would like to stop you there to leave room for the rest.",
    ),
    "skipped": ("Sure, we can leave that one.", "No problem, let us move on."),
    "exhausted": ("Fine, let us move on.", "Let us leave it at that."),
    "done": ("All right, thank you.",),
}
"""Transitions by reason. None of them tells the mark: "covered" is said of the topic, not of the answer."""

_NEXT = ("Next one.", "Here is another one.", "Let me ask you about something else.", "On to the next.")


def material_for(move: Move, state: SessionState, bank: Bank, passage: Citation | None = None) -> Material:
    """The material of a move. Raises KeyError when the move names a question that the bank does not have."""
    question = bank.get(move.question) if move.question else None
    authored, keep = _words(move, state, question)
    return Material(
        move=move,
        authored=authored,
        keep=keep,
        secret=_secrets(move, question) + _left_behind(move, state, bank),
        passage=passage if move.kind in (MoveKind.PROBE, MoveKind.CHALLENGE) else None,
        claim=_claim(move, state),
    )


def _words(move: Move, state: SessionState, question: Question | None) -> tuple[str, str]:
    """(complete authored utterance, the part of it that must be kept word for word)."""
    plan = state.the_plan
    if move.kind is MoveKind.WRAP:
        wrap = next(p for p in plan.phases if p.id == move.phase)
        return f"{_pick(_LEAVE.get(move.reason, _LEAVE['exhausted']), state)} {wrap.announce}", wrap.announce
    if move.kind is MoveKind.CLOSE:
        return plan.closing, plan.closing
    if question is None:
        raise KeyError(move.question)
    return _question_words(move, state, question, plan)


def _question_words(move: Move, state: SessionState, question: Question, plan: Plan) -> tuple[str, str]:
    match move.kind:
        case MoveKind.OPEN:
            return f"{_greeting(plan)}\n\n{question.opening}", question.opening
        case MoveKind.ASK:
            leave = _pick(_LEAVE.get(move.reason, _LEAVE["exhausted"]), state)
            return f"{leave} {_pick(_NEXT, state)}\n\n{question.opening}", question.opening
        case MoveKind.PROBE:
            return question.checkpoint(move.checkpoint).probe, ""
        case MoveKind.HINT:
            text = question.hints[(move.hint or 1) - 1].text
            lead = "Let me give you a nudge. " if move.reason == "stuck" else "Sure. "
            return lead + text, text
        case MoveKind.CHALLENGE:
            return _challenge(move, question, state), ""
        case MoveKind.LISTEN:
            return _listen(state), ""
        case MoveKind.CLARIFY:
            if move.fact is None:
                return (
                    "I have no number for that. Make an assumption that seems reasonable to you, say it, and go on.",
                    "",
                )
            answer = question.facts[move.fact].answer
            return answer, answer
        case MoveKind.REPEAT:
            return f"Of course. {question.opening}", question.opening
        case MoveKind.REDIRECT:
            return _redirect(move, state), ""
        case MoveKind.PHASE:
            phase = _phase_of(plan, move.phase)
            return phase.announce, phase.announce
    raise KeyError(move.kind)


def _challenge(move: Move, question: Question, state: SessionState) -> str:
    if move.reason == "measured":
        return _growth(state)
    if move.reason == "twist" and question.twist is not None:
        return question.twist.text
    if move.challenge is not None:
        return question.challenges[move.challenge]
    return question.checkpoint(move.checkpoint).contra[move.contra or 0].challenge


def _growth(state: SessionState) -> str:
    """What the measurement showed, as a question; the class itself is for the candidate to name."""
    run = state.last_run()
    growth = run.report.get("growth") if run is not None else None
    factor = growth.get("doubling") if isinstance(growth, dict) else None
    if not isinstance(factor, int | float):
        return "I timed your version on growing inputs. What growth would you expect to see, and why?"
    return (
        f"I timed your version on growing inputs: when the input doubles, the time grows about {factor:.1f}-fold. "
        "How does that fit with the cost you had in mind?"
    )


def _listen(state: SessionState) -> str:
    """Few words while the candidate works; what the last run showed, when there was one."""
    run = state.last_run()
    cases = run.report.get("visible") if run is not None else None
    if not isinstance(cases, list) or not cases:
        return _pick(
            ("All right, go ahead.", "Fine, carry on; I am following.", "Go on, take your time."), state
        )
    passed = sum(isinstance(c, dict) and c.get("verdict") == "accepted" for c in cases)
    if passed == len(cases):
        return "I see the samples pass. Carry on, and say when you believe in it."
    return f"In your last run {passed} of {len(cases)} samples passed. What do you make of that?"


def _redirect(move: Move, state: SessionState) -> str:
    if move.reason != "asked":
        return (
            "I would like to stay with the question. I will not talk about scores or answers during the round; "
            "tell me how you would go about it, even if it is only a first thought."
        )
    if state.the_plan.mode.value == "real":
        return (
            "There are no hints in real mode. Say what you would try first, and we will take it from there."
        )
    return "I have given you all the hints I have for this one. Tell me what you make of them, or say skip to move on."


def _greeting(plan: Plan) -> str:
    planned = len(plan.questions)
    return plan.greeting.format(
        minutes=f"{plan.minutes:g}",
        questions=f"{planned} question{'s' if planned > 1 else ''}",
        level=plan.level.value,
    )


def _secrets(move: Move, question: Question | None) -> tuple[str, ...]:
    """Texts whose phrases must not be spoken now: answers, checkpoint statements, and hints not yet given."""
    if question is None:
        return ()
    given = move.hint or 0
    later = tuple(h.text for h in question.hints[given:])
    statements = tuple(c.statement for c in question.checkpoints)
    answers = (question.answers.level_3, question.answers.level_4)
    reference = (question.problem.reference,) if question.problem is not None else ()
    return statements + answers + later + reference


def _left_behind(move: Move, state: SessionState, bank: Bank) -> tuple[str, ...]:
    """The secrets of the question that a move leaves: the words that lead away from it must not answer it."""
    if move.kind not in (MoveKind.ASK, MoveKind.PHASE, MoveKind.WRAP, MoveKind.CLOSE):
        return ()
    left = bank.get(state.question)
    return () if left is None or left.id == move.question else _secrets(move, left)


def _claim(move: Move, state: SessionState) -> str:
    """The candidate's own words that a challenge is about."""
    if move.kind is not MoveKind.CHALLENGE or (current := state.current) is None:
        return ""
    found = current.progress.get(move.checkpoint)
    return found.quotes[0].text if found is not None and found.quotes else ""


def _phase_of(plan: Plan, phase_id: str) -> PlannedPhase:
    return next(p for p in plan.phases if p.id == phase_id)


def _pick(choices: tuple[str, ...], state: SessionState) -> str:
    """A choice that depends on the log only, so that a resumed session says the same."""
    return choices[(state.the_plan.seed + len(state.utterances)) % len(choices)]
