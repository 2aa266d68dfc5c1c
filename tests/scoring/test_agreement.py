"""The figures of the validity report, against values that can be worked out by hand."""

from __future__ import annotations

import pytest

from eval import agreement as ag
from eval.agreement import Case


def cases(*triples: tuple[str, float, float]) -> list[Case]:
    return [Case(q, s, h, 10) for q, s, h in triples]


def test_correlations_and_kappa_by_hand() -> None:
    assert ag.pearson([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert ag.spearman([1, 2, 30], [1, 4, 5]) == pytest.approx(1)
    assert ag.pearson([1, 1, 1], [1, 2, 3]) is None
    assert ag.weighted_kappa([0, 0, 1, 1], [0, 1, 0, 1], 2) == pytest.approx(0)
    assert ag.weighted_kappa([0, 1, 2], [0, 1, 2], 3) == pytest.approx(1)
    assert ag.weighted_kappa([2, 1, 0], [0, 1, 2], 3) == pytest.approx(-1)


def test_within_looks_at_each_question_alone() -> None:
    easy = [("a", 0.5 + k / 20, 0.8 + k / 50) for k in range(5)]
    hard = [("b", 0.9 - k / 20, 0.1 + k / 50) for k in range(5)]
    assert ag.within(cases(*easy, *hard)) == pytest.approx(0)
    assert ag.within(cases(*easy)) == pytest.approx(1)


def test_levels_errors_and_bands() -> None:
    found = cases(("a", 0.1, 0.0), ("a", 0.6, 0.5), ("a", 0.2, 1.0))
    assert ag.exact(found) == pytest.approx(2 / 3)
    assert ag.adjacent(found) == pytest.approx(2 / 3)
    assert ag.bias(found) == pytest.approx(-0.2)
    assert ag.bands(found)["high"][0] == 1


def test_the_interval_holds_the_figure_and_repeats() -> None:
    found = cases(*[(str(k % 6), (k % 7) / 7, (k % 5) / 5) for k in range(60)])
    one, two = ag.bootstrap(found, ag.r, rounds=60), ag.bootstrap(found, ag.r, rounds=60)
    assert one == two
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    assert one.low <= one.value <= one.high
