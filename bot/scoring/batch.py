"""Scores answers from JSON Lines, one by one: by a bank question, by checkpoints, by references, or by both.

Reads and writes plain values; a line that cannot be read is reported and never guessed, an answer that cannot be scored
carries no number. Does not know the command line or how files are opened.
"""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.domain.base import Level
from bot.domain.content import Checkpoint, Contra, Question, Rubric, Wording
from bot.domain.judgement import Judgement, Removed, Status, Verdict
from bot.domain.ports import JudgeRequest, Line
from bot.scoring.essence import essence
from bot.scoring.evidence import Said, find_removed, without
from bot.scoring.levels import PARTIAL, level_of
from bot.scoring.offline import Answer, judge_answer, judge_checkpoint
from bot.scoring.references import Coverage, best_cover, cover, part_by_part
from bot.scoring.rubric import is_marked, read_rubric
from bot.scoring.stuffing import looks_foreign
from bot.scoring.text import read

MAX_LINE = 400_000
"""Characters of one input line."""


REFERENCES = ("reference", "references", "reference_answer", "reference_answers", "model_answer")
RUBRICS = ("checkpoints", "rubric", "rubrics", "criteria", "marking_scheme")
"""Names under which a line may keep what a full answer says; the first that holds something is read."""


def _an_id(value: object) -> object:
    """An id that comes out as it went in."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("give a text or a whole number")
    return value


def _texts(value: object) -> object:
    """References as a list of texts; blank ones are none."""
    several = [value] if isinstance(value, str) else value
    if isinstance(several, list | tuple) and all(t is None or isinstance(t, str) for t in several):
        return [t for t in several if t and t.strip()] or None
    if several is None:
        return None
    raise ValueError("give a text or a list of texts")


def _texts_of(value: object) -> list[str]:
    several = value if isinstance(value, list | tuple) else [value]
    return [t for t in several if isinstance(t, str)]


def points_in(value: object) -> object:
    """Checkpoints out of a rubric in any of its usual forms (bot/scoring/rubric.py)."""
    if isinstance(value, list | tuple) and all(isinstance(v, Point) for v in value):
        return value or None
    found = [
        {
            **_others(c.others),
            "statement": c.statement,
            "weight": 1.0 if c.marks is None else c.marks,
            "options": c.options,
            "choose": c.choose,
        }
        for c in read_rubric(value)
    ]
    return found or None


def _others(held: Mapping[str, Any]) -> dict[str, Any]:
    """What else an object of a checkpoint held, in our form."""
    named = {k: v for k, v in held.items() if v is not None}
    if "id" in named:
        named["id"] = str(named["id"])
    if "kind" in named:
        named["kind"] = "nice" if str(named["kind"]).lower() in _NICE else "must"
    if isinstance(named.get("any_of"), str):
        named["any_of"] = [named["any_of"]]
    return named


_NICE = ("nice", "bonus", "optional", "extra", "nice-to-have", "nice to have")


class Point(BaseModel):
    """A checkpoint of a batch item: a statement, optionally with accepted wordings. Only the statement is needed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = ""
    statement: str = Field(min_length=1)
    weight: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    kind: Literal["must", "nice"] = "must"
    any_of: tuple[Wording, ...] = ()
    all_of: tuple[tuple[Wording, ...], ...] = ()
    contra: tuple[Contra, ...] = ()
    options: tuple[str, ...] = ()
    choose: int = Field(default=1, ge=1)  # so many of the options make the point full


