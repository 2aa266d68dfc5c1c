"""How a submission grows with its input: measured, fitted, and honest about what the data do not say.

Two witnesses. Processor time of single calls on growing inputs, read from outside the child: it sees
everything but is noisy, and cannot tell n from n log n. Counted basic operations of an instrumented copy of
the source (child/counting.py): free of noise, but a claim from the child, and blind for numpy. Where both
speak, they must agree; where they do not, every class that either supports stays plausible.

A class g fits when y = a*g(n) + lower terms, all coefficients >= 0, has a small relative error and the g-term
really shows at the largest n. Pure except for `measure`.
"""

from __future__ import annotations

import functools
import itertools
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.coding.engines.native import CHILD
from bot.coding.judge import (
    WITH_RNG,
    Cell,
    Judge,
    broken,
    cells,
    generated_args,
    helper_message,
    load_message,
    load_problem,
    read_result,
    sha256,
)
from bot.coding.report import Growth, GrowthPoint
from bot.coding.wire import encode
from bot.domain.problem import BIGS, Big, Complexity, Problem, Verdict

FIRST_N = 16
LAST_N = 1 << 15
FINE_SIZES = tuple(range(4, 31, 2))  # for exponential growth, where doubling is out of reach
MIN_POINTS = 4
LOG_RANGE = 32  # from the smallest to the largest size, before a logarithm is called certain
UPPER = 7  # sizes that the slope is taken from
CALL_S = 0.12  # the largest input takes about this long
GO_S = 1.5
BATCH_S = 0.004
BATCHES = 3
TOTAL_S = 15.0  # wall; a quiet machine needs about 3
HELD_NODES = 200_000

COUNT_ERROR = 0.02
TIME_ERROR = 0.07
#: how much the leading term must make up at the largest n, so that a class is not borrowed for its lower terms;
#: a logarithm shows late, a power shows at once
SHARE = {
    "1": 0.5,
    "log n": 0.12,
    "n": 0.3,
    "n log n": 0.12,
    "n^2": 0.4,
    "n^2 log n": 0.12,
    "n^3": 0.4,
    "2^n": 0.5,
}
#: counts alone decide while the slope of time is this near to theirs; certain only when it is nearer
NEAR, FAR = 0.3, 0.6

#: the classes that are fitted; n^2 log n is reported as n^2, which is how people speak of it
_G: dict[str, Callable[[float], float]] = {
    "1": lambda n: 1.0,
    "log n": lambda n: math.log2(max(n, 2)),
    "n": lambda n: n,
    "n log n": lambda n: n * math.log2(max(n, 2)),
    "n^2": lambda n: n * n,
    "n^2 log n": lambda n: n * n * math.log2(max(n, 2)),
    "n^3": lambda n: n**3,
    "2^n": lambda n: 2.0 ** min(n, 1000),
}
#: lower terms that may stand beside the leading one
_LOWER: dict[str, tuple[str, ...]] = {
    "1": (),
    "log n": ("1",),
    "n": ("1",),
    "n log n": ("n", "1"),
    "n^2": ("n", "1"),
    "n^2 log n": ("n^2", "n"),
    "n^3": ("n^2", "1"),
    "2^n": ("n", "1"),
}


_REPORTED: dict[str, Big] = {big: big for big in BIGS} | {"n^2 log n": "n^2"}


@dataclass(frozen=True, slots=True)
class Fit:
    """One class against the data: relative error (rms) and the leading term's share at the largest n."""

    big: str
    error: float
    share: float

    @property
    def named(self) -> Big:
        """The class under the name that is reported."""
        return _REPORTED[self.big]


# ------------------------------------------------------------------------------------------------ fitting


