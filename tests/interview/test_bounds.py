"""No prompt of any call is longer than its bound, whatever people, questions and rounds bring."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.base import Level, RoundId
from bot.domain.content import Contra, Dimension, Fact, Question, Rubric
from bot.domain.judgement import Quote, Status
from bot.domain.ports import JudgeRequest, Line
from bot.domain.scorecard import CheckpointResult, DimensionResult, Scorecard
from bot.interview.interviewer import MAX_PROMPT as INTERVIEWER
from bot.model.check import _JSON, _SPEAK
from bot.model.doubles import ScriptedModel, wired
from bot.model.gateway import MAX_MEND, Gateway
from bot.model.prompts import shipped
from bot.model.rulebased import answer
from bot.scoring import reader
from bot.scoring.model import MAX_PROMPT as JUDGE
from bot.scoring.model import ModelJudge, Own, _in_words
from tests.support.bank import blank_scorecard, real_bank
from tests.support.thinned import thinned

pytestmark = pytest.mark.anyio
BANK = real_bank()
BOUNDS = {
    "interviewer_bridge": INTERVIEWER,
    "interviewer_clarify": INTERVIEWER,
    "interviewer_followup": INTERVIEWER,
    "interviewer_hint": INTERVIEWER,
    "interviewer_redirect": INTERVIEWER,
    "judge_answer": JUDGE,
    "judge_round": reader.MAX_PROMPT,
    "judge_committee": reader.MAX_PROMPT,
}
"""The bound of every prompt that there is. The interviewer's are tried in test_interviewer.py, the others here."""


def test_every_prompt_has_a_bound() -> None:
    assert set(BOUNDS) == set(shipped().ids())
    assert set(BOUNDS.values()) == {6_000}
    assert max(_SPEAK.chars, _JSON.chars) < 200


async def asked(
    question: Question, rubric: Rubric, lines: tuple[Line, ...], runs: int = 1, **more: Any
) -> str:
    """The judge's prompt for the last line."""
    model = ScriptedModel(reply=answer)
    request = JudgeRequest(question, rubric, Level.SENIOR, lines, lines[-1].turn, **more)
    await ModelJudge(Gateway(wired(model)), runs=runs).judge(request)
    for sent in model.requests:  # a correction round (more than two messages) has its own allowance
        allowed = JUDGE + (MAX_MEND if len(sent.messages) > 2 else 0)
        assert sum(len(str(m.content)) for m in sent.messages) <= allowed
    return model.requests[0].text


def talk(question: Question, said: str, turns: int = 4) -> tuple[Line, ...]:
    lines = [Line(1, "interviewer", question.opening)]
    for turn in range(2, 2 * turns, 2):
        lines += [Line(turn, "candidate", said), Line(turn + 1, "interviewer", f"{said[:300]}?")]
    return (*lines, Line(2 * turns, "candidate", said))


@pytest.mark.parametrize("question", thinned(BANK.questions.values(), 10), ids=lambda q: q.id)
async def test_the_judges_prompt_is_bounded_and_holds_every_checkpoint(question: Question) -> None:
    long = " ".join(question.answers.by_level().values()) * 3
    prompt = await asked(question, BANK.rubric(question.round), talk(question, long))
    for point in question.checkpoints:
        assert f"- {point.id} ({point.kind}): {point.statement[:60]}" in prompt
    assert "= re:" not in prompt
    short = await asked(question, BANK.rubric(question.round), talk(question, question.answers.level_3[:400]))
    assert " ".join(question.answers.level_3[:300].split()) in " ".join(short.split()), (
        "a usual answer is whole"
    )


