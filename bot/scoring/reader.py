"""Two readings of a whole round with a model: holistic dimensions from notes, and an independent committee.

Both choose anchors by letter, never a number; the reader's quotes are checked against the candidate's own turns. A
reading that fails leaves its dimensions "not assessed" and the committee silent; neither makes up a level.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.base import RoundId
from bot.domain.content import Cap, Dimension, Question, Rubric
from bot.domain.events import CallRecord
from bot.domain.judgement import Quote, Status
from bot.domain.ports import Line
from bot.domain.scorecard import Label, Scorecard
from bot.domain.session import SessionState
from bot.model.prompts import clip
from bot.scoring.evidence import find_removed, without
from bot.scoring.holistic import Reading
from bot.scoring.levels import MIN_ASSESSED, label_of
from bot.scoring.model import Own
from bot.scoring.offline import removed_spans

if TYPE_CHECKING:
    from bot.model.gateway import Gateway
    from bot.model.prompts import PromptBook, Rendered

MAX_PROMPT = 6_000
"""Characters of the whole prompt of each reading."""
MAX_NOTES, MAX_LINE = 1_400, 360
"""Characters of the notes, and of one utterance of the candidate, where there is room for all."""
_LETTERS = {"a": 1, "b": 2, "c": 3, "d": 4}
Letter = Literal["a", "b", "c", "d", "none"]


class ReadingReply(BaseModel):
    """The anchor that fits one dimension."""

    model_config = ConfigDict(extra="ignore")

    dimension: str
    anchor: Letter
    quotes: list[str] = Field(default_factory=list, max_length=6)
    why: str = ""


class RoundReply(BaseModel):
    """The model's reply for a round."""

    model_config = ConfigDict(extra="ignore")

    readings: list[ReadingReply]
    recital: bool | None = None


@dataclass(frozen=True)
class RoundReading:
    """Readings by dimension, the finding for the recital cap, and the calls that it took."""

    readings: Mapping[str, Reading]
    recital: bool | None = None
    calls: tuple[CallRecord, ...] = ()


@dataclass(frozen=True)
class CommitteeReading:
    """The committee's own result; `label` is insufficient when it could not tell enough."""

    label: Label
    score: float | None
    levels: Mapping[str, int | None]
    calls: tuple[CallRecord, ...] = ()


async def read_round(
    gateway: Gateway,
    state: SessionState,
    questions: Mapping[str, Question],
    rubric: Rubric,
    *,
    prompts: PromptBook | None = None,
) -> RoundReading:
    """Anchors for the dimensions that no checkpoint or test gives. Raises `ModelError`."""
    wanted = [d for d in rubric.dimensions if d.evidence in ("holistic", "structure")]
    own = _own(state, questions)
    if not wanted or not own:
        return RoundReading({})
    prompt = _round_prompt(_book(prompts), wanted, rubric.round, _notes(state, questions), own)
    check = _Check({d.id for d in wanted}, own)
    parsed = await gateway.structured(prompt, RoundReply, check=check)
    readings = {r.dimension: _reading(r, own) for r in parsed.value.readings}
    recital = parsed.value.recital if rubric.round is RoundId.ML_SYSTEM_DESIGN else None
    return RoundReading(readings, recital, parsed.calls)


