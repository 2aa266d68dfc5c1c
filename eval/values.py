"""The values of an evaluation: personas and suites as written, cases and results as recorded.

Knows shapes only. YAML files with these shapes live in `eval/suites` and `eval/personas`; JSON Schemas for editors are
generated beside them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.domain.base import Level, Mode, RoundId, Slug, Text, Value


class InvalidSuite(ValueError):
    """A suite, persona, metric, cassette or run that cannot be used; names the file and what to write."""


class Style(StrEnum):
    """What a simulated candidate does. Each is a rule in `eval/candidates.py`."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    SILENT = "silent"
    VERBOSE = "verbose"
    OFF_TOPIC = "off_topic"
    STUBBORN = "stubborn"
    MISLED = "misled"
    ECHO = "echo"
    GIBBERISH = "gibberish"
    INJECTING = "injecting"
    HINT_BEGGAR = "hint_beggar"
    QUESTIONER = "questioner"
    SKIPPER = "skipper"


class Rewrite(StrEnum):
    """The same answer in other words or another form. Each is a rule in `eval/rewrites.py`."""

    PARAPHRASE = "paraphrase"  # contractions, everyday synonyms, "if" clauses turned round
    TYPOS = "typos"  # one slip in every eighth long word
    SPLIT = "split"  # the second half only with the next message
    REORDERED = "reordered"  # the points in another order
    FILLER = "filler"  # "um, so", "you know"
    POLITE = "polite"  # thanks and compliments around it
    HALF = "half"  # only its first half: the one rewrite that may lose marks, and may not win any


class Persona(Value):
    """Who answers. `seconds` is how long each message takes on the virtual clock besides speaking it. With `rewrite` the
    answer of `like` is given in another form."""

    id: Slug
    style: Style
    about: Text
    knows: Literal[1, 2, 3, 4]  # which reference answer it starts from
    seconds: float = Field(default=20, gt=0)
    rewrite: Rewrite | None = None
    like: Slug = ""  # the persona whose score this one's must equal


class Gate(Value):
    """A bound on the mean of a metric over a suite's cases."""

    metric: Text
    min: float | None = None
    max: float | None = None


class Suite(Value):
    """What is run and what must hold."""

    id: Slug
    title: Text
    about: Text
    interviewer: Literal["authored", "model"] = "authored"
    judge: Literal["offline", "model"] = "offline"
    rounds: tuple[RoundId, ...] = tuple(RoundId)
    personas: tuple[Slug, ...] = Field(min_length=1)
    levels: tuple[Level, ...] = (Level.MID,)
    modes: tuple[Mode, ...] = (Mode.PRACTICE,)
    loop: Slug = "standard"
    minutes: float | None = None
    questions: tuple[Slug, ...] = ()  # asked first, so that a growing bank does not change the suite
    seeds: tuple[int, ...] = (1,)
    interrupted: bool = (
        False  # every turn is abandoned half-way and taken up by a fresh service on the same log
    )
    articles: bool = False  # with a library of the shipped articles: study lists and probes cite it
    faults: tuple[str, ...] = ()  # e.g. timeout@judge:middle+ (see docs/evals.md)
    metrics: tuple[str, ...] = Field(min_length=1)
    gates: tuple[Gate, ...] = ()


class CaseSpec(Value):
    """One simulated round: everything that decides its course."""

    suite: str
    round: RoundId
    persona: str
    level: Level
    mode: Mode
    seed: int
    fault: str = ""

    @property
    def id(self) -> str:
        """Stable name: the same case in two runs has the same id."""
        parts = [
            self.suite,
            self.round.value,
            self.persona,
            self.level.value,
            self.mode.value,
            f"s{self.seed}",
        ]
        return "/".join(parts + ([self.fault] if self.fault else []))

    @property
    def file(self) -> str:
        """The id as the stem of a file's name; without the suite, which the folder says."""
        odd = str.maketrans({"/": "_", "@": "-at-", "+": "-on", ":": "-"})
        return self.id.split("/", 1)[1].translate(odd)


class Measure(Value):
    """One metric on one case. `value` None: not applicable here. `why` names what was found, for people."""

    metric: str
    value: float | None
    why: tuple[str, ...] = ()


class Call(Value):
    """One model call of a case, for the report. `turn` is the utterance it was made for, 0 for those that read the whole
    round at its end."""

    turn: int
    prompt: str
    prompt_hash: str
    model: str
    input_tokens: int
    output_tokens: int
    usd: float | None
    latency_s: float
    attempts: int
    finish: str


class Said(Value):
    """One line of a case's transcript, for the report."""

    turn: int
    speaker: str
    text: str
    at_s: float
    question: str = ""
    did: str = ""
    source: str = ""
    quotes: tuple[tuple[int, int], ...] = ()  # spans of the text that became evidence
    cites: tuple[str, ...] = ()  # article and section of each passage that it rests on


class CaseResult(Value):
    """What became of a case. `error` is a crash of ours or of the harness, never a bad score."""

    id: str
    spec: CaseSpec
    outcome: Literal["pass", "fail", "error"]
    measures: tuple[Measure, ...] = ()
    error: str = ""
    doubts: tuple[
        str, ...
    ] = ()  # mistakes of the simulated candidate, which say nothing about the interviewer
    score: float | None = None
    label: str = ""
    turns: int = 0
    calls: int = 0
    prompt_chars: int = 0
    tokens: int = 0
    usd: float = 0.0
    candidate_usd: float = 0.0  # what a candidate that is a model has cost
    model_s: float = 0.0  # seconds spent waiting for the model (live)
    transcript: tuple[Said, ...] = ()
    model_calls: tuple[Call, ...] = ()

    def measure(self, metric: str) -> Measure | None:
        """The measure of that name, when it was taken."""
        return next((m for m in self.measures if m.metric == metric), None)