class Item(BaseModel):
    """One line of input. `question` is a question's text, or the id of a bank question (also `question_id`)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[str | int, BeforeValidator(_an_id)]
    question: str = ""
    question_id: str = ""
    answer: str
    reference: Annotated[tuple[str, ...] | None, BeforeValidator(_texts)] = None
    checkpoints: Annotated[tuple[Point, ...] | None, BeforeValidator(points_in)] = None
    max: float = Field(default=1.0, gt=0, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _usual_names(cls, value: object) -> object:
        """The line with the usual other names read as ours."""
        if not isinstance(value, dict):
            return value
        named = dict(value)
        for name, aliases in (("reference", REFERENCES), ("checkpoints", RUBRICS)):
            held = next((named[a] for a in aliases if named.get(a) not in (None, "", [], {}, ())), None)
            named[name] = held
        one = _texts_of(named["reference"])
        if named["checkpoints"] is None and len(one) == 1 and is_marked(one[0]):
            named["checkpoints"], named["reference"] = one[0], None
        for name, empty in (("question", ""), ("question_id", ""), ("max", 1.0)):
            if named.get(name, empty) is None:
                named[name] = empty
        return named


@dataclass(frozen=True, slots=True)
class BadLine:
    """An input line that was skipped, and why."""

    number: int
    why: str


@dataclass(frozen=True)
class Scored:
    """The outcome for one item. `score` and `level` are None unless `status` is `scored`."""

    id: str | int
    status: Literal["scored", "insufficient", "failed"]
    score: float | None = None
    level: int | None = None
    verdicts: tuple[Verdict, ...] = ()
    flags: tuple[str, ...] = ()
    why: str = ""
    points: float | None = None
    runs: int = 1  # how often a model read it; the median counts
    spread: float = 0.0  # share of the verdicts on which those readings differed

    def as_json(self) -> str:
        """One line of output, keys always in the same order."""
        value: dict[str, Any] = {
            "id": self.id,
            "status": self.status,
            "score": self.score,
            "level": self.level,
            "verdicts": [_verdict_json(v) for v in self.verdicts],
            "flags": list(self.flags),
        }
        if self.points is not None:
            value["points"] = self.points
        if self.runs > 1:
            value |= {"runs": self.runs, "spread": self.spread}
        if self.why:
            value["why"] = self.why
        return json.dumps(value, ensure_ascii=False)


Scorer = Callable[[Item], Awaitable[Scored]]


def parse(lines: Iterable[str]) -> Iterator[Item | BadLine]:
    """The items of JSON Lines in order; blank lines are passed over, bad ones come out as such."""
    for number, line in enumerate(lines, 1):
        text = line.strip("\ufeff \t\r\n")
        if text:
            yield _parse(number, text)


def score_item(item: Item, questions: Mapping[str, Question], rubrics: Mapping[Any, Rubric]) -> Scored:
    """The offline score of one item: a pure function."""
    known = questions.get(item.question_id or item.question.strip())
    if known is not None and not item.reference and not item.checkpoints:
        return _by_bank(item, known, rubrics[known.round])
    if item.question_id and known is None:
        return Scored(item.id, "failed", why=f"There is no question {item.question_id!r} in the bank.")
    question = known.opening if known is not None else item.question
    removed = find_removed(item.answer, 1, [Said(question, "echo_question")] if question.strip() else [])
    text = without(item.answer, removed)
    flags = _flags(item.answer, text, removed)
    if "other_language" in flags:
        return Scored(item.id, "insufficient", flags=flags, why="The answer is hardly in English.")
    by_points = _by_points(item, question, text)
    if by_points is not None:
        return _of_points(item, by_points, part_by_part(question, item.reference or (), text), flags)
    by_reference = best_cover(question, item.reference or (), text)
    if by_reference is None:
        why = (
            "There is nothing to compare with: give `reference`, `checkpoints` or the id of a bank question."
        )
        return Scored(item.id, "failed", flags=flags, why=why)
    score = by_reference.score
    return done(item, score, level_of(score, beyond=True), by_reference.verdicts, flags)


def _parse(number: int, text: str) -> Item | BadLine:
    if len(text) > MAX_LINE:
        return BadLine(number, f"longer than {MAX_LINE} characters")
    try:
        value = json.loads(text)
        if not isinstance(value, dict):
            return BadLine(number, "not a JSON object")
        # fails for bytes that are no UTF-8, which the reader keeps as such, and for escapes of half a character
        json.dumps(value, ensure_ascii=False).encode()
        return Item.model_validate(value)
    except UnicodeEncodeError:
        return BadLine(number, "holds bytes or escapes that are no Unicode text")
    except json.JSONDecodeError as error:
        return BadLine(number, f"no JSON: {error.msg} at column {error.colno}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return BadLine(number, f"{where or 'the line'}: {first['msg'].removeprefix('Value error, ')}")
    except ValueError:
        return BadLine(number, "holds a number that is too long")
    except RecursionError:
        return BadLine(number, "nested too deeply")


def _by_bank(item: Item, question: Question, rubric: Rubric) -> Scored:
    lines = (Line(1, "interviewer", question.opening), Line(2, "candidate", item.answer))
    judgement = judge_answer(JudgeRequest(question, rubric, Level.MID, lines, 2))
    return from_judgement(item, judgement, question.checkpoints)


def from_judgement(item: Item, judgement: Judgement, checkpoints: Iterable[Checkpoint]) -> Scored:
    """The outcome of a judgement of one answer: the share of the musts, and the level that it gives."""
    if judgement.status != "scored":
        return Scored(item.id, judgement.status, flags=judgement.flags, why=judgement.why)
    weights = {c.id: (c.weight, c.kind) for c in checkpoints}
    share, beyond = answer_share(judgement.verdicts, weights)
    return done(item, share, level_of(share, beyond=beyond), judgement.verdicts, judgement.flags)


def answer_share(verdicts: Iterable[Verdict], weights: Mapping[str, tuple[float, str]]) -> tuple[float, bool]:
    """Share of the musts that one answer states, and whether it goes beyond them.

    A contradicted must counts against its weight: in a single answer nobody can ask again.
    """
    earned = {Status.COVERED: 1.0, Status.PARTIAL: PARTIAL, Status.WRONG: -1.0, Status.ABSENT: 0.0}
    found = {v.checkpoint: v.status for v in verdicts}
    total = sum(w for w, kind in weights.values() if kind == "must")
    got = sum(w * earned[found.get(c, Status.ABSENT)] for c, (w, kind) in weights.items() if kind == "must")
    beyond = any(kind == "nice" and found.get(c) is Status.COVERED for c, (_, kind) in weights.items())
    return (max(0.0, got / total) if total else 0.0), beyond


def _by_points(item: Item, question: str, text: str) -> tuple[float, bool, tuple[Verdict, ...]] | None:
    if not item.checkpoints:
        return None
    verdicts: list[Verdict] = []
    earned = total = 0.0
    beyond = False
    for number, point in enumerate(item.checkpoints, 1):
        name = point.id or f"point-{number}"
        credit, verdict = _point(name, point, question, item.answer, text)
        verdicts.append(verdict)
        if point.kind == "must":
            total += point.weight
            earned += point.weight * credit
        else:
            beyond = beyond or verdict.status is Status.COVERED
    return (max(0.0, earned / total) if total else 0.0), beyond, tuple(verdicts)


def _point(name: str, point: Point, question: str, answer: str, text: str) -> tuple[float, Verdict]:
    """Credit -1..1 of one checkpoint: by its wordings where it has some, else by what is said of its statement."""
    if point.any_of:
        checkpoint = Checkpoint(
            id="point",
            statement=point.statement,
            dimension="BA-TCH",
            any_of=point.any_of,
            all_of=point.all_of,
            contra=point.contra,
            probe="-",
        )
        verdict = judge_checkpoint(checkpoint, [Answer(1, answer, text)])
        verdict = verdict.model_copy(update={"checkpoint": name})
        credit = {Status.COVERED: 1.0, Status.PARTIAL: PARTIAL, Status.WRONG: -1.0, Status.ABSENT: 0.0}
        return credit[verdict.status], verdict
    wanted = point.options or (point.statement,)
    found = [c for w in wanted if (c := cover(question, essence(w), text)) is not None]
    if not found:
        return 0.0, Verdict(checkpoint=name, status=Status.ABSENT, why="the statement holds no content word")
    best = sorted(found, key=lambda c: -c.score)[: point.choose]
    verdict = _summary(name, best[0])
    if len(best) > 1:
        verdict = verdict.model_copy(
            update={"why": f"of {len(wanted)} things, {point.choose} wanted; of the best, {verdict.why}"}
        )
    return math.fsum(c.score for c in best) / point.choose, verdict


def _summary(name: str, covered: Coverage) -> Verdict:
    """One verdict for a statement of one or several parts."""
    statuses = [v.status for v in covered.verdicts]
    best = max(covered.verdicts, key=lambda v: len(v.quotes), default=None)
    if Status.WRONG in statuses and covered.score < 0.25:
        wrong = next(v for v in covered.verdicts if v.status is Status.WRONG)
        return wrong.model_copy(update={"checkpoint": name})
    quotes = best.quotes if best is not None else ()
    status = (
        Status.COVERED
        if covered.score >= 0.55
        else Status.PARTIAL
        if covered.score >= 0.25
        else Status.ABSENT
    )
    if not quotes:
        status = Status.ABSENT
    why = f"{covered.share:.0%} of the statement is said"
    return Verdict(
        checkpoint=name, status=status, quotes=quotes if status is not Status.ABSENT else (), why=why
    )


def _of_points(
    item: Item,
    by_points: tuple[float, bool, tuple[Verdict, ...]],
    by_parts: float | None,
    flags: tuple[str, ...],
) -> Scored:
    """The score by a rubric; with references, the mean of it and of what is said of the reference, part by part."""
    share, beyond, verdicts = by_points
    nice = any(p.kind == "nice" for p in item.checkpoints or ())
    score = share if by_parts is None else (share + by_parts) / 2
    return done(item, score, level_of(score, beyond=beyond or not nice), verdicts, flags)


def done(
    item: Item, score: float, level: int, verdicts: tuple[Verdict, ...], flags: tuple[str, ...]
) -> Scored:
    """The outcome of an item that was scored."""
    rounded = round(min(1.0, score), 4)
    return Scored(item.id, "scored", rounded, level, verdicts, flags, points=round(rounded * item.max, 4))


def _flags(answer: str, text: str, removed: Iterable[Removed]) -> tuple[str, ...]:
    flags = sorted({f"removed_{r.why}" for r in removed})
    if looks_foreign(read(answer)):
        flags.append("other_language")
    elif not read(text).stems:
        flags.append("empty")
    return tuple(flags)


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "checkpoint": verdict.checkpoint,
        "status": verdict.status.value,
        "quotes": [{"start": q.start, "end": q.end, "text": q.text} for q in verdict.quotes],
        "why": verdict.why,
    }
