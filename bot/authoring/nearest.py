"""What of the bank is nearest to a text somebody wrote: the dimension a statement belongs to, the question it resembles.

By shared words, rare ones weighing more. A proposal for a person to look at, never a verdict: where each bank question in
turn is left out, the proposed dimension is its author's for 76 % of the checkpoints of system design and 47 % of the
phone screen (always the most frequent one: 25 and 36 %). Does not know drafts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from bot.domain.content import Question, Rubric
from bot.scoring.text import read

NEIGHBOURS = 15
"""Known checkpoints that vote on a statement's dimension."""


def stems(text: str) -> frozenset[str]:
    """The content words of a text, as stems."""
    return frozenset(t.stem for t in read(text).tokens if t.is_content)


def dimensions(known: Iterable[Question], rubric: Rubric) -> Callable[[str], str]:
    """Gives the function from a statement to the id of the dimension that its nearest checkpoints vote for; the
    rubric's first where nothing is shared. Only dimensions that are scored by checkpoints are proposed."""
    counted = {d.id for d in rubric.dimensions if d.evidence == "checkpoints"}
    rows = [(c.dimension, stems(c.statement)) for q in known for c in q.checkpoints if c.dimension in counted]
    seen = Counter(stem for _, words in rows for stem in words)
    weight = {stem: math.log(1 + len(rows) / n) for stem, n in seen.items()}

    def likely(statement: str) -> str:
        words = stems(statement)
        near = sorted(((_shared(words, other, weight), dimension) for dimension, other in rows), reverse=True)
        votes: dict[str, float] = {}
        for share, dimension in near[:NEIGHBOURS]:
            votes[dimension] = votes.get(dimension, 0.0) + share
        best = max(votes, key=votes.__getitem__, default="")
        return best if votes.get(best, 0.0) > 0 else rubric.dimensions[0].id

    return likely


def _shared(a: frozenset[str], b: frozenset[str], weight: Mapping[str, float]) -> float:
    whole = sum(weight.get(s, 1.0) for s in a) * sum(weight.get(s, 1.0) for s in b)
    return sum(weight.get(s, 1.0) for s in a & b) / math.sqrt(whole) if whole else 0.0


def question(text: str, known: Collection[Question]) -> Question | None:
    """The known question that shares most words with a text; None when there is none."""
    words = stems(text)

    def shared(other: Question) -> float:
        theirs = stems(f"{other.title} {other.opening} {other.answers.level_4}")
        return len(words & theirs) / max(1, len(words | theirs))

    return max(known, key=shared, default=None)
