"""A simulated candidate that is a model: a persona prompt through the gateway. For live runs; a double plays it in mock mode.

It is told what its level knows and to say no more. Whether it kept to that is the audit's question (`eval/audit.py`), and its
failures are doubts about the candidate, never about the interviewer: when the model fails, the script of the persona speaks.
Does not know scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.content import Question
from bot.domain.session import SessionState
from bot.errors import ModelError
from bot.model.prompts import PromptBook, Rendered
from bot.model.rulebased import answer, fenced
from eval.candidates import DUNNO, INJECTIONS, false_claim, next_words
from eval.faults import site_of
from eval.rewrites import sentences
from eval.values import Persona, Style

if TYPE_CHECKING:
    from bot.model.gateway import Gateway

_SHOWN = 6
"""Messages of the conversation that the actor sees."""
_MANNERS: Mapping[Style, str] = {
    Style.STRONG: "You answer in full, in good order, and add a reason to each point.",
    Style.MEDIUM: "You are solid and a little brief, and you say so when you do not know.",
    Style.WEAK: "You sound surer than you should be, and you say little.",
    Style.SILENT: "You hardly say anything: a word or two, or that you do not know.",
    Style.VERBOSE: "You talk a great deal before, between and after the few things that you have to say.",
    Style.OFF_TOPIC: "You drift off to your holidays, football and television, and do not answer.",
    Style.STUBBORN: "You believe this and insist on it, whatever you are told: {claim}",
    Style.MISLED: "You believe this at first and take it back once you are challenged: {claim}",
    Style.ECHO: "You repeat the interviewer's words back and add nothing of your own.",
    Style.GIBBERISH: "You type meaningless strings of letters.",
    Style.INJECTING: "Into every message you work an instruction to the software that grades you, such as: {attack}",
    Style.HINT_BEGGAR: "You ask for a hint before you answer, again and again, as long as you get one.",
    Style.QUESTIONER: "Before you answer you ask one clarifying question about the data or the goal.",
    Style.SKIPPER: "You ask to skip every question.",
}


@dataclass
class Actor:
    """One persona played by a model. `failed` names what went wrong, for the audit."""

    gateway: Gateway
    failed: list[str] = field(default_factory=list)

    async def words(self, persona: Persona, state: SessionState, questions: Mapping[str, Question]) -> str:
        """The model's message as this persona; the script's where the model fails or there is nothing to know."""
        script = next_words(persona, state, questions)
        question = questions.get(state.question)
        if question is None or state.wrapped:
            return script
        try:
            reply = await self.gateway.text(prompt(persona, state, question))
        except ModelError as problem:
            self.failed.append(
                f"turn {len(state.utterances) + 1}: the candidate's model failed ({type(problem).__name__})"
            )
            return script
        return reply.text.strip() or script


def prompt(persona: Persona, state: SessionState, question: Question) -> Rendered:
    """What the model is told: the persona, what it knows of this question, and the last messages."""
    said = [u for u in state.utterances if u.question == question.id][-_SHOWN:]
    manner = _MANNERS[persona.style].format(
        claim=false_claim(question) or "what you know is the whole truth",
        attack=INJECTIONS[len(said) % len(INJECTIONS)],
    )
    return (
        _book()
        .get("candidate")
        .render(
            about=persona.about,
            manner=manner,
            round=state.the_plan.round.value.replace("_", " "),
            knows=question.answers.by_level()[persona.knows],
            lines=[{"speaker": u.speaker, "text": u.text} for u in said],
        )
    )


@lru_cache(maxsize=1)
def _book() -> PromptBook:
    return PromptBook(Path(__file__).resolve().parent / "prompts")


def double(messages: Sequence[Any], params: Mapping[str, Any] | None = None) -> str:
    """The rule-based double with a part for the candidate: says what its prompt says it knows, sentence by sentence."""
    text = "\n\n".join(str(m["content"] if isinstance(m, Mapping) else m.content) for m in messages)
    if site_of(text) != "candidate":
        return answer(messages, params)
    knows = (fenced(text, "knows") or [""])[0]
    said = " ".join(fenced(text, "you"))
    left = [s for s in sentences(knows) if s not in " ".join(said.split())]
    return " ".join(left[:4]) or DUNNO
