"""Makes a question of the fundamentals or of the system design round from its text and a model answer.

`propose` cuts the answer into checkpoints; a person edits them; `question_from` adds what every question needs besides
(hints that go from a nudge to the answer, answers of four levels) from the same words, so that it can be asked at once.
Everything is the author's own text, nothing is invented. Does not know pages.

Coding needs tests that run, which no answer gives. A behavioural answer is somebody's own story: its sentences are no
checkpoints for anybody else's, so that round has no questions from a reference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.authoring import nearest
from bot.domain.base import RoundId
from bot.domain.content import Checkpoint, Question, Rubric
from bot.errors import InputRefused
from bot.scoring import references
from bot.scoring.levels import MIN_ASSESSED


@dataclass(frozen=True, slots=True)
class Shape:
    """What a question of a round is like. `fewest`, `most`: checkpoints. `alone`: it is a round of its own, so that its
    checkpoints must reach what a score needs. `nudges`: the first two hints."""

    fewest: int
    most: int
    minutes: int
    alone: bool
    nudges: tuple[str, str]
    challenge: str


SHAPES: Mapping[RoundId, Shape] = {
    RoundId.PHONE_SCREEN: Shape(
        5,
        12,
        5,
        False,
        (
            "Say in your own words what is asked, and what somebody who knows the answer would begin with.",
            "Where does this come up in practice, and what goes wrong there?",
        ),
        "How would you convince a colleague who doubts what you just said?",
    ),
    RoundId.ML_SYSTEM_DESIGN: Shape(
        8,
        20,
        40,
        True,
        (
            "Go back to the goal: who acts on the result, and what does a wrong one cost?",
            "Follow one example through your system, from where its data come from to what happens after it is shown.",
        ),
        "What is the weakest part of your design, and how would you find out before your users do?",
    ),
}
"""The rounds whose questions can be made from a model answer, and what such a question is like."""
_PROBES = (
    "What would you say about {name} here?",
    "What else matters for {name}?",
    "Is there anything in {name} that you would not leave out?",
)


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
    round: RoundId = RoundId.PHONE_SCREEN

    @property
    def shape(self) -> Shape:
        """What its question is like. Raises `InputRefused` for a round without such questions."""
        if self.round not in SHAPES:
            rounds = " and ".join(r.label for r in SHAPES)
            raise InputRefused(f"A question of this round cannot be made from a model answer: only {rounds}.")
        return SHAPES[self.round]


def propose(draft: Draft, rubric: Rubric, known: Collection[Question] = ()) -> Draft:
    """The draft with checkpoints proposed from its model answer, each under the dimension that its nearest relatives
    among the `known` questions of the round have.

    Raises `InputRefused` when a part of the draft is missing."""
    for name, text in (
        ("a title", draft.title),
        ("a question", draft.opening),
        ("a model answer", draft.reference),
    ):
        if not text.strip():
            raise InputRefused(f"There is no text for {name}.", hint="Write it, then look at the proposal.")
    first = rubric.dimensions[0].id
    found = references.propose(draft.opening, draft.reference, dimension=first, limit=draft.shape.most)
    likely = nearest.dimensions([q for q in known if q.round is draft.round], rubric)
    points = tuple(Point(c.statement, c.any_of, likely(c.statement), c.kind) for c in found)
    return Draft(draft.title.strip(), draft.opening.strip(), draft.reference.strip(), points, draft.round)


def question_from(draft: Draft, known: Collection[Question], rubric: Rubric) -> Question:
    """The question, complete. Competencies and articles are those of the known question that shares most words.

    Raises `InputRefused` with what to change."""
    points = [p for p in draft.points if p.statement.strip()]
    shape = draft.shape
    if not shape.fewest <= len(points) <= shape.most:
        raise InputRefused(
            f"A question has {shape.fewest} to {shape.most} checkpoints; this one has {len(points)}.",
            hint="Write what is missing as checkpoints of its own, or cut a long one in two.",
        )
    like = nearest.question(
        f"{draft.title} {draft.opening} {draft.reference}", [q for q in known if q.round is draft.round]
    )
    if like is None:
        raise InputRefused("The bank has no question of this round.", hint="See docs/authoring.md.")
    asked: Counter[str] = Counter()
    made = []
    for number, point in enumerate(points, 1):
        checkpoint = _checkpoint(number, point, draft, rubric, asked)
        asked[checkpoint.dimension] += 1
        made.append(checkpoint)
    checkpoints = tuple(made)
    if shape.alone:
        _reaches_a_score(checkpoints, rubric)
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


def _reaches_a_score(checkpoints: Sequence[Checkpoint], rubric: Rubric) -> None:
    """Raises `InputRefused` when full answers to all of them would still be too little for a score."""
    musts = {c.dimension for c in checkpoints if c.kind == "must"}
    reached = sum(d.weight for d in rubric.dimensions if d.id in musts and d.evidence == "checkpoints")
    if reached < MIN_ASSESSED - 1e-9:
        open_ones = [d.name for d in rubric.dimensions if d.id not in musts and d.evidence == "checkpoints"]
        raise InputRefused(
            f"What is expected here covers {reached:.0%} of what this round is scored on; a score needs {MIN_ASSESSED:.0%}.",
            hint=f"Nothing expected counts towards: {', '.join(open_ones)}.",
        )


def _checkpoint(
    number: int, point: Point, draft: Draft, rubric: Rubric, asked: Mapping[str, int]
) -> Checkpoint:
    """`asked`: how many checkpoints each dimension has already, so that the interviewer does not repeat itself."""
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
                "probe": _PROBES[asked.get(dimension, 0) % len(_PROBES)].format(
                    name=_inside(rubric, dimension)
                ),
            }
        )
    except ValidationError as problem:
        raise InputRefused(
            f"Checkpoint {number}: {problem.errors()[0]['msg']}.", hint="Change its wordings, one a line."
        ) from problem


def _inside(rubric: Rubric, dimension: str) -> str:
    """A dimension's name inside a sentence: small, but for what is written in capitals."""
    first, _, rest = rubric.dimension(dimension).name.partition(" ")
    return " ".join(filter(None, (first if first.isupper() else first.lower(), rest)))


def _fields(
    draft: Draft, checkpoints: Sequence[Checkpoint], like: Question, taken: Collection[str]
) -> dict[str, Any]:
    statements = [c.statement for c in checkpoints]
    count = len(statements)
    hints = [
        *draft.shape.nudges,
        f"A full answer names {count} things. Which of them have you named so far?",
        {"text": f"One of them: {statements[0]}", "helps": [checkpoints[0].id]},
        f"A full answer would be: {draft.reference}",
    ]
    shares = {"level_2": 0.4, "level_3": 0.75}
    answers = {level: " ".join(statements[: max(1, round(share * count))]) for level, share in shares.items()}
    return {
        "id": _free_id(draft.title, taken),
        "round": draft.round,
        "title": " ".join(draft.title.split()),
        "minutes": draft.shape.minutes,
        "competencies": like.competencies,
        "articles": like.articles,
        "opening": draft.opening.strip(),
        "checkpoints": checkpoints,
        "hints": hints,
        "challenges": [draft.shape.challenge],
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
