"""The seams that have two real implementations, and the values that cross them.

`Judge`: offline or model (`bot/scoring`). `Interviewer`: authored or model (`bot/interview`). The session
service knows only these. Nothing here knows a provider, a database or a page.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.domain.base import Level, Mode, RoundId
from bot.domain.content import Question, Rubric
from bot.domain.events import CallRecord
from bot.domain.judgement import Judgement
from bot.domain.library import Citation
from bot.domain.moves import Move


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance as a judge or an interviewer sees it."""

    turn: int
    speaker: Literal["interviewer", "candidate"]
    text: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What the model calls of a session have used so far, and those since the candidate's last message: from the
    log, so that caps hold across restarts."""

    tokens: int = 0
    usd: float = 0.0
    turn_tokens: int = 0
    turn_usd: float = 0.0
    turn_calls: int = 0


NOTHING_SPENT = Spent()


@dataclass(frozen=True, slots=True)
class JudgeRequest:
    """One answer to judge: the candidate's utterance `turn`, with the lines of this question so far (the
    last line is that utterance). `code_facts` is what executing the code showed, as plain JSON values. The judge
    adds each model call to `paid` as it is made, also those that came to nothing."""

    question: Question
    rubric: Rubric
    level: Level
    lines: tuple[Line, ...]
    turn: int
    code: str = ""
    code_facts: Mapping[str, object] | None = None
    notes: str = ""
    spent: Spent = NOTHING_SPENT
    paid: list[CallRecord] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement with the model calls that it took (none offline)."""

    judgement: Judgement
    calls: tuple[CallRecord, ...] = ()


class Judge(Protocol):
    """Says what an answer contains. Never raises for a bad answer; raises `ScoringError` or `ModelError`
    when it could not judge."""

    @property
    def name(self) -> str:
        """Shown beside every score, e.g. `offline` or the model's name."""
        ...

    async def judge(self, request: JudgeRequest) -> Judged:
        """Verdicts with verified quotes for every checkpoint of the question."""
        ...


@dataclass(frozen=True, slots=True)
class Material:
    """All that the interviewer may know in order to make one move, and nothing else.

    `authored` is a complete utterance that can be spoken as it is (and is, without a model or when the model
    fails); `ask` is the point of it without the small talk before it (empty: all of it), which is what a model is told
    to put. `keep` is authored text that must be spoken word for word (a question's opening, a phase
    announcement), empty when phrasing is free. `secret` feeds the output guard only, never a prompt: texts whose
    phrases must not be spoken (reference answers, checkpoint statements, later hints).
    """

    move: Move
    authored: str
    keep: str = ""
    ask: str = ""
    secret: tuple[str, ...] = ()
    passage: Citation | None = None
    claim: str = ""  # the candidate's own words that a challenge or probe refers to


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the conversation stands, bounded: what the interviewer's prompt may carry besides the material. The
    interviewer adds each model call to `paid` as it is made, so that one who is cut short is billed all the same."""

    round: RoundId
    level: Level
    mode: Mode
    loop: str
    question_title: str
    question_opening: str
    lines: tuple[Line, ...]  # the last turns, oldest first
    notes: tuple[str, ...] = ()  # running notes: one short line per earlier question or turn
    code: str = ""
    code_facts: Mapping[str, object] | None = None
    diagram: str = ""
    minutes_left: float = 0.0
    phase: str = ""
    spent: Spent = NOTHING_SPENT
    paid: list[CallRecord] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Delta:
    """Some more words of the utterance under way."""

    text: str


@dataclass(frozen=True, slots=True)
class Restart:
    """What was shown of this utterance is withdrawn (guard or cut stream); new words follow."""

    why: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """The finished utterance. Always the last item of the stream."""

    text: str
    source: Literal["authored", "model", "fallback"]
    why_fallback: str = ""
    guard: tuple[str, ...] = ()
    calls: tuple[CallRecord, ...] = ()
    citations: tuple[Citation, ...] = ()
    trouble: str = ""  # kind of outage, when the provider failed


class Interviewer(Protocol):
    """Phrases one move as a stream that always ends with `Spoken`: a provider's failure ends in authored text."""

    def phrase(self, material: Material, scene: Scene) -> AsyncGenerator[Delta | Restart | Spoken, None]:
        """The words for this move."""
        ...
