"""What the interviewer may know for one move, and nothing else; with authored words that can always be spoken.

This is where "an answer cannot leak from a prompt that it was never put in" is kept: `Material.keep`, `authored` and
`claim` may enter a prompt, `secret` never does. Does not know models.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.base import RoundId
from bot.domain.content import Question
from bot.domain.judgement import Intent
from bot.domain.library import Citation
from bot.domain.moves import Move, MoveKind
from bot.domain.plan import Plan, PlannedPhase
from bot.domain.ports import Material
from bot.domain.session import SessionState
from bot.interview.claims import claimed_growth, said
from bot.interview.guard import split_sentences
from bot.interview.intents import tone_of
from bot.interview.speech import KINDS, acknowledge, echo, say

Bank = Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said in a move: `ask` is the point of it, `lead` comes before it (`apart`: as a paragraph of its own), and
    `keep` must be kept word for word."""

    ask: str
    lead: str = ""
    keep: str = ""
    apart: bool = False

    @property
    def whole(self) -> str:
        """The complete utterance."""
        return ("\n\n" if self.apart else " ").join(filter(None, (self.lead, self.ask)))


def material_for(move: Move, state: SessionState, bank: Bank, passage: Citation | None = None) -> Material:
    """The material of a move. Raises KeyError when the move names a question that the bank does not have."""
    question = bank.get(move.question) if move.question else None
    words = _words(move, state, question)
    return Material(
        move=move,
        authored=words.whole,
        ask=words.ask,
        keep=words.keep,
        secret=_secrets(move, question) + _left_behind(move, state, bank),
        passage=passage if move.kind in (MoveKind.PROBE, MoveKind.CHALLENGE) else None,
        claim=_claim(move, state),
    )


def _words(move: Move, state: SessionState, question: Question | None) -> _Words:
    plan = state.the_plan
    if move.kind is MoveKind.WRAP:
        wrap = _phase_of(plan, move.phase).announce
        return _Words(wrap, lead=_leave(move, state), keep=wrap)
    if move.kind is MoveKind.CLOSE:
        return _Words(plan.closing, lead=_last_word(state), keep=plan.closing)
    if question is None:
        raise KeyError(move.question)
    return _question_words(move, state, question, plan)


def _question_words(move: Move, state: SessionState, question: Question, plan: Plan) -> _Words:
    match move.kind:
        case MoveKind.OPEN:
            return _Words(question.opening, lead=_greeting(plan), keep=question.opening, apart=True)
        case MoveKind.ASK:
            lead = f"{_leave(move, state)} {say('next', state)}"
            return _Words(question.opening, lead=lead, keep=question.opening, apart=True)
        case MoveKind.PROBE:
            return _Words(question.checkpoint(move.checkpoint).probe, lead=_before_probe(state))
        case MoveKind.HINT:
            text = question.hints[(move.hint or 1) - 1].text
            return _Words(text, lead=_before_hint(move, state), keep=text)
        case MoveKind.CHALLENGE:
            return _Words(_challenge(move, question, state), lead=_before_challenge(move, state))
        case MoveKind.LISTEN:
            return _Words(_listen(move, state))
        case MoveKind.CLARIFY:
            if move.fact is None:
                return _Words(say(_no_fact(_said(state), plan.round), state))
            return _Words(question.facts[move.fact].answer, keep=question.facts[move.fact].answer)
        case MoveKind.REPEAT:
            asked = _asked_last(state, question)
            return _Words(
                asked, lead=say("unclear" if move.reason == "confused" else "again", state), keep=asked
            )
        case MoveKind.REDIRECT:
            return _Words(say(_redirect(move, state), state))
        case MoveKind.PHASE:
            announce = _phase_of(plan, move.phase).announce
            lead = say("leave_time", state) if move.reason == "time" else acknowledge(state)
            return _Words(announce, lead=lead, keep=announce)
    raise KeyError(move.kind)


def _said(state: SessionState) -> str:
    """The candidate's last message."""
    return state.utterance(state.last_candidate_turn).text if state.last_candidate_turn else ""


def _intent(state: SessionState) -> Intent:
    return state.last_judgement.intent if state.last_judgement else Intent.ANSWER


def _leave(move: Move, state: SessionState) -> str:
    """Why we leave a topic. "Covered" is said of the topic, not of the answer."""
    if move.reason == "skipped" and "back to" in _said(state).lower():
        return say("leave_later", state)
    kind = f"leave_{move.reason}"
    return say(kind if kind in KINDS else "leave_exhausted", state)


def _before_probe(state: SessionState) -> str:
    """An acknowledgement; to somebody who had no answer, that it will be tried from another side."""
    if _intent(state) is Intent.DONT_KNOW:
        return f"{say('unknown', state)} {say('from_elsewhere', state)}"
    return acknowledge(state) if _intent(state) is Intent.ANSWER else say("from_elsewhere", state)


def _before_hint(move: Move, state: SessionState) -> str:
    if move.reason != "stuck":
        return say("hint_asked", state)
    nudge = say("hint_stuck", state)
    return f"{say('unknown', state)} {nudge}" if _intent(state) is Intent.DONT_KNOW else nudge


