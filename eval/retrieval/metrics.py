"""Ranking measures and their uncertainty. Pure; knows neither collections nor embedders.

nDCG follows Järvelin & Kekäläinen 2002 with linear gain and log2 discount, as trec_eval and BEIR compute it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Judgements = Mapping[str, int]
"""Document -> grade (0 = not relevant) of one query."""


def ndcg(ranked: Sequence[str], grades: Judgements, k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first `k`, 0 to 1."""
    gain = sum(grades.get(name, 0) / math.log2(at + 2) for at, name in enumerate(ranked[:k]))
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:k]
    best = sum(grade / math.log2(at + 2) for at, grade in enumerate(ideal))
    return gain / best if best else 0.0


def recall(ranked: Sequence[str], grades: Judgements, k: int = 10) -> float:
    """Share of the relevant documents among the first `k`, 0 to 1."""
    relevant = {name for name, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else 0.0


def hit(ranked: Sequence[str], grades: Judgements, k: int = 5) -> float:
    """1 when any relevant document is among the first `k`, else 0."""
    return float(any(grades.get(name, 0) > 0 for name in ranked[:k]))


MEASURES: Mapping[str, Callable[[Sequence[str], Judgements], float]] = {
    "ndcg@10": lambda ranked, grades: ndcg(ranked, grades, 10),
    "recall@10": lambda ranked, grades: recall(ranked, grades, 10),
    "hit@5": lambda ranked, grades: hit(ranked, grades, 5),
}


class Interval(NamedTuple):
    """A mean and its 95 % percentile bootstrap interval over queries."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def bootstrap(values: Sequence[float], *, draws: int = 2000, seed: int = 7) -> Interval:
    """The mean of `values` with its interval; for a paired comparison pass the differences."""
    if not values:
        return Interval(0.0, 0.0, 0.0)
    chance = random.Random(seed)
    n = len(values)
    means = sorted(sum(chance.choices(values, k=n)) / n for _ in range(draws))
    return Interval(sum(values) / n, means[int(0.025 * draws)], means[int(0.975 * draws) - 1])
