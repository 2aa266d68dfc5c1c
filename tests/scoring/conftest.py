"""A small question with a rubric, so that tests of scoring do not hang on the bank's content."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.base import Level, RoundId
from bot.domain.content import Question, Rubric
from bot.domain.ports import JudgeRequest, Line

QUESTION = {
    "id": "tq-bias",
    "round": "phone_screen",
    "title": "Two failing models",
    "minutes": 4,
    "competencies": ["C08"],
    "articles": ["bias-variance"],
    "opening": "One model is poor in training and the other only on new data. What is wrong with each, and what next?",
    "facts": [
        {"asks": ["how many rows|examples", "data size"], "answer": "Forty thousand rows."},
        {"asks": ["label noise", "people agree"], "answer": "People disagree on eight per cent."},
    ],
    "checkpoints": [
        {
            "id": "bias",
            "statement": "Bias is the systematic error of a model that is too simple.",
            "dimension": "PS-CORR",
            "any_of": ["systematic error", "too simple|rigid"],
            "probe": "What does bias mean?",
            "contra": [{"says": ["bias memorise"], "challenge": "Would it fit the training rows then?"}],
        },
        {
            "id": "variance",
            "statement": "Variance is how the model changes with the sample.",
            "dimension": "PS-CORR",
            "any_of": ["sensitive sample|data", "changes with|another sample"],
            "probe": "What does variance mean?",
        },
        {
            "id": "gap",
            "statement": "The gap between training and validation error tells them apart.",
            "dimension": "PS-MECH",
            "any_of": ["gap|difference training validation|new"],
            "all_of": [["training error high|low"]],
            "probe": "How do you tell?",
        },
        {
            "id": "remedy",
            "statement": "More flexible model for the first, regularisation for the second.",
            "dimension": "PS-APPL",
            "any_of": ["more flexible|features", "regularise|regularisation"],
            "probe": "What would you do?",
        },
        {
            "id": "decomposition",
            "statement": "Squared error splits into bias squared, variance and noise.",
            "dimension": "PS-QUANT",
            "kind": "nice",
            "any_of": ["bias squared variance"],
            "probe": "Is there a formula?",
        },
    ],
    "hints": [
        "Look at the figures.",
        "Two sources.",
        "A trade-off.",
        "The first is too rigid.",
        "Bias and variance.",
    ],
    "challenges": ["More data: what happens?"],
    "expects": {"junior": "a", "mid": "b", "senior": "c", "staff": "d"},
    "answers": {"level_1": "a", "level_2": "b", "level_3": "c", "level_4": "d"},
}


@pytest.fixture(scope="session")
def question() -> Question:
    """Four musts over three dimensions, one nice."""
    return Question.model_validate(QUESTION)


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    """The phone screen's dimensions with short anchors."""
    anchors = {f"level_{n}": f"anchor {n}" for n in range(1, 5)}
    rows = [
        ("PS-CORR", 0.30, "checkpoints"),
        ("PS-MECH", 0.20, "checkpoints"),
        ("PS-APPL", 0.20, "checkpoints"),
        ("PS-QUANT", 0.15, "checkpoints"),
        ("PS-COMM", 0.15, "holistic"),
    ]
    return Rubric.model_validate(
        {
            "id": "test",
            "version": 1,
            "round": RoundId.PHONE_SCREEN,
            "dimensions": [
                {"id": i, "name": i, "weight": w, "evidence": e, "anchors": anchors} for i, w, e in rows
            ],
            "caps": [
                {"id": "round", "rule": "dimension_at_most", "target": "round", "at_most": 2.4, "count": 1,
                 "dimension": "PS-CORR", "why": "the core is wrong"},
                {"id": "false", "rule": "false_claims_survive", "target": "PS-CORR", "at_most": 2, "count": 2,
                 "dimension": "PS-CORR", "why": "two false claims"},
            ],
        }
    )  # fmt: skip


@pytest.fixture
def ask(question: Question, rubric: Rubric) -> Callable[..., JudgeRequest]:
    """Makes a request from lines: alternately interviewer and candidate, the opening first."""

    def make(*texts: str) -> JudgeRequest:
        spoken = (question.opening, *texts)
        lines = tuple(
            Line(i, "interviewer" if i % 2 else "candidate", text) for i, text in enumerate(spoken, start=1)
        )
        return JudgeRequest(question, rubric, Level.MID, lines, lines[-1].turn)

    return make