def _solve(rows: list[list[float]], right: list[float]) -> list[float] | None:
    """Gaussian elimination for the tiny systems of `_least_squares`."""
    size = len(right)
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda i: abs(table[i][column]))
        if abs(table[pivot][column]) < 1e-12:
            return None
        table[column], table[pivot] = table[pivot], table[column]
        for i in range(size):
            if i != column:
                factor = table[i][column] / table[column][column]
                table[i] = [x - factor * y for x, y in zip(table[i], table[column], strict=True)]
    return [table[i][size] / table[i][i] for i in range(size)]


def _least_squares(terms: Sequence[Sequence[float]]) -> tuple[list[float], float] | None:
    """Non-negative coefficients that bring sum(c * term) closest to 1 at every point; (coefficients, rms).

    Tries every subset of the terms (there are at most three) and keeps the best that is non-negative.
    """
    best: tuple[list[float], float] | None = None
    points = len(terms[0])
    for size in range(1, len(terms) + 1):
        for chosen in itertools.combinations(range(len(terms)), size):
            scale = [max(terms[i]) for i in chosen]
            columns = [[x / s for x in terms[i]] for i, s in zip(chosen, scale, strict=True)]
            rows = [[sum(a * b for a, b in zip(p, q, strict=True)) for q in columns] for p in columns]
            solved = _solve(rows, [sum(column) for column in columns])
            if solved is None or any(c < 0 for c in solved):
                continue
            off = [
                1 - sum(c * column[k] for c, column in zip(solved, columns, strict=True))
                for k in range(points)
            ]
            error = math.sqrt(sum(x * x for x in off) / points)
            if best is None or error < best[1] - 1e-12:
                coefficients = [0.0] * len(terms)
                for i, c, s in zip(chosen, solved, scale, strict=True):
                    coefficients[i] = c / s
                best = coefficients, error
    return best


def fit(sizes: Sequence[int], values: Sequence[float]) -> list[Fit]:
    """Every class against positive values, slow-growing first."""
    fits = []
    for big in _G:
        terms = [[_G[g](n) / y for n, y in zip(sizes, values, strict=True)] for g in (big, *_LOWER[big])]
        if not all(math.isfinite(x) for term in terms for x in term):
            continue
        solved = _least_squares(terms)
        if solved is not None:
            coefficients, error = solved
            share = coefficients[0] * terms[0][-1]
            fits.append(Fit(big, error, share))
    return fits


def plausible(fits: Sequence[Fit], *, error: float) -> tuple[Big, ...]:
    """The classes that the data do not exclude, given how noisy they are known to be."""
    if not fits:
        return ()
    best = min(f.error for f in fits)
    # a class that needs a leading term which hardly shows is only borrowing its lower terms' fit
    good = [f for f in fits if f.share >= SHARE[f.big] and f.error <= max(error, best * 1.5)]
    return tuple(dict.fromkeys(f.named for f in good))


def classify_counts(sizes: Sequence[int], parts: Sequence[Sequence[float]]) -> tuple[Big, ...]:
    """The dominating class of several counters: each is fitted alone, and the fastest-growing one wins.

    Empty when a counter that matters follows no class: then the counts decide nothing.
    """
    best: tuple[Big, ...] = ()
    total = max((sum(column) for column in zip(*parts, strict=True)), default=0.0)
    for values in parts:
        if max(values) - min(values) < max(8.0, 0.005 * total):
            continue  # constant, or too little to matter
        fits = fit(sizes, [max(v, 0.5) for v in values])
        # of nested classes that all fit, the smallest is meant
        found = (plausible(fits, error=COUNT_ERROR) or plausible(fits, error=4 * COUNT_ERROR))[:1]
        if not found:
            return ()
        if not best or BIGS.index(found[-1]) > BIGS.index(best[-1]):
            best = found
    return best or ("1",)


