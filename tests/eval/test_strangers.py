"""Answers of strangers: labels that fit the bank, shares that add up, and a figure that falls when the judge is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.base import RoundId
from bot.domain.judgement import Status
from eval import agreement as ag
from eval.strangers import FOLDER, Found, Stranger, cases, credited, judged, load, render
from tests.support.bank import real_bank as bank

FILES = sorted(FOLDER.glob("*.jsonl"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_label_names_a_checkpoint_of_its_question_once(path: Path) -> None:
    answers = load(path)
    assert len(answers) > 200
    for answer in answers:
        labels = [*answer.covers, *answer.partly, *answer.wrong]
        known = {c.id for c in bank().question(answer.question).checkpoints}
        assert set(labels) <= known, answer.question
        assert len(labels) == len(set(labels)), answer.question
        assert answer.style != "wrong" or not answer.covers


def test_no_answer_stands_in_both_files() -> None:
    learnt, kept = (
        {a.question for a in load(path)} for path in (FOLDER / "learnt.jsonl", FOLDER / "kept.jsonl")
    )
    assert not learnt & kept


def test_shares_are_those_of_the_labels_and_of_the_judge() -> None:
    question = bank().question("ps-l1-l2")
    musts = [c for c in question.checkpoints if c.kind == "must"]
    answer = Stranger(
        question=question.id,
        style="trade",
        text="L1 sets some coefficients exactly to zero, L2 only shrinks them.",
        covers=("zeros-vs-shrink",),
    )
    found = judged(answer, bank())
    weight = next(c.weight for c in musts if c.id == "zeros-vs-shrink")
    assert found.true_share == pytest.approx(weight / sum(c.weight for c in musts))
    assert found.share >= found.true_share, "what was said in the shipped wordings is credited"
    assert credited([found], "stated") == {
        Status.COVERED: 1.0,
        Status.PARTIAL: 0.0,
        Status.WRONG: 0.0,
        Status.ABSENT: 0.0,
    }
    assert credited([found], "contradicted") == {}


def _one(true: float, share: float, n: int) -> Found:
    answer = Stranger(question=f"q-{n % 3}", style="spoken", text="word " * (n + 3), covers=())
    return Found(answer, RoundId.PHONE_SCREEN, (("stated", Status.COVERED),), share, true, 2)


def test_a_judge_that_credits_by_chance_loses_the_correlation() -> None:
    good = [_one(n / 20, n / 20, n) for n in range(20)]
    blind = [replace(f, share=((n * 7) % 20) / 20) for n, f in enumerate(good)]
    assert ag.r(cases(good)) == pytest.approx(1.0)
    assert (ag.r(cases(blind)) or 0.0) < 0.5
    assert "r: 1.000" in render(good, rounds=30)
