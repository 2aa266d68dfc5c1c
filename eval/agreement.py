"""Agreement between scores and people: correlations, kappas, errors, and intervals by resampling questions then answers.

Pure functions over plain lists. A figure that cannot be computed (no variance, too few cases) is None, never a zero.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple


class Case(NamedTuple):
    """One scored answer: the question it belongs to, the score and the human mark (both 0..1), its length in words."""

    question: str
    score: float
    human: float
    words: int


Metric = Callable[[Sequence[Case]], float | None]


class Estimate(NamedTuple):
    """A figure with its 95 % interval."""

    value: float | None
    low: float | None
    high: float | None

    def __str__(self) -> str:
        if self.value is None:
            return "-"
        if self.low is None or self.high is None:
            return f"{self.value:.3f}"
        return f"{self.value:.3f} [{self.low:.2f}, {self.high:.2f}]"


def pearson(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's r; None with fewer than three pairs or no variance."""
    n = len(xs)
    if n < 3:
        return None
    mx, my = math.fsum(xs) / n, math.fsum(ys) / n
    sxx = math.fsum((x - mx) ** 2 for x in xs)
    syy = math.fsum((y - my) ** 2 for y in ys)
    if sxx < 1e-12 or syy < 1e-12:
        return None
    return math.fsum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / math.sqrt(sxx * syy)


def spearman(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Spearman's rho with average ranks for ties."""
    return pearson(_ranks(xs), _ranks(ys))


def weighted_kappa(a: Sequence[int], b: Sequence[int], levels: int) -> float | None:
    """Cohen's kappa with quadratic weights over levels 0..levels-1; with two levels it is the plain kappa."""
    n = len(a)
    if n < 3 or levels < 2:
        return None
    observed = math.fsum((i - j) ** 2 for i, j in zip(a, b, strict=True)) / n
    rows = [a.count(k) / n for k in range(levels)]
    columns = [b.count(k) / n for k in range(levels)]
    expected = math.fsum(rows[i] * columns[j] * (i - j) ** 2 for i in range(levels) for j in range(levels))
    return 1 - observed / expected if expected > 1e-12 else None


def r(cases: Sequence[Case]) -> float | None:
    """Pearson's r over all cases."""
    return pearson([c.score for c in cases], [c.human for c in cases])


def rho(cases: Sequence[Case]) -> float | None:
    """Spearman's rho over all cases."""
    return spearman([c.score for c in cases], [c.human for c in cases])


def within(cases: Sequence[Case], smallest: int = 5) -> float | None:
    """Mean of the questions' own r; questions with fewer answers or one human mark only are left out, a constant
    score counts as 0."""
    values = [
        r(group) or 0.0
        for group in by_question(cases).values()
        if len(group) >= smallest and len({c.human for c in group}) > 1
    ]
    return math.fsum(values) / len(values) if values else None


def rmse(cases: Sequence[Case]) -> float | None:
    """Root mean squared error on 0..1."""
    return math.sqrt(math.fsum((c.score - c.human) ** 2 for c in cases) / len(cases)) if cases else None


def bias(cases: Sequence[Case]) -> float | None:
    """Mean of score minus human mark."""
    return math.fsum(c.score - c.human for c in cases) / len(cases) if cases else None


def smd(cases: Sequence[Case]) -> float | None:
    """Standardised mean difference: the bias in units of the mean spread (root of the mean variance) of both."""
    if len(cases) < 3:
        return None
    spreads = []
    for values in ([c.score for c in cases], [c.human for c in cases]):
        mean = math.fsum(values) / len(values)
        spreads.append(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1))
    spread = math.sqrt(math.fsum(spreads) / 2)
    return (bias(cases) or 0.0) / spread if spread > 1e-9 else None


class Graders(NamedTuple):
    """How two people agree on the answers that both marked: means over the pairs of graders."""

    n: int
    graders: int
    r: float | None
    qwk: float | None
    exact: float | None


def between_graders(marks: Sequence[Sequence[float]]) -> Graders | None:
    """Agreement of people among themselves; `marks`: for each answer what each grader gave (0..1). None with fewer than
    two graders, or when a grader is missing somewhere."""
    if len(marks) < 3 or len(marks[0]) < 2 or len({len(m) for m in marks}) != 1:
        return None
    columns = list(zip(*marks, strict=True))
    pairs = [
        [Case("", one, other, 0) for one, other in zip(columns[i], columns[j], strict=True)]
        for i in range(len(columns))
        for j in range(i + 1, len(columns))
    ]
    return Graders(
        len(marks), len(columns), *(_mean_of([f(pair) for pair in pairs]) for f in (r, _qwk_two, _exact_two))
    )