@given(text=st.text(max_size=300), size=st.integers(1, 60))
@settings(max_examples=8, deadline=None)
def test_somebody_elses_question_is_bounded_too(text: str, size: int) -> None:
    import anyio

    base = BANK.question("sd-llm-regression")
    filler = f"{text or 'x'} " * size
    point = base.checkpoints[0]
    points = tuple(
        point.model_copy(
            update={
                "id": f"point-{'x' * 70}-{i}",
                "statement": filler * 9,
                "contra": (Contra(says=(f"words {filler}",), challenge="Really?"),) * 4,
            }
        )
        for i in range(12)
    )
    question = base.model_copy(
        update={
            "id": "own",
            "opening": filler * 9,
            "checkpoints": points,
            "facts": (Fact(asks=("size",), answer=f"It is {filler}"),) * 8,
        }
    )
    anyio.run(asked, question, BANK.rubric(question.round), talk(question, f"I would say {filler}" * 5, 3), 3)


def own(text: str, turns: int) -> list[Own]:
    return [Own(2 * i, text, text, ()) for i in range(1, turns + 1)]


@given(st.text(max_size=400), st.integers(1, 90), st.sampled_from(list(RoundId)))
@settings(max_examples=40, deadline=None)
def test_the_reading_of_a_round_is_bounded(text: str, turns: int, round_id: RoundId) -> None:
    dimensions = list(BANK.rubric(round_id).dimensions)
    prompt = reader._round_prompt(shipped(), dimensions, round_id, f"{text} " * 50, own(text * 9, turns))
    assert prompt.chars <= reader.MAX_PROMPT


def card_of(round_id: RoundId, points: int, words: str) -> tuple[Scorecard, list[Dimension]]:
    dimensions = list(BANK.rubric(round_id).dimensions)
    quotes = (Quote(turn=2, start=0, end=1, text=(words or "x")[:240]),) * 3
    checkpoints = tuple(
        CheckpointResult(
            question="q",
            checkpoint=f"c-{i}",
            dimension=dimensions[i % len(dimensions)].id,
            statement=(words or "x") * 4,
            kind="must",
            weight=1,
            asked=True,
            status=Status.COVERED if i % 3 else Status.ABSENT,
            credit=1.0 if i % 3 else 0.0,
            prompting="hint5",
            quotes=quotes if i % 3 else (),
        )
        for i in range(points)
    )
    results = tuple(
        DimensionResult(dimension=d.id, name=d.name, weight=d.weight, level=3.0, why="said")
        for d in dimensions
    )
    update = {"round": round_id, "checkpoints": checkpoints, "dimensions": results}
    return blank_scorecard().model_copy(update=update), dimensions


@given(st.text(max_size=300), st.integers(0, 96), st.sampled_from(list(RoundId)))
@settings(max_examples=40, deadline=None)
def test_the_committees_prompt_is_bounded(words: str, points: int, round_id: RoundId) -> None:
    card, dimensions = card_of(round_id, points, words)
    assert reader._committee_prompt(shipped(), card, dimensions).chars <= reader.MAX_PROMPT


def test_the_committee_of_a_full_phone_screen_reads_whole_phrases() -> None:
    words = "Fix the horizon in advance, or use a sequential method, since peeking inflates false positives."
    card, dimensions = card_of(RoundId.PHONE_SCREEN, 48, words)
    text = reader._committee_prompt(shipped(), card, dimensions).text
    assert words[:70] in text
    assert "looked for besides" in text
    assert "of them not said at all" in text


def test_a_false_claim_is_told_in_its_plainest_wording() -> None:
    assert _in_words((r"re:never \w+ here", "a|the mean is|are_wrong")) == "a/the mean is/are wrong"
    assert _in_words((r"re:(?<!x)[^.;]{0,9}(?=y)", r"re:97 ?(%|per ?cent) (sure|likely)")) == "97 % sure"
    assert _in_words((r"re:(?<!x)[^.;]{0,9}(?=y)",)) == ""


def test_no_claim_of_the_bank_is_told_as_a_pattern() -> None:
    told = [_in_words(c.says) for q in BANK.questions.values() for p in q.checkpoints for c in p.contra]
    signs = ("\\", "(?", "[^", ".*", "{0,", "|", ")?", "^", "$")
    assert not [t for t in told if any(sign in t for sign in signs)]
    assert all(told)