async def committee(
    gateway: Gateway, card: Scorecard, rubric: Rubric, *, prompts: PromptBook | None = None
) -> CommitteeReading:
    """A second score from quotes, statements and anchors only: no label, no name, no level. Raises `ModelError`.

    Dimensions that come from executed tests keep their level, and ceilings that facts have set bind this reader, too:
    nobody overrules those.
    """
    measured = {d.id for d in rubric.dimensions if d.evidence == "tests"}
    shown = [d for d in card.dimensions if d.level is not None and d.dimension not in measured]
    if not shown:
        return CommitteeReading(Label.INSUFFICIENT, None, {})
    prompt = _committee_prompt(_book(prompts), card, [rubric.dimension(d.dimension) for d in shown])
    parsed = await gateway.structured(prompt, RoundReply, check=_Check({d.dimension for d in shown}, None))
    levels: dict[str, int | None] = {r.dimension: _LETTERS.get(r.anchor) for r in parsed.value.readings}
    known = {d.dimension: d.level for d in card.dimensions if d.dimension in measured and d.level is not None}
    weights = {d.id: d.weight for d in rubric.dimensions}
    caps = [c for c in rubric.caps if c.id in card.held and c.rule != "dimension_at_most"]
    found = {k: _under(caps, k, float(v)) for k, v in {**levels, **known}.items() if v is not None}
    weight = sum(weights[k] for k in found)
    if not found or weight < MIN_ASSESSED * card.assessed_weight:
        return CommitteeReading(Label.INSUFFICIENT, None, levels, parsed.calls)
    by_level = [
        c for c in rubric.caps if c.rule == "dimension_at_most" and found.get(c.dimension or "", 4) <= c.count
    ]
    score = _under([*caps, *by_level], "round", sum(weights[k] * v for k, v in found.items()) / weight)
    return CommitteeReading(label_of(score), round(score, 4), levels, parsed.calls)


def _under(caps: Sequence[Cap], target: str, value: float) -> float:
    return min([value, *(c.at_most for c in caps if c.target == target)])


class _Check:
    """Each dimension exactly once; strict about quotes the first time only (see bot/scoring/model.py)."""

    def __init__(self, wanted: set[str], own: Sequence[Own] | None) -> None:
        self._wanted, self._own, self._strict = wanted, own, True

    def __call__(self, reply: RoundReply) -> list[str]:
        named = [r.dimension for r in reply.readings]
        problems = []
        if sorted(named) != sorted(self._wanted):
            problems.append(
                f"give exactly one reading for each of {sorted(self._wanted)}, not {sorted(named)}"
            )
        if self._strict and self._own is not None:
            problems += [
                f"{r.dimension}: these words are not the candidate's: {q[:80]!r}"
                for r in reply.readings
                for q in r.quotes
                if not any(o.find(q) for o in self._own)
            ]
        self._strict = False
        return problems


def _reading(said: ReadingReply, own: Sequence[Own]) -> Reading:
    level = _LETTERS.get(said.anchor)
    why = " ".join(said.why.split())[:240]
    found = [q for words in said.quotes if (q := next((h for o in own if (h := o.find(words))), None))]
    newest = {
        q.turn: q for q in found
    }  # of each turn one goes first, so that three show from how many turns they are
    quotes = tuple(dict.fromkeys((*newest.values(), *found)))[:3]
    if level is None or not quotes:
        return Reading(
            said.dimension, None, why if level is None else "the judge gave no words of yours that hold"
        )
    if level >= 3 and len(quotes) < 2:
        return Reading(
            said.dimension, 2, f"{why}; held at 2 because one quote is not enough for more", quotes
        )
    if level >= 3 and len(own) > 1 and len({q.turn for q in quotes}) < 2:
        return Reading(
            said.dimension, 2, f"{why}; held at 2 because its evidence comes from one turn only", quotes
        )
    return Reading(said.dimension, level, why, quotes)


def _own(state: SessionState, questions: Mapping[str, Question]) -> list[Own]:
    found: list[Own] = []
    for i, u in enumerate(state.utterances):
        if u.speaker != "candidate":
            continue
        line = Line(u.turn, u.speaker, u.text)
        before = [Line(x.turn, x.speaker, x.text) for x in state.utterances[:i] if x.question == u.question]
        question = questions.get(u.question)
        removed = removed_spans(line, before, question) if question else find_removed(u.text, u.turn)
        found.append(Own(u.turn, u.text, without(u.text, removed), removed))
    return found


