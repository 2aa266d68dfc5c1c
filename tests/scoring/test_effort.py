"""How much work a judgement is, in counts and not in time: a text is read once, and twice the text is twice the work."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest

from bot.domain.base import Level
from bot.domain.ports import JudgeRequest, Line
from bot.scoring import text, wordings
from bot.scoring.batch import Item, score_item
from bot.scoring.offline import judge_answer
from tests.support.bank import real_bank

SLACK = 1.35
"""What twice the text may cost beyond twice the work: caches are empty, and a rare guard may see more."""


def _calls(task: Callable[[], object]) -> int:
    """How many functions are called, Python's own included."""
    counts: Counter[str] = Counter()

    def see(_frame: FrameType, event: str, _arg: object) -> None:
        counts[event] += 1

    sys.setprofile(see)
    try:
        task()
    finally:
        sys.setprofile(None)
    return counts["call"] + counts["c_call"]


def _words(count: int, marked: str) -> str:
    """An answer of about so many words, each sentence another one; texts with another mark share no sentence."""
    answers = [a for q in list(real_bank().questions.values())[40:90] for a in q.answers.by_level().values()]
    said = " ".join(f"{marked} {a}" for a in answers).split()
    return " ".join(said[:count])


def _request(answer: str) -> JudgeRequest:
    bank = real_bank()
    question = bank.question("ps-bias-variance")
    lines = (Line(1, "interviewer", question.opening), Line(2, "candidate", answer))
    return JudgeRequest(question, bank.rubric(question.round), Level.MID, lines, 2)


def _interview(answer: str) -> object:
    return judge_answer(_request(answer))


def _references(answer: str) -> object:
    full = real_bank().question("ps-bias-variance").answers
    item = Item(id=1, question="Why?", answer=answer, reference=(full.level_4, full.level_3))
    return score_item(item, {}, {})


@pytest.mark.parametrize("judge", [_interview, _references])
def test_twice_the_words_are_twice_the_work(judge: Callable[[str], object]) -> None:
    judge(_words(300, "Warm."))
    one = _calls(lambda: judge(_words(500, "First.")))
    two = _calls(lambda: judge(_words(1_000, "Second.")))
    assert two < 2 * SLACK * one, "work must grow with the length of an answer, not with its square"


@pytest.mark.parametrize("piece", ["Not so. ", "It is wrong, ", "a " * 3, "(((", "one two three. "])
def test_odd_texts_grow_no_faster(piece: str) -> None:
    _interview(piece * 50)
    one = _calls(lambda: _interview(piece * 200))
    two = _calls(lambda: _interview(piece * 400))
    assert two < 2 * SLACK * one


def test_an_answer_is_read_once_for_all_its_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = [
        f"Sentence number {i} of an answer that nobody gave before speaks of bias." for i in range(30)
    ]
    read: list[str] = []
    tokens = text._tokens
    monkeypatch.setattr(text, "_tokens", lambda piece, spots: (read.append(piece), tokens(piece, spots))[1])
    judge_answer(_request(" ".join(sentences)))
    assert len([piece for piece in read if "nobody gave before" in piece]) == len(sentences)


def test_most_wordings_are_looked_for_in_no_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    places = wordings._places
    monkeypatch.setattr(wordings, "_places", lambda w, s: (looked.append(w.source), places(w, s))[1])
    request = _request("Bias is the systematic error of a model that is too simple. " + _words(400, "Then."))
    judge_answer(request)
    every = [
        w for c in request.question.checkpoints for w in (*c.any_of, *(s for x in c.contra for s in x.says))
    ]
    sentences = len(text.read(request.lines[-1].text).sentences)
    assert looked
    assert len(looked) < 0.15 * len(every) * sentences
