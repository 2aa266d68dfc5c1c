"""The authored words of a move, where they depend on what was said before."""

from __future__ import annotations

from bot.domain.base import Mode
from bot.domain.judgement import Intent
from bot.interview.material import material_for
from tests.interview.test_flow import PLANS, QUESTIONS, Interview, answer, asks


def repeated(interview: Interview) -> str:
    """What the interviewer says to "could you repeat that?"."""
    move = interview.say(asks(Intent.REPEAT))
    return material_for(move, interview.state, QUESTIONS).keep


def test_what_was_asked_last_is_repeated() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    question = QUESTIONS[interview.state.question]
    assert repeated(interview) == question.opening
    interview.say(answer(0))
    assert repeated(interview) == "Tell me about part 1?", "the probe, without the small talk before it"
    assert repeated(interview) == "Tell me about part 1?", "also after a repetition"
    interview.say(asks(Intent.HINT))
    assert repeated(interview) == question.hints[0].text
    interview.say(asks(Intent.SKIP))
    assert repeated(interview) == QUESTIONS[interview.state.question].opening


def test_a_models_own_question_is_repeated_without_what_it_took_up() -> None:
    from dataclasses import replace

    interview = Interview(PLANS[Mode.PRACTICE, 45])
    interview.say(answer(0))
    said = "So a key opens it. What does that cost with a million users?"
    last = interview.state.utterances[-1]
    interview.state.utterances[-1] = replace(last, text=said, source="model")
    assert repeated(interview) == "What does that cost with a million users?"
