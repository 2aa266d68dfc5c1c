"""Processor time of offline judgements: first and later answers to each question, short and long, and answers from references.

    python -m tests.scoring.bench_judge [--every N]

Each row runs in a process of its own, so that the first answer to a question finds nothing read. An answer of N words is made
of the bank's own answers, the question's first. Python's passes over all objects in memory come at a moment of their own
choosing and are told apart. Not part of the suite: figures go to docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import NamedTuple

from bot.bank import Bank, load_bank
from bot.domain.base import Level
from bot.domain.content import Question
from bot.domain.ports import JudgeRequest, Line
from bot.resources import corpus_dir, prompts_dir
from bot.scoring.batch import Item, score_item
from bot.scoring.offline import judge_answer

REFERENCES, REFERENCE_WORDS = 5, 400


class Times(NamedTuple):
    """Milliseconds of each judgement, and of the passes over all objects meanwhile."""

    each: list[float]
    passes: list[float]


def _timed(tasks: Iterator[Callable[[], object]]) -> Times:
    """Runs the tasks one after the other; what makes a task ready is not counted."""
    each: list[float] = []
    passes: list[float] = []
    for task in tasks:
        gc.disable()
        started = time.process_time()
        task()
        each.append(1000 * (time.process_time() - started))
        gc.enable()
        if len(each) % 50 == 0:
            started = time.process_time()
            gc.collect()
            passes.append(1000 * (time.process_time() - started))
    return Times(each, passes)


def _words(questions: Sequence[Question], at: int, count: int, skip: int = 0) -> str:
    """So many words of the reference answers, beginning with those of the question at this place."""
    said = (
        word
        for question in (*questions[at:], *questions[:at])
        for text in question.answers.by_level().values()
        for word in text.split()
    )
    return " ".join(islice(said, skip, skip + count))


def _judging(bank: Bank, question: Question, answer: str) -> Callable[[], object]:
    lines = (Line(1, "interviewer", question.opening), Line(2, "candidate", answer))
    request = JudgeRequest(question, bank.rubric(question.round), Level.MID, lines, 2)
    return lambda: judge_answer(request)


def interview(count: int, every: int) -> tuple[Times, Times]:
    """The first answer to each question, and a later one; of so many words, or the reference answers where that is 0."""
    bank = load_bank(prompts_dir(), corpus_dir())
    questions = list(bank.questions.values())
    judge_answer_once = _judging(bank, questions[0], "It is ready.")
    judge_answer_once()
    asked = list(enumerate(questions))[::every]
    first = _timed(
        _judging(bank, q, _words(questions, i, count) if count else q.answers.level_3) for i, q in asked
    )
    later = _timed(
        _judging(bank, q, _words(questions, i, count, skip=97) if count else q.answers.level_4)
        for i, q in asked
    )
    return first, later


def references(count: int, every: int) -> tuple[Times, Times]:
    """Answers of so many words from five references each: references that are new, and the same ones again."""
    questions = list(load_bank(prompts_dir(), corpus_dir()).questions.values())
    asked = list(enumerate(questions))[:: 4 * every]

    def scoring(at: int, question: Question, skip: int) -> Callable[[], object]:
        full = [_words(questions, at + k, REFERENCE_WORDS) for k in range(REFERENCES)]
        answer = _words(questions, at, count, skip)
        item = Item(id=question.id, question=question.opening, answer=answer, reference=tuple(full))
        return lambda: score_item(item, {}, {})

    scoring(0, questions[0], 0)()
    first = _timed(scoring(i, q, 31) for i, q in asked)
    later = _timed(scoring(i, q, 97) for i, q in asked)
    return first, later


ROWS: tuple[tuple[str, Callable[[int, int], tuple[Times, Times]], int], ...] = (
    ("a reference answer of the bank", interview, 0),
    ("800 words", interview, 800),
    ("1,500 words", interview, 1_500),
    ("3,000 words", interview, 3_000),
    ("150 words, five references of 400", references, 150),
    ("1,500 words, five references of 400", references, 1_500),
    ("3,000 words, five references of 400", references, 3_000),
)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.scoring.bench_judge", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="only each Nth question")
    args = parser.parse_args(argv)
    print("| answer | when | n | median | 95 % | max | longest pass over memory |\n" + "|---" * 7 + "|")
    for name, measure, count in ROWS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
            found = fresh.submit(measure, count, args.every).result()
        for when, times in zip(("first", "later"), found, strict=True):
            ranked = sorted(times.each)
            figures = (statistics.median(ranked), ranked[int(0.95 * (len(ranked) - 1))], ranked[-1])
            told = " | ".join(f"{ms:.1f}" for ms in figures)
            print(
                f"| {name} | {when} | {len(ranked)} | {told} | {max(times.passes, default=0.0):.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
