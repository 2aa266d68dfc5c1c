"""Paired differences of two runs with their uncertainty. Pure.

The unit of chance is the cell (a case without its seed): repeats of one cell are averaged first, because they share question
and candidate and are no independent evidence. 95 % percentile bootstrap over cells.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.values import CaseResult

DRAWS = 2000


@dataclass(frozen=True)
class Paired:
    """The mean difference (after minus before) with its interval, over `cells` cells and `pairs` pairs of cases."""

    mean: float
    low: float
    high: float
    cells: int
    pairs: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}] over {self.pairs} pairs in {self.cells} cells"


def paired(differences: Mapping[str, Sequence[float]], *, draws: int = DRAWS, seed: int = 7) -> Paired | None:
    """The mean of the cells' means with its bootstrap interval; None without a pair."""
    means = [math.fsum(found) / len(found) for _, found in sorted(differences.items()) if found]
    if not means:
        return None
    chance, n = random.Random(seed), len(means)
    drawn = sorted(math.fsum(chance.choices(means, k=n)) / n for _ in range(draws))
    return Paired(
        math.fsum(means) / n,
        drawn[int(0.025 * draws)],
        drawn[math.ceil(0.975 * draws) - 1],
        n,
        sum(len(found) for found in differences.values()),
    )


def cell(case: CaseResult) -> str:
    """A case without its repeat: what two runs have in common."""
    return case.spec.model_copy(update={"seed": 0}).id


def differences(
    before: Sequence[CaseResult], after: Sequence[CaseResult], metric: str = ""
) -> dict[str, list[float]]:
    """Differences of score (or of a metric) by cell, for the cases that both runs have a value for."""
    was = {c.id: value for c in before if (value := _value(c, metric)) is not None}
    found: defaultdict[str, list[float]] = defaultdict(list)
    for case in after:
        value = _value(case, metric)
        if value is not None and case.id in was:
            found[cell(case)].append(value - was[case.id])
    return dict(found)


def _value(case: CaseResult, metric: str) -> float | None:
    if case.outcome == "error":
        return None
    if not metric:
        return case.score
    found = case.measure(metric)
    return None if found is None else found.value


def pass_all(cases: Sequence[CaseResult]) -> tuple[float, int] | None:
    """(Share of cells in which every repeat passed, repeats of a cell): tau2-bench's pass^k. None without repeats."""
    cells: defaultdict[str, list[bool]] = defaultdict(list)
    for case in cases:
        if case.outcome != "error":
            cells[cell(case)].append(case.outcome == "pass")
    repeats = min((len(found) for found in cells.values()), default=0)
    if repeats < 2:
        return None
    return sum(all(found) for found in cells.values()) / len(cells), repeats