def _round_prompt(
    book: PromptBook, wanted: Sequence[Dimension], round_id: RoundId, notes: str, own: Sequence[Own]
) -> Rendered:
    """The prompt with as much of each turn as its bound leaves; the newest turns only when a few words of each do not fit."""
    said = [s for o in own if (s := " ".join(o.masked.split()))]
    for line, turns in (
        (MAX_LINE, 40),
        (260, 40),
        (190, 40),
        (140, 40),
        (100, 40),
        (70, 40),
        (70, 20),
        (70, 8),
    ):
        rendered = book.get("judge_round").render(
            dimensions=[_dimension(d, 200 if line > 100 else 100) for d in wanted],
            design=round_id is RoundId.ML_SYSTEM_DESIGN,
            notes=clip(notes, MAX_NOTES if line > 100 else MAX_NOTES // 2),
            words=[clip(s, line, "middle") for s in said[-turns:]],
        )
        if rendered.chars <= MAX_PROMPT:
            break
    return rendered


_READABLE = ((260, 240, 2), (200, 160, 2), (160, 120, 1), (120, 90, 1), (90, 80, 1))
_EVIDENCE = (
    *((most, *sizes) for most in (60, 12, 8, 5, 3) for sizes in _READABLE),
    *((most, 40, 40, 1) for most in (5, 2)),
)
"""Points of a dimension, characters of a statement and of a quote, and quotes: tried in this order until the prompt is
short enough. Fewer points in readable words are better than all of them in scraps."""


def _committee_prompt(book: PromptBook, card: Scorecard, dimensions: Sequence[Dimension]) -> Rendered:
    """The prompt with as much evidence as its bound leaves; what is left out is counted."""
    for sizes in _EVIDENCE:
        rendered = book.get("judge_committee").render(
            dimensions=[
                {**_dimension(d, 200 if sizes[1] > 100 else 70), "evidence": _evidence(card, d.id, *sizes)}
                for d in dimensions
            ]
        )
        if rendered.chars <= MAX_PROMPT:
            break
    return rendered


def _notes(state: SessionState, questions: Mapping[str, Question]) -> str:
    lines = []
    for current in state.questions.values():
        question = questions.get(current.id)
        if question is None:
            continue
        counts = {s: sum(p.status is s for p in current.progress.values()) for s in Status}
        lines.append(
            f"{question.title}: {counts[Status.COVERED]} of {len(question.checkpoints)} points said, "
            f"{counts[Status.PARTIAL]} in part, {counts[Status.WRONG]} wrong; {len(current.probed)} probes, "
            f"deepest hint {current.hints}"
        )
    return "\n".join(lines) or "no notes"


def _evidence(card: Scorecard, dimension: str, most: int, statement: int, quote: int, quotes: int) -> str:
    here = [r for r in card.checkpoints if r.dimension == dimension]
    # where not all fit, one in so many of what was said and of what was not: their share must not change
    shown = sorted(here, key=lambda r: not r.quotes)[:: max(1, math.ceil(len(here) / most))]
    lines = [
        f"looked for: {clip(r.statement, statement)}\n  said ({r.prompting}): {_joined(r.quotes, quote, quotes)}"
        for r in here
        if r in shown
    ]
    if besides := [r for r in here if r not in shown]:
        unsaid = sum(not r.quotes for r in besides)
        lines.append(f"looked for besides: {len(besides)} points, {unsaid} of them not said at all")
    if not lines:
        result = next(d for d in card.dimensions if d.dimension == dimension)
        lines = [f"said: {_joined(tuple(e.quote for e in result.evidence), quote, quotes)}"]
    return "\n".join(lines)


def _joined(quotes: Sequence[Quote], size: int, most: int) -> str:
    return " / ".join(clip(q.text, size) for q in quotes[:most]) or "nothing"


def _dimension(dimension: Dimension, size: int) -> dict[str, str]:
    a = dimension.anchors
    return {
        "id": dimension.id,
        "name": clip(dimension.name, 60),
        "a": clip(a.level_1, size),
        "b": clip(a.level_2, size),
        "c": clip(a.level_3, size),
        "d": clip(a.level_4, size),
    }


def _book(prompts: PromptBook | None) -> PromptBook:
    if prompts is not None:
        return prompts
    from bot.model.prompts import shipped

    return shipped()
