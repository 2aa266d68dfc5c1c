"""Ranks rows by a weighted sum of cosine and BM25. Pure; knows neither where the scores come from nor what a row is.

score = w x cosine + (1 - w) x BM25 / best BM25 of the query. Measured against rank fusion and min-max mixing in
docs/retrieval.md; rank fusion throws away how far apart the scores are, and loses where one side is far stronger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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


def rank(cosine: Mapping[int, float], bm25: NDArray[np.float32], weight: float, limit: int) -> list[Ranked]:
    """The `limit` best rows of the union of both candidate lists, best first; ties go to the lower row."""
    top = float(bm25.max(initial=0.0))
    scale = 1.0 / top if top > 0 else 0.0
    rows = set(cosine)
    if weight < 1.0 and top > 0:
        rows.update(best(bm25, limit))
    found = []
    for row in rows:
        dense, lexical = cosine.get(row, 0.0), float(bm25[row]) * scale
        found.append(Ranked(row, weight * dense + (1.0 - weight) * lexical, dense, lexical))
    found.sort(key=lambda entry: (-entry.score, entry.row))
    return found[:limit]