def slope(sizes: Sequence[int], values: Sequence[float]) -> tuple[float, float, float]:
    """Slope of log y over log n over the upper sizes, with the range that holds 80 % of all pairwise slopes.

    The median of pairwise slopes (Theil-Sen): one size that hit a cache boundary does not move it.
    """
    points = [
        (math.log(n), math.log(max(v, 1e-9))) for n, v in zip(sizes[-UPPER:], values[-UPPER:], strict=True)
    ]
    slopes = sorted((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.combinations(points, 2))
    cut = len(slopes) // 10
    return statistics.median(slopes), slopes[cut], slopes[-1 - cut]


def conclude(
    sizes: Sequence[int],
    seconds: Sequence[float],
    counts: Sequence[dict[str, float]],
    *,
    resolution: float,
) -> dict[str, Any]:
    """Both witnesses -> best class, plausible classes, whether it is certain, and the slope of time.

    `resolution` is the time (s) below which the clock says nothing.
    """
    b, low, high = slope(sizes, seconds)
    by_time = _by_time(sizes, seconds, resolution)
    counted = counts[: len(sizes)]
    transparent = len(counted) >= MIN_POINTS and _transparent(counted)
    by_count: tuple[Big, ...] = ()
    if transparent:
        parts = [[row[key] for row in counted] for key in ("ticks", "c_work", "sorting")]
        by_count = classify_counts(sizes[: len(counted)], parts)
    shown: dict[str, Any] = {
        "exponent": round(b, 2),
        "exponent_low": round(min(low, b - 0.05), 2),
        "exponent_high": round(max(high, b + 0.05), 2),
        "doubling": round(2**b, 1),
    }
    if not by_count:
        best = _middle(by_time, b, sizes)
        return shown | {
            "plausible": by_time, "best": best, "certain": len(by_time) == 1, "method": "time",
            "note": "" if by_time else "The measured times follow none of the usual classes.",
        }  # fmt: skip
    logarithm: tuple[Big, ...] = ("n", "n log n")
    if by_count[0] in logarithm and sizes[-1] < LOG_RANGE * sizes[0] and set(by_time) & set(logarithm):
        return shown | {
            "plausible": logarithm, "best": by_count[0], "certain": False, "method": "operations",
            "note": "Too few sizes could be measured to see a logarithm.",
        }  # fmt: skip
    off = abs(_expected_slope(by_count[0], sizes) - b)
    if by_count[0] in by_time or off <= FAR:
        return shown | {
            "plausible": by_count, "best": by_count[0], "method": "operations", "note": "",
            "certain": by_count[0] in by_time or off <= NEAR,
        }  # fmt: skip
    union = tuple(big for big in BIGS if big in by_count or big in by_time)
    return shown | {
        "plausible": union, "best": _middle(union, b, sizes), "certain": False, "method": "operations",
        "note": "Counted operations and measured time point to different classes.",
    }  # fmt: skip


def _by_time(sizes: Sequence[int], seconds: Sequence[float], resolution: float) -> tuple[Big, ...]:
    """Classes that measured time allows. Neighbours that differ by a logarithm come together: caches cost
    as much as a logarithm does."""
    if max(seconds) < resolution:
        return ("1", "log n")
    used = [(n, s) for n, s in zip(sizes, seconds, strict=True) if s > resolution / 20]
    if len(used) < MIN_POINTS:
        used = list(zip(sizes, seconds, strict=True))[-MIN_POINTS:]
    ns, ts = [n for n, _ in used], [max(s, 1e-9) for _, s in used]
    found = set(plausible(fit(ns, ts), error=TIME_ERROR))
    b, low, high = slope(ns, ts)
    margin = max(NEAR, (high - low) / 2)
    if b > 4.5:
        return ("2^n",)
    near = {big for big in BIGS if abs(_expected_slope(big, ns) - b) <= margin}
    if (top := _still_rising(ns, ts, b)) is not None:  # the leading term is only beginning to show
        near |= {big for big in BIGS if abs(_expected_slope(big, ns) - top) <= NEAR}
        found |= near
    found = (found & near) or near or found
    for pair in (("1", "log n"), ("n", "n log n")):
        if found & set(pair):
            found |= set(pair)
    return tuple(big for big in BIGS if big in found)


def _still_rising(sizes: Sequence[int], values: Sequence[float], b: float) -> float | None:
    """The slope between the last two sizes, when the slopes go up and have left the median behind."""
    logs = [(math.log(n), math.log(v)) for n, v in zip(sizes[-4:], values[-4:], strict=True)]
    local = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.pairwise(logs)]
    return local[-1] if local == sorted(local) and local[-1] > b + 0.25 else None