def _before_challenge(move: Move, state: SessionState) -> str:
    if move.reason == "measured":
        return ""
    if move.reason == "twist":
        return say("shift", state)
    if move.challenge is not None:
        return say("push", state)
    words = echo(_claim(move, state))
    return say("stay_with", state, words) if words else say("stay", state)


def _last_word(state: SessionState) -> str:
    """To somebody who asked something at the end: we have no team that could be told about."""
    return say("no_team", state) if state.wrapped and "?" in _said(state) else ""


_ASKING = frozenset(
    {MoveKind.OPEN, MoveKind.ASK, MoveKind.PROBE, MoveKind.CHALLENGE, MoveKind.HINT, MoveKind.PHASE}
)
_OPENING = frozenset({MoveKind.OPEN, MoveKind.ASK})
_WHOLE = re.compile(r"\b(whole|original|first|main|initial|full|task|problem|scenario)\b", re.IGNORECASE)


def _asked_last(state: SessionState, question: Question) -> str:
    """What the interviewer last asked on this question: its opening, or a follow-up since then; in a model's words if
    it was a model that asked, without the sentence that took up what the candidate had said before."""
    asking = (u for u in reversed(state.utterances) if u.move is not None and u.move.kind in _ASKING)
    last = next(asking, None)
    move = last.move if last is not None else None
    if last is None or move is None or move.kind in _OPENING or _WHOLE.search(_said(state)):
        return question.opening
    if last.source != "model" or move.kind not in (MoveKind.PROBE, MoveKind.CHALLENGE):
        return _words(move, state, question).ask
    sentences = split_sentences(last.text)
    return "".join(sentences[1:] if len(sentences) > 1 else sentences).strip()


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
    if not isinstance(growth, dict) or not isinstance(factor, int | float):
        return "I timed your version on growing inputs. What growth would you expect to see, and why?"
    claim = claimed_growth(said(state, state.question))
    lead = f"You said {claim}. I" if claim not in (None, *(growth.get("plausible") or ())) else "I"
    if growth.get("plausible") == ["2^n"]:
        seen = "every further element multiplies the time instead of adding to it"
    else:
        seen = f"when the input doubles, the time grows about {_fold(factor)}"
    return f"{lead} timed your version on growing inputs: {seen}. How does that fit with the cost you had in mind?"


def _fold(factor: float) -> str:
    whole = {2: "twofold", 4: "fourfold", 8: "eightfold"}
    near = next((n for n in whole if abs(factor - n) <= 0.12 * n), 0)
    return f"{whole[near]} ({factor:.1f} times)" if near else f"{factor:.1f}-fold"


def _listen(move: Move, state: SessionState) -> str:
    """Few words while the candidate works or thinks; what the last run showed, when there was one."""
    if move.reason == "waiting":
        last = state.utterances[-2].move if len(state.utterances) > 1 else None
        return say("wait_longer" if last is not None and last.reason == "waiting" else "wait", state)
    run = state.last_run()
    cases = run.report.get("visible") if run is not None else None
    if not isinstance(cases, list) or not cases:
        return say("go_on", state)
    passed = sum(isinstance(c, dict) and c.get("verdict") == "accepted" for c in cases)
    if passed == len(cases):
        return "I see the samples pass. Carry on, and say when you believe in it."
    return f"In your last run {passed} of {len(cases)} samples passed. What do you make of that?"


_QUANTITY = re.compile(
    r"\b(how (many|much|often|long|large|big|fast|frequent\w*|old)|what('?s| is) the (size|number|budget|rate|latency|volume|"
    r"share|throughput|traffic|scale|range)|size|budget|latency|traffic|volume|percentage|per (day|second|user|month))\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(can|may|could|should|shall|do) (i|we)\b|\bam i allowed\b|\bis it (ok|okay|fine|allowed)\b"
    r"|\bdo you want me\b|\bwould you like me\b",
    re.IGNORECASE,
)
_GUIDANCE = re.compile(
    r"\b(example|looking for|expect|where (should|do|shall) i (start|begin)|want (from me|to hear|me)|are you after)\b",
    re.IGNORECASE,
)


_ABOUT_US = re.compile(
    r"\b(your|the) (team|company|culture|office|salary|manager)\b|\bwork from home\b|\bdo you like\b",
    re.IGNORECASE,
)


def _no_fact(asked: str, round_id: RoundId) -> str:
    """How to answer a question of the candidate that no authored fact answers."""
    if _ABOUT_US.search(asked):
        return "at_the_end"
    if round_id is RoundId.BEHAVIORAL:
        return "fact_story"
    if _GUIDANCE.search(asked):
        return "fact_open"
    if _QUANTITY.search(asked):
        return "fact_number"
    return "fact_yours" if _CHOICE.search(asked) else "fact_other"


_ON_TONE = {
    "orders": "no_orders",
    "answer": "no_answer",
    "mark": "no_mark",
    "opinion": "opinion",
    "rude": "rude",
    "language": "english",
}


def _redirect(move: Move, state: SessionState) -> str:
    if move.reason == "asked":
        return "no_hints" if state.the_plan.mode.value == "real" else "no_more_hints"
    return _ON_TONE.get(tone_of(_said(state)), "off_topic")


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
