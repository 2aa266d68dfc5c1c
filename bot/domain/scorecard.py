"""The result of a round and of a loop: numbers that can be traced to quotes.

Values only; the arithmetic is in `bot/scoring/scorecard.py` and `bot/scoring/debrief.py`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.domain.base import Level, RoundId, Value
from bot.domain.judgement import JudgeInfo, Prompting, Quote, Status


class Label(StrEnum):
    """Verdict in a hiring committee's words."""

    STRONG_HIRE = "strong hire"
    HIRE = "hire"
    BORDERLINE = "borderline"
    NO_HIRE = "no hire"
    STRONG_NO_HIRE = "strong no hire"
    INSUFFICIENT = "insufficient evidence"


class CheckpointResult(Value):
    """What became of one checkpoint over the whole question. `credit` is 0..1 after prompting."""

    question: str
    checkpoint: str
    statement: str
    dimension: str
    kind: Literal["must", "nice"]
    weight: float
    status: Status
    asked: bool  # whether a probe or the question gave a chance to show it
    prompting: Prompting = "none"
    credit: float = Field(ge=0, le=1)
    quotes: tuple[Quote, ...] = ()
    why: str = ""


class CapApplied(Value):
    """A ceiling that held, and what it changed."""

    cap: str
    target: str
    at_most: float
    before: float
    why: str


class Evidence(Value):
    """One quote for or against a dimension, with the help that came before it."""

    quote: Quote
    about: str  # checkpoint id or behaviour
    prompting: Prompting = "none"
    positive: bool = True


class DimensionResult(Value):
    """The level of one dimension (1..4) or None for "not assessed", and how it came about."""

    dimension: str
    name: str
    weight: float
    level: float | None = Field(default=None, ge=1, le=4)
    share: float | None = None  # credited weight / weight of the musts
    why: str
    anchor: str = ""
    next_anchor: str = ""
    evidence: tuple[Evidence, ...] = ()
    confidence: Literal["low", "medium", "high"] = "medium"
    capped: tuple[CapApplied, ...] = ()


class StudyItem(Value):
    """Something to read for one miss, or for what could be better: article, section, exact passage."""

    about: str  # checkpoint statement or drill
    question: str
    checkpoint: str = ""
    article: str  # slug
    title: str
    section: str
    text: str
    start: int
    end: int
    score: float


class Drill(Value):
    """One next step, tied to a dimension and a turn."""

    text: str
    dimension: str
    turn: int | None = None


class Scorecard(Value):
    """The assessment of one round. `score` is None unless `status` is `scored`."""

    round: RoundId
    level: Level
    rubric: str
    rubric_version: int
    status: Literal["scored", "insufficient", "failed"]
    score: float | None = Field(default=None, ge=1, le=4)
    low: float | None = None
    high: float | None = None
    label: Label
    assessed_weight: float = Field(ge=0, le=1)
    dimensions: tuple[DimensionResult, ...]
    checkpoints: tuple[CheckpointResult, ...]
    caps: tuple[CapApplied, ...] = ()
    hints_used: int = 0
    meets: str = ""  # levelling in words: "meets mid, two dimensions short of senior: ..."
    apart: str = ""  # how label and levelling go together, in a sentence, where they seem not to
    verdict: str  # in a few sentences for people
    drills: tuple[Drill, ...] = ()
    study: tuple[StudyItem, ...] = ()
    judge: JudgeInfo
    unjudged_turns: tuple[int, ...] = ()
    unread: tuple[
        Literal["round", "committee"], ...
    ] = ()  # readings of the whole round that a model failed to give
    held: tuple[str, ...] = ()  # ids of the rubric's caps that held, also of those that changed nothing
    committee: Label | None = None  # the second reader's own label, where there was one
    notes: tuple[str, ...] = ()


class RoundSummary(Value):
    """One round inside a loop's debrief."""

    session: str
    round: RoundId
    status: str
    score: float | None
    label: Label


class Debrief(Value):
    """Several rounds combined by the mechanical rules of rubrics 4."""

    loop: str
    level: Level
    score: float | None
    low: float | None = None
    high: float | None = None
    label: Label
    rounds: tuple[RoundSummary, ...]
    reasons: tuple[str, ...]
    follow_up: str = ""
    notice: str = ""