def _expected_slope(big: Big, sizes: Sequence[int]) -> float:
    low, high = sizes[max(0, len(sizes) - UPPER)], sizes[-1]
    return (math.log(_G[big](high)) - math.log(_G[big](low))) / (math.log(high) - math.log(low))


def _middle(found: tuple[Big, ...], b: float, sizes: Sequence[int]) -> Big | None:
    if not found:
        return None
    return min(found, key=lambda big: abs(_expected_slope(big, sizes) - b))


def _transparent(counts: Sequence[dict[str, float]]) -> bool:
    """False when something long went into functions that the counter cannot see through."""
    return counts[-1]["opaque"] <= max(8.0, 2 * counts[0]["opaque"])


# ------------------------------------------------------------------------------------------------ measuring


def measure(judge: Judge, source: str, problem: Problem) -> Growth:
    """Run `source` on growing inputs. Never raises for the candidate's mistakes: then nothing is plausible.

    Raises `BrokenProblem` when the generator fails, `SandboxError` when the engine does.
    """
    head: dict[str, Any] = {
        "problem": problem.id,
        "source_sha256": sha256(source),
        "required": problem.complexity.time if problem.complexity else None,
        "engine": judge.engine.info.name,
    }
    if problem.complexity is None:
        return Growth(**head, note="This problem asks for no complexity class.")
    sizes = problem.complexity.sizes or _doublings()
    points, counts, floor, note = _series(judge, source, problem, problem.complexity, sizes)
    if len(points) < MIN_POINTS and not note and not problem.complexity.sizes:
        points, counts, floor, note = _series(judge, source, problem, problem.complexity, FINE_SIZES)
    shown = tuple(
        GrowthPoint(n=n, ms=round(s * 1000, 4), ops=round(_total(counts[i]), 1) if i < len(counts) else None)
        for i, (n, s) in enumerate(points)
    )
    if len(points) < MIN_POINTS:
        return Growth(**head, points=shown, note=note or "Too slow to be measured on four sizes.")
    result = conclude([n for n, _ in points], [s for _, s in points], counts, resolution=floor)
    return Growth(**head, points=shown, **result)


@functools.cache
def _counting_code() -> str:
    return (CHILD / "counting.py").read_text(encoding="utf-8")


def _doublings() -> tuple[int, ...]:
    return tuple(FIRST_N << k for k in range(LAST_N.bit_length()) if FIRST_N << k <= LAST_N)


def _total(row: dict[str, float]) -> float:
    return row["ticks"] + row["c_work"] + row["sorting"]


Series = tuple[list[tuple[int, float]], list[dict[str, float]], float, str]


def _series(
    judge: Judge, source: str, problem: Problem, complexity: Complexity, sizes: Sequence[int]
) -> Series:
    """Time and count one size after the other until it takes too long: (points, counts, resolution, note)."""
    timed = judge.cell(problem, load_message(problem, source))
    counted = judge.cell(problem, load_message(problem, source, count=_counting_code()))
    points: list[tuple[int, float]] = []
    counts: list[dict[str, float]] = []
    deadline = time.monotonic() + TOTAL_S
    with cells(timed, counted):
        timed.start()
        counted.start()
        for cell in (timed, counted):
            loaded = cell.ready()
            if loaded.verdict is Verdict.ENGINE:
                load_problem(problem, loaded)
            if loaded.verdict is not Verdict.ACCEPTED or loaded.value is not None:
                return [], [], 0.0, "The code does not load."
        overhead = _overhead(timed)
        counting = True
        for n, args in _inputs(judge, problem, complexity, sizes):
            seconds = _time(timed, args, complexity.driver or "", overhead)
            if seconds is None:
                note = "" if timed.loaded is not None and points else "The code fails on the measured inputs."
                return points, counts, overhead, note if len(points) < MIN_POINTS else ""
            points.append((n, seconds))
            if counting:
                row = _count(counted, args, complexity.driver or "")
                if row is None:
                    counting = False
                else:
                    counts.append(row)
            per_step = (points[-1][1] / max(points[-2][1], 1e-9)) if len(points) > 1 else 2.0
            if seconds * per_step > CALL_S * 2 or time.monotonic() > deadline:
                break
    return points, counts, overhead, ""


