"""What goes into and comes out of the session service: requests, and typed updates of a turn.

Values only; who streams them is in `bot/interview/session.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bot.domain.base import Level, Mode, RoundId
from bot.domain.events import CallRecord, Trouble
from bot.domain.judgement import Judgement
from bot.domain.moves import Move
from bot.domain.ports import Delta, Restart
from bot.domain.scorecard import Scorecard
from bot.domain.session import SessionState


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a person chooses at the start. `minutes` None means the loop's full length."""

    round: RoundId
    level: Level = Level.MID
    mode: Mode = Mode.PRACTICE
    loop: str = "standard"
    minutes: float | None = None
    owner: str = ""
    seed: int | None = None
    questions: tuple[str, ...] = ()
    only: bool = False  # ask nothing but `questions` (to do one again)
    loop_run: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The candidate's message is committed; the page may clear its box."""

    turn: int
    text: str
    seq: int


@dataclass(frozen=True, slots=True)
class Thinking:
    """A step that may take a while began: judging, phrasing or scoring."""

    what: Literal["judge", "phrase", "score"]


@dataclass(frozen=True, slots=True)
class Said:
    """The interviewer's utterance is committed."""

    turn: int
    text: str
    move: Move
    source: str
    seq: int


@dataclass(frozen=True, slots=True)
class Notice:
    """One calm line about trouble outside; the interview goes on."""

    line: str


@dataclass(frozen=True, slots=True)
class Result:
    """The round is scored and the scorecard committed."""

    scorecard: Scorecard
    seq: int


@dataclass(frozen=True, slots=True)
class Closed:
    """The session has ended."""

    reason: str
    seq: int


Update: TypeAlias = Accepted | Thinking | Delta | Restart | Said | Notice | Result | Closed

Clock: TypeAlias = Callable[[], datetime]
"""Gives the current time, in UTC."""


@dataclass(frozen=True, slots=True)
class ScoredRound:
    """An assessment with the model calls that it took. `trouble`: readings of the whole round that failed; their
    place stays empty, and they can be tried again."""

    scorecard: Scorecard
    judgements: tuple[Judgement, ...] = ()
    calls: tuple[CallRecord, ...] = ()
    trouble: tuple[Trouble, ...] = ()


Scorer: TypeAlias = Callable[[SessionState], Awaitable[ScoredRound]]
"""Assesses a whole round from its state. Raises `ScoringError` or `ModelError` when it cannot."""
