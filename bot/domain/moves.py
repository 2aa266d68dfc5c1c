"""What the interviewer may do next. Chosen by the pure policy, phrased by the interviewer."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.domain.base import Value


class MoveKind(StrEnum):
    """The interviewer's repertoire."""

    OPEN = "open"  # greet, announce the time box, ask the first question
    ASK = "ask"  # leave the current question and ask the next one
    CLARIFY = "clarify"  # answer a clarifying question from the question's facts
    PROBE = "probe"  # ask for a missing checkpoint
    CHALLENGE = "challenge"  # confront a claim of the candidate, or push a complete answer further
    HINT = "hint"  # the next step of the ladder
    REPEAT = "repeat"  # say the question again
    LISTEN = "listen"  # let the candidate work or think; say what the last run showed
    REDIRECT = "redirect"  # back to the question after an off-topic or empty message
    PHASE = "phase"  # cut to the next phase of a long question, on time
    WRAP = "wrap"  # the candidate's own questions
    CLOSE = "close"  # thank and end


Reason = Literal[
    "start",
    "covered",
    "missing",
    "contradicted",
    "further",
    "stuck",
    "asked",
    "time",
    "skipped",
    "done",
    "off_topic",
    "twist",
    "stop",
    "exhausted",
    "working",
    "waiting",
    "confused",
    "measured",
]


class Move(Value):
    """One decision. Only the fields that the kind needs are set."""

    kind: MoveKind
    reason: Reason
    question: str = ""  # the question that the move is about (for ASK: the new one)
    checkpoint: str = ""  # PROBE; CHALLENGE of a contradiction
    contra: int | None = None  # CHALLENGE: which contra pattern
    challenge: int | None = (
        None  # CHALLENGE: which of the question's challenges (further), None for a contradiction
    )
    hint: int | None = Field(default=None, ge=1, le=5)  # HINT
    helps: tuple[str, ...] = ()  # HINT: checkpoints whose credit falls (empty: all still open)
    fact: int | None = None  # CLARIFY: index into facts; None when the question has no such fact
    phase: str = ""  # the phase that holds once the move is made
