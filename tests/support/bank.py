"""A small bank made by code, a judge that looks for key words, and a clock that tests move."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bot.bank import Bank, load_bank
from bot.domain.base import Level, Mode, RoundId
from bot.domain.content import (
    Anchors,
    Contra,
    Dimension,
    Expectations,
    Fact,
    Hint,
    Question,
    ReferenceAnswers,
    Rubric,
)
from bot.domain.content import Checkpoint as Point
from bot.domain.judgement import JudgeInfo, Judgement, Quote, Status, Verdict
from bot.domain.plan import Plan
from bot.domain.ports import Judged, JudgeRequest
from bot.domain.scorecard import Label, Scorecard
from bot.interview.planning import make_plan
from bot.resources import corpus_dir, prompts_dir


class TestClock:
    """Stands still until it is moved."""

    __test__ = False

    def __init__(self, at: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def tick(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.at += timedelta(seconds=seconds)


def point(number: int, *, must: bool = True, contra: bool = False) -> Point:
    """A checkpoint that is hit by the word `key<number>` and contradicted by `false<number>`."""
    return Point(
        id=f"point-{number}",
        statement=f"Secret statement number {number}",
        dimension=("PS-CORR", "PS-MECH", "PS-APPL", "PS-QUANT")[number % 4],
        kind="must" if must else "nice",
        any_of=(f"key{number}",),
        probe=f"Tell me about part {number}?",
        contra=(Contra(says=(f"false{number}",), challenge=f"Are you sure about part {number}?"),)
        if contra
        else (),
    )


def question(name: str, *, points: int = 5, minutes: float = 4) -> Question:
    """A phone-screen question with `points` checkpoints, the last of them nice to have."""
    return Question(
        id=name,
        round=RoundId.PHONE_SCREEN,
        title=f"About {name}",
        minutes=minutes,
        competencies=("C08",),
        articles=("bias-and-variance",),
        opening=f"What do you know about {name}?",
        facts=(Fact(asks=("size",), answer="It has a thousand rows."),),
        checkpoints=tuple(point(n, must=n < points - 1, contra=n == 0) for n in range(points)),
        hints=tuple(Hint(text=f"Hint {n} for {name}.") for n in range(1, 6)),
        challenges=("What breaks at a hundred times the size?",),
        expects=Expectations(junior="a", mid="b", senior="c", staff="d"),
        answers=ReferenceAnswers(level_1="w", level_2="x", level_3="y", level_4="z"),
    )


QUESTIONS = {q.id: q for q in (question(f"topic-{n}") for n in range(9))}


_ANCHORS = Anchors(level_1="nothing", level_2="some", level_3="enough", level_4="more than enough")
RUBRIC = Rubric(
    id="phone-screen",
    version=1,
    round=RoundId.PHONE_SCREEN,
    dimensions=tuple(
        Dimension(id=name, name=name, weight=0.25, evidence="checkpoints", anchors=_ANCHORS)
        for name in ("PS-CORR", "PS-MECH", "PS-APPL", "PS-QUANT")
    ),
)


@cache
def real_bank() -> Bank:
    """The shipped content, read once for all tests (it is frozen)."""
    return load_bank(prompts_dir(), corpus_dir())


def load_once(prompts: Path, corpus: Path, own_questions: Path | None = None) -> Bank:
    """In place of `load_bank` where the loader is not what is tested: the shipped content is not read again."""
    if own_questions is not None or (prompts, corpus) != (prompts_dir(), corpus_dir()):
        return load_bank(prompts, corpus, own_questions)
    real = real_bank()
    return replace(real, questions=dict(real.questions), files=dict(real.files))


def small_bank() -> Bank:
    """The real loops with the small questions and a plain rubric."""
    real = real_bank()
    return Bank(QUESTIONS, {RoundId.PHONE_SCREEN: RUBRIC}, real.loops, real.competencies, digest="test")


def plan(
    *, mode: Mode = Mode.PRACTICE, minutes: float = 45, seed: int = 1, wanted: tuple[str, ...] = ()
) -> Plan:
    """A plan over the small questions."""
    bank = small_bank()
    return make_plan(
        loop=bank.loop("standard"),
        round_id=RoundId.PHONE_SCREEN,
        questions=bank.of_round(RoundId.PHONE_SCREEN),
        rubric=bank.rubric(RoundId.PHONE_SCREEN),
        level=Level.MID,
        mode=mode,
        seed=seed,
        minutes=minutes,
        wanted=wanted,
    )


def keyword_judgement(request: JudgeRequest) -> Judgement:
    """`key3` covers point-3, `half3` is partial, `false3` contradicts it."""
    text = request.lines[-1].text
    verdicts = []
    for checkpoint in request.question.checkpoints:
        number = checkpoint.id.removeprefix("point-")
        for word, status in (("key", Status.COVERED), ("half", Status.PARTIAL), ("false", Status.WRONG)):
            start = text.find(word + number)
            if start >= 0:
                end = start + len(word + number)
                quote = Quote(turn=request.turn, start=start, end=end, text=text[start:end])
                contra = 0 if status is Status.WRONG and checkpoint.contra else None
                verdicts.append(
                    Verdict(checkpoint=checkpoint.id, status=status, quotes=(quote,), contra=contra)
                )
                break
    return Judgement(
        question=request.question.id,
        turn=request.turn,
        status="scored",
        verdicts=tuple(verdicts),
        fact=0 if "size" in text else None,
        judge=JudgeInfo(name="keywords", version="1"),
    )


class KeywordJudge:
    """Implements `Judge` by key words; counts its calls."""

    name = "keywords"

    def __init__(self) -> None:
        self.calls = 0

    async def judge(self, request: JudgeRequest) -> Judged:
        """Verdicts by key words."""
        self.calls += 1
        return Judged(keyword_judgement(request))


def blank_scorecard() -> Scorecard:
    """A scorecard that says "insufficient"; for tests that are not about scores."""
    return Scorecard(
        round=RoundId.PHONE_SCREEN,
        level=Level.MID,
        rubric="phone-screen",
        rubric_version=1,
        status="insufficient",
        label=Label.INSUFFICIENT,
        assessed_weight=0,
        dimensions=(),
        checkpoints=(),
        verdict="Not enough was said to judge.",
        judge=JudgeInfo(name="keywords", version="1"),
    )
