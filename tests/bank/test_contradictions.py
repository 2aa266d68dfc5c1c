"""Contradiction patterns catch falsehoods only: correct sentences, good answers and our own statements pass them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.bank.load import Bank
from bot.domain.content import Question
from bot.scoring.text import read
from bot.scoring.wordings import find
from tests.support.bank import real_bank

SENTENCES: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("correct_sentences.yaml").read_text(encoding="utf-8")
)


@cache
def bank() -> Bank:
    return real_bank()


def contradicted(question: Question, text: str) -> list[str]:
    """The wordings of falsehoods that are found in the text and not denied there."""
    document = read(text)
    found = [find(contra.says, document) for c in question.checkpoints for contra in c.contra]
    return [m.wording for m in found if m is not None and m.denied is None]


@pytest.mark.parametrize("question_id", sorted(SENTENCES))
def test_correct_sentences_are_not_taken_for_false(question_id: str) -> None:
    question = bank().question(question_id)
    wrong = {s: found for s in SENTENCES[question_id] if (found := contradicted(question, s))}
    assert not wrong


@pytest.mark.parametrize("question_id", sorted(SENTENCES))
def test_statements_and_good_answers_do_not_contradict_themselves(question_id: str) -> None:
    question = bank().question(question_id)
    texts = [c.statement for c in question.checkpoints]
    texts += [question.answers.level_3, question.answers.level_4]
    assert not {t[:60]: found for t in texts if (found := contradicted(question, t))}


@pytest.mark.parametrize(
    ("question_id", "falsehood"),
    [
        ("ps-bias-variance", "Both models overfit."),
        ("ps-imbalanced-classes", "Resample before splitting."),
        (
            "ps-imbalanced-classes",
            "First balance the classes with SMOTE, and after that do the train-test split.",
        ),
        ("ps-kmeans", "You set the seed, then it is stable."),
        ("ps-retry-without-harm", "If it is the same content then it is a duplicate."),
        ("ps-roc-vs-pr", "That means 97 % of the parts are classified correctly."),
        ("ps-twenty-segments", "The effect is real with 97 % probability."),
        ("cb-streaming-stats", "Doubles are precise enough."),
    ],
)
def test_falsehoods_as_they_are_said_are_still_caught(question_id: str, falsehood: str) -> None:
    assert contradicted(bank().question(question_id), falsehood)
