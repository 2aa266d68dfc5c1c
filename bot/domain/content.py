"""What authors write: questions, rubrics, loops. One model each, validated at load.

Knows the shape of an item; does not know files, the judge or the interview. `Wording` strings are
matched by `bot/scoring/wordings.py`; their small language is described in docs/authoring.md.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from bot.domain.base import CompetencyId, DimensionId, Level, RoundId, Slug, Text, Value, misplaced
from bot.domain.problem import Problem

_NEGATIONS = frozenset({"not", "no", "never", "cannot", "without"})


def _matchable(wording: str) -> str:
    """A wording that can match something. Raises ValueError for a broken pattern and for one without a word."""
    if wording.startswith("re:"):
        try:
            re.compile(wording[3:].strip())
        except re.error as problem:
            raise ValueError(f"{wording!r} is not a regular expression: {problem}") from problem
    elif not set(re.findall(r"[^\W_]+", wording.lower())) - _NEGATIONS:
        raise ValueError(f"{wording!r} holds no word that could be matched")
    return wording


Wording = Annotated[Text, AfterValidator(_matchable)]
"""An accepted wording: words that must occur close together in one sentence, `|` between alternatives
of one word, or `re:` and a regular expression (for formulas)."""


class Fact(Value):
    """An answer the interviewer may give when the candidate asks for it (never volunteered)."""

    asks: tuple[Wording, ...] = Field(min_length=1)
    answer: Text


class Contra(Value):
    """A typical false statement, and how a good interviewer challenges it without giving the answer."""

    says: tuple[Wording, ...] = Field(min_length=1)
    challenge: Text


class Checkpoint(Value):
    """One small thing that a good answer contains. It is hit, partly hit, contradicted or absent.

    A hit needs one of `any_of` in an affirmed sentence and, when given, one of each group in `all_of`
    anywhere in the answer.
    """

    id: Slug
    statement: Text
    dimension: DimensionId
    kind: Literal["must", "nice"] = "must"
    weight: float = Field(default=1.0, gt=0, le=3)
    any_of: tuple[Wording, ...] = Field(min_length=1)
    all_of: tuple[tuple[Wording, ...], ...] = ()
    probe: Text
    contra: tuple[Contra, ...] = ()


class Hint(Value):
    """One step of the ladder. `helps` names the checkpoints whose credit falls once it was given
    (empty: all of the question that are still open)."""

    text: Text
    helps: tuple[Slug, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, data: object) -> object:
        return {"text": data} if isinstance(data, str) else data


class Estimate(Value):
    """A number that a system-design candidate is expected to work out, with the accepted range."""

    name: Text
    given: Text
    low: float
    high: float
    unit: Text
    worked: Text

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("low must not be above high")
        return self


class Twist(Value):
    """A constraint that changes in the middle of a system-design round."""

    text: Text
    listens_for: Text
    checkpoint: Slug


class Expectations(Value):
    """What each level is expected to reach on this item, in a sentence."""

    junior: Text
    mid: Text
    senior: Text
    staff: Text


class ReferenceAnswers(Value):
    """Four answers as real candidates speak, at rubric levels 1 (strong no hire) to 4 (strong hire)."""

    level_1: Text
    level_2: Text
    level_3: Text
    level_4: Text

    def by_level(self) -> dict[int, str]:
        """Level 1..4 -> text."""
        return {1: self.level_1, 2: self.level_2, 3: self.level_3, 4: self.level_4}


class Question(Value):
    """One item of the bank."""

    id: Slug
    version: int = Field(default=1, ge=1)
    round: RoundId
    title: Text
    minutes: float = Field(gt=0, le=45)
    levels: tuple[Level, ...] = tuple(Level)
    competencies: tuple[CompetencyId, ...] = Field(min_length=1)
    articles: tuple[Slug, ...] = Field(min_length=1)
    opening: Text
    facts: tuple[Fact, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = Field(min_length=5, max_length=12)
    hints: tuple[Hint, ...] = Field(min_length=5, max_length=5)
    challenges: tuple[Text, ...] = Field(min_length=1)
    expects: Expectations
    answers: ReferenceAnswers
    problem: Problem | None = None
    estimates: tuple[Estimate, ...] = ()
    twist: Twist | None = None

    @field_validator("checkpoints")
    @classmethod
    def _unique(cls, value: tuple[Checkpoint, ...]) -> tuple[Checkpoint, ...]:
        ids = [c.id for c in value]
        if len(set(ids)) != len(ids):
            raise ValueError(f"checkpoint ids must differ: {sorted({i for i in ids if ids.count(i) > 1})}")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = {c.id for c in self.checkpoints}
        for number, hint in enumerate(self.hints, 1):
            if unknown := set(hint.helps) - known:
                raise misplaced(
                    f"hint {number} helps unknown checkpoints {sorted(unknown)}", "hints", number - 1, "helps"
                )
        if self.twist and self.twist.checkpoint not in known:
            raise misplaced(
                f"the twist names an unknown checkpoint {self.twist.checkpoint!r}", "twist", "checkpoint"
            )
        if self.round.is_coding and self.problem is None:
            raise misplaced("a coding question needs a `problem` (see docs/problem-format.md)", "round")
        if not any(c.kind == "must" for c in self.checkpoints):
            raise misplaced("at least one checkpoint must be a must", "checkpoints")
        return self

    def checkpoint(self, checkpoint_id: str) -> Checkpoint:
        """The checkpoint of that id. Raises KeyError when there is none."""
        for checkpoint in self.checkpoints:
            if checkpoint.id == checkpoint_id:
                return checkpoint
        raise KeyError(checkpoint_id)


class Anchors(Value):
    """What was said or done at each level, for a mid-level candidate."""

    level_1: Text
    level_2: Text
    level_3: Text
    level_4: Text

    def at(self, level: int) -> str:
        """Anchor text of level 1..4."""
        return (self.level_1, self.level_2, self.level_3, self.level_4)[level - 1]


class Dimension(Value):
    """One row of a rubric.

    `evidence` says where its level comes from: `checkpoints` (share of credited weight), `holistic`
    (a judge reads the round against the anchors), `tests` (executed code), `structure` (form only).
    """

    id: DimensionId
    name: Text
    weight: float = Field(gt=0, le=1)
    evidence: Literal["checkpoints", "holistic", "tests", "structure"]
    anchors: Anchors
    asking_counts: bool = False  # a question of the candidate is evidence too (understanding, framing)
    running_counts: bool = False  # own cases that were run, and outputs predicted before, are evidence too


CapRule = Literal[
    "false_claims_survive",  # >= `count` contradicted musts that a probe or challenge did not mend
    "dimension_at_most",  # `dimension` is at or below `count`
    "base_not_solved",  # no complete solution of the base problem
    "hint_at_least",  # hint level `count` or deeper was given
    "worse_complexity",  # correct code at a worse complexity class than asked
    "done_while_samples_fail",  # declared done while visible samples fail
    "forbidden_used",  # a forbidden routine was used
    "timeout_on_valid_input",  # did not end on valid input
    "checkpoint_missing_after_probe",  # `checkpoint` still absent after a probe
    "checkpoint_wrong_after_probe",  # `checkpoint` contradicted and not mended
    "hypotheticals_only",  # no past event after two probes
    "recital",  # no constraint of the prompt used later
]


class Cap(Value):
    """A ceiling: when `rule` holds, `target` (a dimension, or `round`) is at most `at_most`."""

    id: Slug
    rule: CapRule
    target: DimensionId | Literal["round"]
    at_most: float = Field(ge=1, le=4)
    count: float = 1
    dimension: DimensionId | None = None
    checkpoint: Slug | None = None
    why: Text


class Rubric(Value):
    """The anchored scale of one round."""

    id: Slug
    version: int = Field(ge=1)
    round: RoundId
    dimensions: tuple[Dimension, ...] = Field(min_length=3, max_length=8)
    caps: tuple[Cap, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(d.weight for d in self.dimensions)
        if abs(total - 1) > 1e-6:
            raise misplaced(f"dimension weights add up to {total:g}, they must add up to 1", "dimensions")
        ids = {d.id for d in self.dimensions}
        for number, cap in enumerate(self.caps):
            if cap.target != "round" and cap.target not in ids:
                raise misplaced(
                    f"cap {cap.id!r} targets an unknown dimension {cap.target!r}; there are {sorted(ids)}",
                    *("caps", number, "target"),
                )
        return self

    def dimension(self, dimension_id: str) -> Dimension:
        """The dimension of that id. Raises KeyError when there is none."""
        for dimension in self.dimensions:
            if dimension.id == dimension_id:
                return dimension
        raise KeyError(dimension_id)


class Phase(Value):
    """A time box inside a round. `minutes` are those of a full 45-minute round; a shorter round scales them.

    `kind`: `intro` (greeting), `questions` (bank questions one after another), `work` (a step of one long
    question), `wrap` (the candidate's questions). `announce` is what the interviewer says when it begins;
    `checkpoints` (dimension ids) say which evidence shows that the candidate reached it.
    """

    id: Slug
    name: Text
    kind: Literal["intro", "questions", "work", "wrap"]
    minutes: float = Field(gt=0)
    announce: Text
    dimensions: tuple[DimensionId, ...] = ()


class RoundSpec(Value):
    """How one round runs: how long, how many questions, which phases, what is said at both ends."""

    round: RoundId
    minutes: float = Field(default=45, gt=0)
    short_minutes: float = Field(default=15, gt=0)
    questions: int = Field(ge=1, le=10)
    short_questions: int = Field(default=1, ge=1, le=4)
    greeting: Text
    closing: Text
    phases: tuple[Phase, ...] = Field(min_length=2)


class Loop(Value):
    """A loop: which rounds in which order, with weights by level, after one style of company."""

    id: Slug
    version: int = Field(ge=1)
    title: Text
    summary: Text
    notice: Text
    rounds: tuple[RoundSpec, ...] = Field(min_length=1)
    weights: dict[Level, dict[RoundId, float]]
    emphasis: dict[CompetencyId, float] = {}

    @model_validator(mode="after")
    def _weights_add_up(self) -> Self:
        rounds = {spec.round for spec in self.rounds}
        for level in Level:
            weights = self.weights.get(level)
            if weights is None:
                raise misplaced(f"weights for level {level.value!r} are missing", "weights")
            if set(weights) != rounds:
                raise misplaced(
                    f"weights for {level.value!r} must name exactly the rounds of the loop",
                    "weights",
                    level.value,
                )
            if abs(sum(weights.values()) - 1) > 1e-6:
                raise misplaced(
                    f"weights for {level.value!r} add up to {sum(weights.values()):g}, not to 1",
                    *("weights", level.value),
                )
        return self

    def spec(self, round_id: RoundId) -> RoundSpec:
        """The round of that id. Raises KeyError when this loop has none."""
        for spec in self.rounds:
            if spec.round == round_id:
                return spec
        raise KeyError(round_id)


class Competency(Value):
    """One entry of the competency map."""

    id: CompetencyId
    name: Text
    good: Text
    rounds: tuple[RoundId, ...] = Field(min_length=1)
