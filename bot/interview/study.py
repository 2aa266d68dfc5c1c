"""The study list of a scorecard: for each miss, one cited passage of an article.

Asks the library with the words of the missed checkpoint; prefers the articles that the question names. Does not know
how passages are found, and a broken or empty index only leaves the list empty, with a note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.content import Question
from bot.domain.judgement import Status
from bot.domain.library import Citation
from bot.domain.scorecard import CheckpointResult, Scorecard, StudyItem
from bot.errors import KnowledgeError

MOST = 6
"""Items on a study list: what can be read in one sitting."""

Search = Callable[[str], Sequence[Citation]]
"""Passages for a query, best first, none when nothing is relevant. Raises `KnowledgeError`."""


def with_study_list(card: Scorecard, questions: Mapping[str, Question], search: Search) -> Scorecard:
    """The scorecard with its study list: misses in the order of their cost, no passage twice."""
    items: list[StudyItem] = []
    seen: set[tuple[str, int]] = set()
    try:
        for result in _misses(card):
            if len(items) == MOST:
                break
            found = _best(result, questions.get(result.question), search, seen)
            if found is not None:
                seen.add((found.article, found.start))
                items.append(found)
    except KnowledgeError as problem:
        note = f"The study list could not be made: {problem}"
        return card.model_copy(update={"study": tuple(items), "notes": (*card.notes, note)})
    return card.model_copy(update={"study": tuple(items)})


def _misses(card: Scorecard) -> list[CheckpointResult]:
    """What cost most first: asked musts without credit, then partly credited ones, then nice-to-haves."""
    short = [c for c in card.checkpoints if c.credit < 1]
    cost = {"must": 1.0, "nice": 0.3}
    wrong = {Status.WRONG: 1.0}
    return sorted(
        short,
        key=lambda c: (
            -(cost[c.kind] * c.weight * (1 - c.credit) + wrong.get(c.status, 0.0)) * (1 if c.asked else 0.5)
        ),
    )


def _best(
    result: CheckpointResult, question: Question | None, search: Search, seen: set[tuple[str, int]]
) -> StudyItem | None:
    title = question.title if question is not None else ""
    found = [c for c in search(f"{title}: {result.statement}") if (c.article, c.start) not in seen]
    if not found:
        return None
    named = [c for c in found if question is not None and c.article in question.articles]
    best = (named or found)[0]
    return StudyItem(
        about=result.statement,
        question=result.question,
        checkpoint=result.checkpoint,
        article=best.article,
        title=best.title,
        section=best.section,
        text=best.text,
        start=best.start,
        end=best.end,
        score=best.score,
    )
