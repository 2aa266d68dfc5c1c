"""The events of a session: an append-only log from which everything else is projected.

`Event` is the envelope that the store numbers and dates; its `body` is one of the frozen values below,
told apart by `type`. Bodies are written once and never changed; new fields get defaults so that old logs
stay readable.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from bot.domain.base import Value
from bot.domain.judgement import Judgement
from bot.domain.library import Citation
from bot.domain.moves import Move
from bot.domain.plan import Plan
from bot.domain.scorecard import Scorecard


class CallRecord(Value):
    """A record of one model call: enough to explain and to bill it, never the text of a secret."""

    prompt: str  # id of the prompt file
    prompt_hash: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False
    usd: float | None = None
    latency_s: float = 0.0
    attempts: int = 1
    finish: str = ""


class Started(Value):
    """The session exists. First event of every log."""

    type: Literal["started"] = "started"
    plan: Plan
    owner: str = ""
    title: str = ""
    app_version: str = ""


class CandidateSpoke(Value):
    """The candidate sent a message. `turn` numbers the utterances of both speakers from 1."""

    type: Literal["candidate_spoke"] = "candidate_spoke"
    turn: int
    text: str
    via: Literal["text", "button", "voice"] = "text"


class Judged(Value):
    """The answer of `turn` was judged (or could not be: the judgement's status says so)."""

    type: Literal["judged"] = "judged"
    turn: int
    judgement: Judgement
    calls: tuple[CallRecord, ...] = ()


class Decided(Value):
    """The policy chose a move in answer to `turn` (0 for the opening)."""

    type: Literal["decided"] = "decided"
    turn: int
    move: Move


class InterviewerSpoke(Value):
    """The interviewer said something. `source`: authored text, the model, or authored text after the
    model failed or was caught by the guard (`why_fallback`)."""

    type: Literal["interviewer_spoke"] = "interviewer_spoke"
    turn: int
    reply_to: int
    move: Move
    text: str
    source: Literal["authored", "model", "fallback"] = "authored"
    why_fallback: str = ""
    guard: tuple[str, ...] = ()
    stopped: bool = False
    citations: tuple[Citation, ...] = ()
    calls: tuple[CallRecord, ...] = ()


class WorkSaved(Value):
    """The workspace changed: code, own tests, notes or diagram. The newest one of a kind holds."""

    type: Literal["work_saved"] = "work_saved"
    what: Literal["code", "tests", "notes", "diagram"]
    question: str
    text: str


class CodeRan(Value):
    """Candidate code was run. `report` is `bot.coding.Report` as JSON."""

    type: Literal["code_ran"] = "code_ran"
    question: str
    source: str
    scope: Literal["visible", "all"]
    report: dict[str, Any]


class Paused(Value):
    """The clock stopped."""

    type: Literal["paused"] = "paused"


class Resumed(Value):
    """The clock runs again."""

    type: Literal["resumed"] = "resumed"


class Trouble(Value):
    """Something outside failed and the interview went on; `line` is what the page says, calmly."""

    type: Literal["trouble"] = "trouble"
    where: str
    kind: str
    line: str


class Billed(Value):
    """Model calls that were paid for a step which was never finished: abandoned, or failed as a whole."""

    type: Literal["billed"] = "billed"
    where: Literal["judge", "interviewer", "scorer"]
    calls: tuple[CallRecord, ...]


class FinishAsked(Value):
    """The candidate (or the clock) asked to end the round."""

    type: Literal["finish_asked"] = "finish_asked"
    by: Literal["candidate", "clock"] = "candidate"


class SelfAssessed(Value):
    """The candidate's own levels (1..4 by dimension), before the score was shown; empty when skipped."""

    type: Literal["self_assessed"] = "self_assessed"
    levels: dict[str, int] = {}


class Scored(Value):
    """An assessment of the round. There may be several; all are kept, `assessment` names each."""

    type: Literal["scored"] = "scored"
    assessment: str
    scorecard: Scorecard
    judgements: tuple[Judgement, ...] = ()  # those it is computed from, when they differ from the live ones
    calls: tuple[CallRecord, ...] = ()


class RescoreAsked(Value):
    """Somebody asked for another assessment by that judge, or what was asked for is begun again after a restart. It is
    open until an assessment is added, or a `Trouble` at "rescore" says why there is none."""

    type: Literal["rescore_asked"] = "rescore_asked"
    judge: str


class Ended(Value):
    """The round is over; no more turns."""

    type: Literal["ended"] = "ended"
    reason: Literal["finished", "time", "stopped"]


Body = Annotated[
    Started
    | CandidateSpoke
    | Judged
    | Decided
    | InterviewerSpoke
    | WorkSaved
    | CodeRan
    | Paused
    | Resumed
    | Trouble
    | Billed
    | FinishAsked
    | SelfAssessed
    | Scored
    | RescoreAsked
    | Ended,
    Field(discriminator="type"),
]

BODY: TypeAdapter[Body] = TypeAdapter(Body)


class Event(Value):
    """One line of the log. `seq` counts from 1 without gaps; `at` is UTC; `key` makes a send idempotent."""

    session: str
    seq: int = Field(ge=1)
    at: datetime
    key: str | None = None
    body: Body
