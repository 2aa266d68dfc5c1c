"""The plan of one session: which questions in which order, how long, which phases.

Everything the policy needs for the whole round is in this value, so that a change of the bank or of a
loop never changes a session that is under way.
"""

from __future__ import annotations

from pydantic import Field

from bot.domain.base import Level, Mode, RoundId, Value


class PlannedPhase(Value):
    """A phase with its time box in seconds from the start of the round."""

    id: str
    name: str
    kind: str
    starts_s: float
    ends_s: float
    announce: str
    dimensions: tuple[str, ...] = ()
    of: int | None = None  # index of the planned question that this phase belongs to; None: of all


class Plan(Value):
    """What was agreed at the start. `minutes` is the length of the round."""

    round: RoundId
    level: Level
    mode: Mode
    loop: str  # id of the loop file, e.g. "standard"
    loop_run: str = ""  # id that ties the sessions of one loop together; empty for a single round
    minutes: float = Field(gt=0)
    questions: tuple[str, ...] = Field(min_length=1)
    question_s: tuple[float, ...]  # time box of each question, seconds
    reserve: tuple[str, ...] = ()
    phases: tuple[PlannedPhase, ...]
    max_probes: int = 3
    max_hints: int = 5
    seed: int = 0
    rubric: str
    rubric_version: int
    bank: str = ""  # hash of the bank at the start
    greeting: str
    closing: str
