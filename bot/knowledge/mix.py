"""Ranks rows by a weighted sum of cosine, BM25 and coverage. Pure; does not know where scores come from, or rows.

score = w x cosine + (1 - w) x BM25 / best BM25 of the query + c x coverage, where coverage is the share of the
query's words (weighted by rarity) that a row holds: BM25 alone likes one rare word repeated. Compared with other
ways in docs/retrieval.md; rank fusion throws away how far apart scores are, and loses where one side is stronger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.knowledge.lexical import Match


class Weights(NamedTuple):
    """What each part of the score counts. `bm25` is multiplied with BM25 divided by the best of the query."""

    cosine: float
    bm25: float
    coverage: float = 0.0


DENSE_ONLY = Weights(1.0, 0.0)
WORDS_ONLY = Weights(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row and its scores; `bm25` is divided by the best of the query."""

    row: int
    score: float
    cosine: float
    bm25: float


def best(scores: NDArray[np.float32], limit: int) -> list[int]:
    """Places of the `limit` highest scores above zero, best first; ties go to the lower place."""
    import numpy as np

    found = np.flatnonzero(scores > 0)
    if len(found) > limit:
        bar = np.partition(scores[found], len(found) - limit)[len(found) - limit]
        found = found[scores[found] >= bar]
    order = np.lexsort((found, -scores[found]))
    return [int(at) for at in found[order][:limit]]


def rank(cosine: Mapping[int, float], words: Match, weights: Weights, limit: int) -> list[Ranked]:
    """The `limit` best rows of the union of both candidate lists, best first; ties go to the lower row."""
    top = float(words.bm25.max(initial=0.0))
    scale = 1.0 / top if top > 0 else 0.0
    rows = set(cosine)
    if weights.bm25 > 0 and top > 0:
        rows.update(best(words.bm25, limit))
    found = []
    for row in rows:
        dense, lexical = cosine.get(row, 0.0), float(words.bm25[row]) * scale
        score = (
            weights.cosine * dense + weights.bm25 * lexical + weights.coverage * float(words.coverage[row])
        )
        found.append(Ranked(row, score, dense, lexical))
    found.sort(key=lambda entry: (-entry.score, entry.row))
    return found[:limit]