def _levels_of_both(cases: Sequence[Case]) -> list[float]:
    return native_levels([*cases, *(c._replace(human=c.score) for c in cases)])


def _qwk_two(cases: Sequence[Case]) -> float | None:
    levels = _levels_of_both(cases)
    ones, others = (
        [nearest(v, levels) for v in vs] for vs in ([c.score for c in cases], [c.human for c in cases])
    )
    return weighted_kappa(ones, others, len(levels))


def _exact_two(cases: Sequence[Case]) -> float | None:
    levels = _levels_of_both(cases)
    return _share([nearest(c.score, levels) == nearest(c.human, levels) for c in cases])


def _mean_of(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return math.fsum(known) / len(known) if known else None


def partial_r(cases: Sequence[Case]) -> float | None:
    """r of score and human mark with log length held constant."""
    length = [math.log1p(c.words) for c in cases]
    sh, sl, hl = (
        r(cases),
        pearson([c.score for c in cases], length),
        pearson([c.human for c in cases], length),
    )
    if sh is None or sl is None or hl is None or min(1 - sl**2, 1 - hl**2) < 1e-12:
        return sh
    return (sh - sl * hl) / math.sqrt((1 - sl**2) * (1 - hl**2))


def native_levels(cases: Sequence[Case]) -> list[float]:
    """The distinct human marks, ascending (at most eleven; finer scales are cut into tenths)."""
    marks = sorted({round(c.human, 4) for c in cases})
    return marks if len(marks) <= 11 else [k / 10 for k in range(11)]


def nearest(value: float, levels: Sequence[float]) -> int:
    """Index of the level nearest to a value; the upper one of two equally near."""
    return min(range(len(levels)), key=lambda k: (round(abs(levels[k] - value), 9), -k))


def qwk(cases: Sequence[Case]) -> float | None:
    """Quadratic weighted kappa on the marks that people used."""
    levels = native_levels(cases)
    return weighted_kappa(
        [nearest(c.score, levels) for c in cases], [nearest(c.human, levels) for c in cases], len(levels)
    )


def kappa_correct(cases: Sequence[Case]) -> float | None:
    """Kappa of "correct or not", cut at one half."""
    return weighted_kappa([int(c.score >= 0.5) for c in cases], [int(c.human >= 0.5) for c in cases], 2)


def exact(cases: Sequence[Case]) -> float | None:
    """Share of answers that get the very mark."""
    levels = native_levels(cases)
    return _share([nearest(c.score, levels) == nearest(c.human, levels) for c in cases])


def adjacent(cases: Sequence[Case]) -> float | None:
    """Share of answers that get the mark or one next to it."""
    levels = native_levels(cases)
    return _share([abs(nearest(c.score, levels) - nearest(c.human, levels)) <= 1 for c in cases])


def bands(cases: Sequence[Case]) -> Mapping[str, tuple[int, float | None, float | None]]:
    """Low, middle and high third of the mark range: number, exact share, mean error."""
    levels = native_levels(cases)
    found: dict[str, tuple[int, float | None, float | None]] = {}
    for name, low, high in (("low", -1.0, 1 / 3), ("middle", 1 / 3, 2 / 3), ("high", 2 / 3, 2.0)):
        part = [c for c in cases if low < c.human <= high]
        hits = [nearest(c.score, levels) == nearest(c.human, levels) for c in part]
        found[name] = (len(part), _share(hits), bias(part))
    return found


def bootstrap(cases: Sequence[Case], metric: Metric, *, rounds: int = 400, seed: int = 7) -> Estimate:
    """The metric with a 95 % interval: questions are drawn with replacement, then answers inside each."""
    value = metric(cases)
    groups = list(by_question(cases).values())
    rng = random.Random(seed)
    drawn: list[float] = []
    for _ in range(rounds if value is not None else 0):
        sample: list[Case] = []
        for number, group in enumerate(rng.choices(groups, k=len(groups))):
            sample += [
                c._replace(question=f"{c.question}#{number}") for c in rng.choices(group, k=len(group))
            ]
        again = metric(sample)
        if again is not None:
            drawn.append(again)
    if len(drawn) < 20:
        return Estimate(value, None, None)
    drawn.sort()
    return Estimate(value, drawn[int(0.025 * len(drawn))], drawn[int(0.975 * len(drawn))])


def by_question(cases: Sequence[Case]) -> dict[Hashable, list[Case]]:
    """The cases of each question."""
    groups: defaultdict[Hashable, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.question].append(case)
    return dict(groups)


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda i: values[i])
    ranks = [0.0] * len(values)
    i = 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and values[order[j + 1]] == values[order[i]]:
            j += 1
        for k in range(i, j + 1):
            ranks[order[k]] = (i + j) / 2 + 1
        i = j + 1
    return ranks


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
