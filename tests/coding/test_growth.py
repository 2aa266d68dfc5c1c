"""How growth is concluded from numbers (pure), and a few real measurements."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coding import growth
from bot.coding.judge import Judge
from bot.coding.report import Growth
from bot.domain.problem import BIGS, Big, Problem

SIZES = [16 << k for k in range(12)]
SHAPES: dict[Big, Callable[[int], float]] = {
    "1": lambda n: 1.0,
    "log n": lambda n: math.log2(n),
    "n": lambda n: n,
    "n log n": lambda n: n * math.log2(n),
    "n^2": lambda n: n * n,
    "n^3": lambda n: n**3,
}


@pytest.mark.parametrize("big", list(SHAPES))
@given(a=st.floats(0.5, 50), low=st.floats(0, 30))
def test_noise_free_counts_name_their_class(big: Big, a: float, low: float) -> None:
    counts = [a * SHAPES[big](n) + low for n in SIZES]
    assert growth.classify_counts(SIZES, [counts]) == (big,) or max(counts) - min(counts) < growth.FLAT


def test_the_fastest_growing_part_wins() -> None:
    linear = [30.0 * n for n in SIZES]
    sorting = [n * math.log2(n) for n in SIZES]
    assert growth.classify_counts(SIZES, [linear, sorting]) == ("n log n",)
    assert growth.classify_counts(SIZES, [sorting, [0.0] * len(SIZES)]) == ("n log n",)


def test_exponential_growth_on_small_sizes() -> None:
    sizes = list(range(4, 21, 2))
    assert growth.classify_counts(sizes, [[2.0**n + 3 * n for n in sizes]]) == ("2^n",)
    result = growth.conclude(sizes, [1e-6 * 2**n for n in sizes], [], resolution=1e-6)
    assert result["best"] == "2^n"


def _row(ticks: float, opaque: float = 0) -> dict[str, float]:
    return {"ticks": ticks, "c_work": 0.0, "sorting": 0.0, "opaque": opaque}


@given(st.integers(0, 10_000), st.sampled_from(["n", "n log n", "n^2", "n^3"]))
def test_noisy_time_alone_never_excludes_the_truth(seed: int, big: Big) -> None:
    rng = random.Random(seed)
    sizes = SIZES[:9]
    seconds = [2e-5 + 1e-7 * SHAPES[big](n) * rng.uniform(0.95, 1.1) for n in sizes]
    result = Growth(problem="p", source_sha256="x", **growth.conclude(sizes, seconds, [], resolution=1e-5))
    assert big in result.plausible
    assert result.method == "time"
    if big in ("n", "n log n"):
        assert not result.certain  # the clock cannot tell them apart, and says so


def test_counts_settle_what_time_leaves_open() -> None:
    seconds = [1e-7 * n for n in SIZES]
    result = growth.conclude(SIZES, seconds, [_row(3.0 * n) for n in SIZES], resolution=1e-7)
    assert (result["best"], result["certain"], result["method"]) == ("n", True, "operations")


def test_contradicting_witnesses_are_never_certain() -> None:
    seconds = [1e-8 * n * n for n in SIZES]
    result = growth.conclude(SIZES, seconds, [_row(3.0 * n) for n in SIZES], resolution=1e-7)
    assert result["certain"] is False
    assert set(result["plausible"]) >= {"n", "n^2"}
    assert result["best"] == "n^2"


def test_a_logarithm_needs_a_range_to_show() -> None:
    sizes = SIZES[:5]
    result = growth.conclude(
        sizes, [1e-7 * n for n in sizes], [_row(3.0 * n) for n in sizes], resolution=1e-8
    )
    assert result["plausible"] == ("n", "n log n")
    assert result["certain"] is False


def test_counts_that_saw_nothing_of_it_are_not_used() -> None:
    seconds = [1e-8 * n * n for n in SIZES]
    counts = [_row(5, opaque=n) for n in SIZES]
    result = growth.conclude(SIZES, seconds, counts, resolution=1e-7)
    assert result["method"] == "time"
    assert result["best"] == "n^2"


def test_nothing_to_see_below_the_clock() -> None:
    result = growth.conclude(SIZES, [1e-8] * len(SIZES), [], resolution=1e-6)
    assert result["plausible"] == ("1", "log n")
    assert result["certain"] is False


def test_worse_than_required_and_contradiction() -> None:
    base = Growth(problem="p", source_sha256="x", required="n log n")
    assert base.worse_than_required is None
    assert base.model_copy(update={"plausible": ("n^2",)}).worse_than_required is True
    assert base.model_copy(update={"plausible": ("n", "n log n")}).worse_than_required is False
    assert base.model_copy(update={"plausible": ("n log n", "n^2")}).worse_than_required is None
    assert base.model_copy(update={"plausible": ("n^2",)}).contradicts("n log n")
    assert not base.contradicts("n")
    assert tuple(BIGS) == tuple(sorted(BIGS, key=BIGS.index))


@pytest.mark.slow
def test_reference_and_slow_solution_are_told_apart(judge: Judge, counter: Problem) -> None:
    assert counter.complexity is not None
    assert counter.complexity.slow is not None
    quick = counter.model_copy(
        update={"complexity": counter.complexity.model_copy(update={"sizes": (32, 64, 128, 256, 512, 1024)})}
    )
    fast = growth.measure(judge, counter.reference, quick)
    slow = growth.measure(judge, counter.complexity.slow.code, quick)
    assert fast.best == "n"
    assert slow.best == "n^2"
    assert slow.worse_than_required is True
    assert Growth.model_validate_json(slow.model_dump_json()) == slow


def test_code_that_fails_is_not_classified(judge: Judge, two_sum: Problem, sql: Problem) -> None:
    for source in ("def two_sum(nums, target): return nothing", "x = (", "def other(): pass", ""):
        result = growth.measure(judge, source, two_sum)
        assert result.best is None
        assert result.note
        assert not result.contradicts("n")
    assert growth.measure(judge, "SELECT 1", sql).note


def test_a_binary_search_is_not_constant() -> None:
    assert growth.classify_counts(SIZES[:8], [[math.log2(n) + 1 for n in SIZES[:8]]]) == ("log n",)


def test_a_heap_and_a_sum_of_pairs_are_named_for_what_they_are() -> None:
    heap = [sum(math.log2(k) for k in range(2, n + 1)) for n in SIZES]
    assert growth.classify_counts(SIZES, [heap]) == ("n log n",)
    assert growth.classify_counts(SIZES, [[n * (n - 1) / 2 for n in SIZES]]) == ("n^2",)
    assert growth.classify_counts(SIZES, [[20.0 * n - 32.5 for n in SIZES]]) == ("n",)


@pytest.mark.parametrize(
    "shape",
    [
        lambda n: 8 * math.sqrt(n),
        lambda n: n**1.5,
        lambda n: n * math.log2(n) ** 2,
        lambda n: float(n**4),
    ],
)
def test_a_class_without_a_name_is_never_certain(shape: Callable[[float], float]) -> None:
    counts = [shape(n) for n in SIZES]
    assert growth.classify_counts(SIZES, [counts]) == ()
    result = growth.conclude(SIZES, [1e-6 * c for c in counts], [_row(c) for c in counts], resolution=1e-6)
    assert result["certain"] is False


def test_a_small_base_is_exponential_all_the_same() -> None:
    sizes = list(range(4, 31, 2))
    assert growth.classify_counts(sizes, [[1.618**n for n in sizes]]) == ("2^n",)
    result = growth.conclude(sizes, [1e-6 * 1.618**n for n in sizes], [], resolution=1e-6)
    assert result["plausible"] == ("2^n",)


def test_a_logarithm_is_not_read_out_of_counts_over_a_short_range() -> None:
    counted = [_row(3.0 * n) for n in SIZES[:4]]
    result = growth.conclude(SIZES, [1e-7 * n for n in SIZES], counted, resolution=1e-7)
    assert set(result["plausible"]) == {"n", "n log n"}
    assert result["certain"] is False


def test_what_was_asked_for_starts_where_the_measurement_starts() -> None:
    points = [{"n": n, "ms": 0.01 * n * n} for n in (16, 32, 64)]
    measured = Growth.model_validate(
        {"problem": "p", "source_sha256": "x", "required": "n", "points": points}
    )
    assert growth.expected_ms(measured) == pytest.approx([2.56, 5.12, 10.24])
    assert growth.expected_ms(measured.model_copy(update={"required": None})) == []
