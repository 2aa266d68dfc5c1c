"""What a judge says of one answer: verdicts with quotes, never a number.

Does not know who judged nor how verdicts become a score (`bot/scoring`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.domain.base import Value


class Status(StrEnum):
    """What the candidate did about one checkpoint, in one answer or over a question."""

    COVERED = "covered"
    PARTIAL = "partial"
    WRONG = "wrong"
    ABSENT = "absent"


class Intent(StrEnum):
    """What a candidate's message wants, where that can be told by rule."""

    ANSWER = "answer"
    HINT = "hint"
    REPEAT = "repeat"
    SKIP = "skip"
    STOP = "stop"
    DONT_KNOW = "dont_know"
    CLARIFY = "clarify"
    OFF_TOPIC = "off_topic"
    DONE = "done"
    SCORE_TALK = "score_talk"
    WAIT = "wait"  # "one moment", "okay", three dots
    CONFUSED = "confused"  # does not understand what was asked


Prompting = Literal["none", "probe", "hint1", "hint2", "hint3", "hint4", "hint5"]
"""How much help came before the evidence. Credit falls with it (rubrics 3)."""


class Quote(Value):
    """Words of the candidate. `turn` is the number of the candidate's utterance in the transcript, and
    `text` equals `utterance[start:end]`; code has verified both. At most 240 characters."""

    turn: int = Field(ge=1)
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    text: str = Field(min_length=1, max_length=240)


class Verdict(Value):
    """The finding about one checkpoint in one answer. Covered, partial and wrong carry at least one quote."""

    checkpoint: str
    status: Status
    quotes: tuple[Quote, ...] = ()
    why: str = ""
    contra: int | None = None  # index of the contra pattern that was said, when status is wrong


class Removed(Value):
    """A span of the answer that the judge must not read as evidence, and why (shown in the report)."""

    turn: int
    start: int
    end: int
    why: Literal[
        "instruction", "echo_question", "echo_interviewer", "pasted", "article", "repeated", "stuffing"
    ]


class JudgeInfo(Value):
    """Who judged, so that assessments can be told apart and compared."""

    name: str  # "offline" or the model's name
    version: str  # of the judge's code, or the prompt's hash
    runs: int = 1  # k of median-of-k
    spread: float = 0.0  # share of verdicts that changed between the runs


class Judgement(Value):
    """One answer, judged. When it could not be judged, `status` says so and there are no verdicts."""

    question: str
    turn: int
    status: Literal["scored", "insufficient", "failed"]
    verdicts: tuple[Verdict, ...] = ()
    intent: Intent = Intent.ANSWER
    flags: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    signals: dict[
        str, float
    ] = {}  # structure facts (STAR parts, sentences, first person), for holistic dimensions
    judge: JudgeInfo
    fact: int | None = None  # index of the question's fact that a clarifying question asks for
    why: str = ""

    def verdict(self, checkpoint: str) -> Verdict | None:
        """The verdict on that checkpoint, if the judge gave one."""
        return next((v for v in self.verdicts if v.checkpoint == checkpoint), None)
