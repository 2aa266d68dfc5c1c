"""Makes a question of the fundamentals round from its text and a model answer: proposed, edited, written, usable at once.

`propose` cuts the answer into checkpoints; a person edits them; `question_from` adds what every question needs besides
(hints that go from a nudge to the answer, answers of four levels) from the same words. Everything is the author's own
text, nothing is invented. Does not know pages.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.domain.base import RoundId
from bot.domain.content import Checkpoint, Question, Rubric
from bot.errors import InputRefused
from bot.scoring import references
from bot.scoring.text import read

ROUND = RoundId.PHONE_SCREEN
"""The round whose questions need nothing but words: no code, no phases."""
FEWEST, MOST = 5, 12
"""Checkpoints of a question."""
_PROBE = "What else belongs to a complete answer here?"


@dataclass(frozen=True, slots=True)
class Point:
    """A checkpoint as a person edits it. `wordings`: one a line; empty: made from the statement."""

    statement: str
    wordings: tuple[str, ...] = ()
    dimension: str = ""
    kind: str = "must"


@dataclass(frozen=True, slots=True)
class Draft:
    """A question on its way."""

    title: str
    opening: str
    reference: str
    points: tuple[Point, ...] = ()


def propose(draft: Draft, rubric: Rubric) -> Draft:
    """The draft with checkpoints proposed from its model answer, each under the rubric's first dimension.

    Raises `InputRefused` when a part of the draft is missing."""
    for name, text in (
        ("a title", draft.title),
        ("a question", draft.opening),
        ("a model answer", draft.reference),
    ):
        if not text.strip():
            raise InputRefused(f"There is no text for {name}.", hint="Write it, then look at the proposal.")
    first = rubric.dimensions[0].id
    found = references.propose(draft.opening, draft.reference, dimension=first, limit=MOST)
    points = tuple(Point(c.statement, c.any_of, c.dimension, c.kind) for c in found)
    return Draft(draft.title.strip(), draft.opening.strip(), draft.reference.strip(), points)


def question_from(draft: Draft, known: Collection[Question], rubric: Rubric) -> Question:
    """The question, complete. Competencies and articles are those of the known question that shares most words.

    Raises `InputRefused` with what to change."""
    points = [p for p in draft.points if p.statement.strip()]
    if not FEWEST <= len(points) <= MOST:
        raise InputRefused(
            f"A question has {FEWEST} to {MOST} checkpoints; this one has {len(points)}.",
            hint="Write what is missing as checkpoints of its own, or cut a long one in two.",
        )
    like = _nearest(draft, [q for q in known if q.round is ROUND])
    checkpoints = tuple(_checkpoint(n, p, draft, rubric) for n, p in enumerate(points, 1))
    try:
        return Question.model_validate(_fields(draft, checkpoints, like, {q.id for q in known}))
    except ValidationError as problem:
        first = problem.errors()[0]
        raise InputRefused(
            f"{' '.join(map(str, first['loc'])) or 'The question'}: {first['msg']}.",
            hint="Change it and keep the question again.",
        ) from problem


def write(question: Question, folder: Path) -> Path:
    """Write the file into `folder/<round>/`, laid out as the bank is; its path."""
    path = folder / question.round.value / f"{question.id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    data = question.model_dump(mode="json", exclude_defaults=True)
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(text, encoding="utf-8")
    return path


def _checkpoint(number: int, point: Point, draft: Draft, rubric: Rubric) -> Checkpoint:
    statement = " ".join(point.statement.split())
    wordings = tuple(dict.fromkeys(w.strip() for w in point.wordings if w.strip()))
    known = {d.id for d in rubric.dimensions}
    dimension = point.dimension if point.dimension in known else rubric.dimensions[0].id
    if not wordings:
        made = references.propose(draft.opening, statement, dimension=dimension, limit=1)
        if not made:
            raise InputRefused(
                f"“{statement}” has no words to recognise it by.", hint="Say it in a whole sentence."
            )
        wordings = made[0].any_of
    try:
        return Checkpoint.model_validate(
            {
                "id": f"point-{number}",
                "statement": statement,
                "dimension": dimension,
                "kind": "nice" if point.kind == "nice" else "must",
                "any_of": wordings,
                "probe": _PROBE,
            }
        )
    except ValidationError as problem:
        raise InputRefused(
            f"Checkpoint {number}: {problem.errors()[0]['msg']}.", hint="Change its wordings, one a line."
        ) from problem


def _fields(
    draft: Draft, checkpoints: Sequence[Checkpoint], like: Question, taken: Collection[str]
) -> dict[str, Any]:
    statements = [c.statement for c in checkpoints]
    count = len(statements)
    hints = [
        "Say in your own words what is asked, and what somebody who knows the answer would begin with.",
        "Where does this come up in practice, and what goes wrong there?",
        f"A full answer names {count} things. Which of them have you named so far?",
        {"text": f"One of them: {statements[0]}", "helps": [checkpoints[0].id]},
        f"A full answer would be: {draft.reference}",
    ]
    shares = {"level_2": 0.4, "level_3": 0.75}
    answers = {level: " ".join(statements[: max(1, round(share * count))]) for level, share in shares.items()}
    return {
        "id": _free_id(draft.title, taken),
        "round": ROUND,
        "title": " ".join(draft.title.split()),
        "minutes": 5,
        "competencies": like.competencies,
        "articles": like.articles,
        "opening": draft.opening.strip(),
        "checkpoints": checkpoints,
        "hints": hints,
        "challenges": ["How would you convince a colleague who doubts what you just said?"],
        "expects": {
            "junior": "The main points, with help.",
            "mid": "Most points, the first ones without help.",
            "senior": "All points, with reasons.",
            "staff": "All points, with reasons and with where they stop to hold.",
        },
        "answers": {"level_1": "I have not worked with that yet, so I would have to look it up.", **answers,
                    "level_4": draft.reference},
    }  # fmt: skip


def _free_id(title: str, taken: Collection[str]) -> str:
    words = re.findall(r"[a-z0-9]+", title.lower())[:6] or ["question"]
    base = "own-" + "-".join(words)
    return next(
        name for n in range(1, len(taken) + 2) if (name := base if n == 1 else f"{base}-{n}") not in taken
    )


def _nearest(draft: Draft, known: Sequence[Question]) -> Question:
    """The question that shares most words with the draft: what it belongs to, the draft belongs to."""
    words = _stems(f"{draft.title} {draft.opening} {draft.reference}")

    def shared(question: Question) -> float:
        other = _stems(f"{question.title} {question.opening} {question.answers.level_4}")
        return len(words & other) / max(1, len(words | other))

    best = max(known, key=shared, default=None)
    if best is None:
        raise InputRefused("The bank has no question of this round.", hint="See docs/authoring.md.")
    return best


def _stems(text: str) -> frozenset[str]:
    return frozenset(t.stem for t in read(text).tokens if t.is_content)