def _inputs(
    judge: Judge, problem: Problem, complexity: Complexity, sizes: Sequence[int]
) -> Iterator[tuple[int, list[Any]]]:
    """(n, arguments) made on demand in one generator process."""
    cell = judge.cell(problem, helper_message(complexity.generate, "generate", WITH_RNG))
    with cells(cell):
        loaded = cell.ready()
        if loaded.verdict is not Verdict.ACCEPTED or loaded.value is not None:
            raise broken(problem, "complexity.generate does not load", loaded)
        for n in sizes:
            result = cell.ask([f"growth/{n}", n], "with_rng", 10.0)
            if result.verdict is Verdict.OUTPUT:
                return  # larger than an input may be
            if result.verdict is not Verdict.ACCEPTED:
                raise broken(problem, f"complexity.generate fails for n = {n}", result)
            yield n, generated_args(problem, result.value, complexity.driver or "")


def _overhead(cell: Cell) -> float:
    """Seconds that an empty measurement costs."""
    best = math.inf
    for _ in range(5):
        cell.raw({"op": "hold", "id": None, "args": [], "times": 0, "driver": ""}, GO_S)
        best = min(best, cell.raw({"op": "go", "id": None}, GO_S).cpu_s)
    return max(best, 2e-6)


def _time(cell: Cell, args: list[object], driver: str, overhead: float) -> float | None:
    """Processor seconds of one call, best of several batches; None when a call fails."""
    encoded = encode(args)
    times, best = 1, math.inf
    most = max(1, min(256, HELD_NODES // max(1, _nodes(encoded, HELD_NODES))))
    for batch in range(BATCHES + 4):
        held = cell.raw({"op": "hold", "id": None, "args": encoded, "times": times, "driver": driver}, 10.0)
        answer = cell.raw({"op": "go", "id": None}, GO_S)
        if held.fields is None or read_result(answer).verdict is not Verdict.ACCEPTED:
            return None
        spent = max(answer.cpu_s - overhead, 1e-8)
        if spent < BATCH_S and times < most:  # too short to be trusted: more calls in one batch
            times = min(most, max(times * 2, math.ceil(times * BATCH_S / spent)))
            continue
        best = min(best, spent / times)
        if spent > 0.03 and batch:
            break
    return best if math.isfinite(best) else spent / times


def _nodes(value: object, most: int) -> int:
    """How many parts an encoded input has, counted up to `most`."""
    count, stack = 0, [value]
    while stack and count < most:
        item = stack.pop()
        count += 1
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, str):
            count += len(item) // 16
    return count


def _count(cell: Cell, args: list[object], driver: str) -> dict[str, float] | None:
    """Counted operations of one call; None when the instrumented copy fails or says nonsense."""
    cell.raw({"op": "hold", "id": None, "args": encode(args), "times": 1, "driver": driver}, 10.0)
    answer = cell.raw({"op": "go", "id": None}, GO_S)
    if read_result(answer).verdict is not Verdict.ACCEPTED or answer.fields is None:
        return None
    raw = answer.fields.get("counts")
    keys = ("ticks", "c_work", "sorting", "opaque")
    if not isinstance(raw, dict) or any(
        not isinstance(raw.get(key), int | float) or not 0 <= raw[key] < 1e15 for key in keys
    ):
        return None
    return {key: float(raw[key]) for key in keys}
