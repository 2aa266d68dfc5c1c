"""How a submission grows with its input: measured, fitted, and honest about what the data do not say.

Two witnesses. Counted basic operations of an instrumented copy of the source (child/counting.py): free of noise,
but a claim from the child, and blind for numpy. Processor time of single calls, read from outside the child: it
sees everything but is noisy, and cannot tell n from n log n. Operations are counted first. Where they name a class,
time is only asked to agree, which takes few calls and bears a busy machine; where they do not, or where time
disagrees, time is measured carefully on larger inputs, and every class that either supports stays plausible.

A class g fits when y = a*g(n) + lower terms, all coefficients >= 0, has a small relative error and the g-term
really shows at the largest n. Pure except for `measure`.
"""

from __future__ import annotations

import functools
import itertools
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.coding.cases import broken, generated_args
from bot.coding.cell import Cell, Result, cells, helper_message, load_message, read_result
from bot.coding.engines.native import CHILD
from bot.coding.judge import WITH_RNG, Judge, load_problem, sha256
from bot.coding.report import Growth, GrowthPoint
from bot.coding.wire import encode
from bot.domain.problem import BIGS, Big, Problem, Verdict

FIRST_N = 16
LAST_N = 1 << 15
FINE_SIZES = tuple(range(4, 31, 2))  # for exponential growth, where doubling is out of reach
MIN_POINTS = 4
FEW_POINTS = 6  # fewer sizes than that, and those half-way between them are measured too
LOG_RANGE = 32  # from the smallest to the largest size, before a logarithm is called certain
UPPER = 7  # sizes that the slope is taken from
COUNT_RANGE = 128  # ... which counting covers where it is cheap
COUNT_S = 0.15  # counting stops where a call takes longer, once the range is enough for a logarithm
COUNT_MOST_S = 0.6  # ... and here in any case; twice that for the sizes without which nothing can be said
GO_S = 1.5
LONG_S = 0.03  # two calls of this length are enough
TOTAL_S = 20.0  # wall; a quiet machine needs about 1
HELD_NODES = 200_000

COUNT_ERROR = 0.02
FLAT = 3.0  # a counter that moves less is constant; a binary search moves by one with every doubling
TIME_ERROR = 0.07
#: how much the leading term must make up at the largest n, so that a class is not borrowed for its lower terms;
#: a logarithm shows late, a power shows at once
SHARE = {
    "1": 0.5,
    "log n": 0.12,
    "n": 0.3,
    "n log n": 0.12,
    "log n!": 0.12,
    "n^2": 0.4,
    "n^2 log n": 0.12,
    "n^3": 0.4,
    "2^n": 0.5,
}
#: ... and how much may be subtracted from it
MOST_SHARE = 2.0
#: an exponential grows at least by this factor when n grows by one
LEAST_BASE = 1.2
#: steeper than this over the measured sizes is no power that has a name here
STEEP = 3.4
#: counts alone decide while the slope of time is this near to theirs; certain only when it is nearer
NEAR, FAR = 0.3, 0.6

#: the classes that are fitted, and 2^n, whose base comes from the data;
#: n^2 log n is reported as n^2, which is how people speak of it; log n! is what n steps on a growing heap come to
_G: dict[str, Callable[[float], float]] = {
    "1": lambda n: 1.0,
    "log n": lambda n: math.log2(max(n, 2)),
    "n": lambda n: n,
    "n log n": lambda n: n * math.log2(max(n, 2)),
    "log n!": lambda n: math.lgamma(n + 1) / math.log(2),
    "n^2": lambda n: n * n,
    "n^2 log n": lambda n: n * n * math.log2(max(n, 2)),
    "n^3": lambda n: n**3,
}
#: lower terms that may stand beside the leading one
_LOWER: dict[str, tuple[str, ...]] = {
    "1": (),
    "log n": ("1",),
    "n": ("1",),
    "n log n": ("n", "1"),
    "log n!": ("n", "1"),
    "n^2": ("n", "1"),
    "n^2 log n": ("n^2", "n"),
    "n^3": ("n^2", "1"),
    "2^n": ("n", "1"),
}


#: the reported classes but the exponential, which is recognised by its bend
_POWERS: tuple[Big, ...] = tuple(big for big in BIGS if big != "2^n")
_REPORTED: dict[str, Big] = {big: big for big in BIGS} | {"n^2 log n": "n^2", "log n!": "n log n"}


@dataclass(frozen=True, slots=True)
class Care:
    """How well time is measured: seconds of the longest call, of a batch of short ones, and batches to choose from."""

    call_s: float
    batch_s: float
    batches: int


LIGHT = Care(call_s=0.06, batch_s=0.002, batches=2)
CAREFUL = Care(call_s=0.12, batch_s=0.004, batches=5)


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


def _least_squares(terms: Sequence[Sequence[float]], *, free: bool) -> tuple[list[float], float] | None:
    """Coefficients that bring sum(c * term) closest to 1 at every point; (coefficients, rms).

    Non-negative ones, or with `free` only the first. Tries every subset of the terms (there are at most three).
    """
    best: tuple[list[float], float] | None = None
    points = len(terms[0])
    for size in range(1, len(terms) + 1):
        for chosen in itertools.combinations(range(len(terms)), size):
            scale = [max(terms[i]) for i in chosen]
            columns = [[x / s for x in terms[i]] for i, s in zip(chosen, scale, strict=True)]
            rows = [[sum(a * b for a, b in zip(p, q, strict=True)) for q in columns] for p in columns]
            solved = _solve(rows, [sum(column) for column in columns])
            if solved is None or any(c < 0 and not (free and i) for i, c in zip(chosen, solved, strict=True)):
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


def fit(sizes: Sequence[int], values: Sequence[float], *, free: bool = False) -> list[Fit]:
    """Every class against positive values, slow-growing first. `free` lets lower terms be subtracted, as in
    n(n-1)/2: for data without noise, because with noise that fits everything."""
    fits = []
    for big in _LOWER:
        leading = _G.get(big) or _exponential(sizes, values)
        if leading is None:
            continue
        shapes = (leading, *(_G[lower] for lower in _LOWER[big]))
        terms = [[g(n) / y for n, y in zip(sizes, values, strict=True)] for g in shapes]
        if not all(math.isfinite(x) for term in terms for x in term):
            continue
        solved = _least_squares(terms, free=free)
        if solved is not None:
            coefficients, error = solved
            share = coefficients[0] * terms[0][-1]
            fits.append(Fit(big, error, share))
    return fits


def _exponential(sizes: Sequence[int], values: Sequence[float]) -> Callable[[float], float] | None:
    """The exponential with the base that the last sizes show: people say 2^n for 1.6^n too. None when it is none."""
    if len(sizes) < 3:
        return None
    last = sizes[-1]
    base = (values[-1] / values[-3]) ** (1 / (last - sizes[-3]))
    return (lambda n: base ** (n - last)) if LEAST_BASE <= base < math.inf else None


def plausible(fits: Sequence[Fit], *, error: float) -> tuple[Big, ...]:
    """The classes whose relative error stays within what the data are known to have."""
    # a class that needs a leading term which hardly shows is only borrowing its lower terms' fit
    good = [f for f in fits if SHARE[f.big] <= f.share <= MOST_SHARE and f.error <= error]
    return tuple(dict.fromkeys(f.named for f in good))


def classify_counts(sizes: Sequence[int], parts: Sequence[Sequence[float]]) -> tuple[Big, ...]:
    """The dominating class of several counters: each is fitted alone, and the fastest-growing one wins.

    Empty when a counter that matters follows no class: then the counts decide nothing.
    """
    best: tuple[Big, ...] = ()
    total = max((sum(column) for column in zip(*parts, strict=True)), default=0.0)
    for values in parts:
        if max(values) - min(values) < max(FLAT, 0.005 * total):
            continue  # constant, or too little to matter
        positive = [max(v, 0.5) for v in values]
        exact = plausible(fit(sizes, positive, free=True), error=COUNT_ERROR)
        # of nested classes that all fit, the smallest is meant
        found = (exact or plausible(fit(sizes, positive), error=4 * COUNT_ERROR))[:1]
        if not found:
            return ()
        if not best or BIGS.index(found[-1]) > BIGS.index(best[-1]):
            best = found
    return best or ("1",)


def expected_ms(measured: Growth) -> list[float]:
    """What each measured size would take if the class that was asked for went through the first of them."""
    if measured.required is None or not measured.points:
        return []
    first = measured.points[0]
    grows = _G.get(measured.required) or (lambda n: 2.0 ** min(n, 1000))
    return [first.ms * grows(p.n) / grows(first.n) for p in measured.points]


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


def classes_by_count(sizes: Sequence[int], counts: Sequence[dict[str, float]]) -> tuple[Big, ...]:
    """What the counts say alone: one class, or nothing when they are too few or cannot see the work."""
    if len(counts) < MIN_POINTS or not _transparent(counts):
        return ()
    parts = [[row[key] for row in counts] for key in ("ticks", "c_work", "sorting")]
    return classify_counts(sizes[: len(counts)], parts)


def conclude(
    sizes: Sequence[int],
    seconds: Sequence[float],
    counts: Sequence[dict[str, float]],
    *,
    resolution: float,
) -> dict[str, Any]:
    """Both witnesses -> best class, plausible classes, whether it is certain, and the slope of time.

    `counts` belong to the first sizes. `resolution` is the time (s) below which the clock says nothing.
    """
    b, low, high = slope(sizes, seconds)
    by_time, sure = _by_time(sizes, seconds, resolution)
    by_count = classes_by_count(sizes, counts[: len(sizes)])
    shown: dict[str, Any] = {
        "exponent": round(b, 2),
        "exponent_low": round(min(low, b - 0.05), 2),
        "exponent_high": round(max(high, b + 0.05), 2),
        "doubling": round(2**b, 1),
    }
    if not by_count:
        best = _middle(by_time, b, sizes)
        return shown | {
            "plausible": by_time, "best": best, "certain": sure and len(by_time) == 1, "method": "time",
            "note": "" if sure else "The measured times follow none of the usual classes.",
        }  # fmt: skip
    logarithm: tuple[Big, ...] = ("n", "n log n")
    off = abs(_expected_slope(by_count[0], sizes, b) - b)
    agrees = by_count[0] in by_time or off <= NEAR
    most = sizes[min(len(counts), len(sizes)) - 1]
    if by_count[0] in logarithm and most < LOG_RANGE * sizes[0] and agrees:
        return shown | {
            "plausible": logarithm, "best": by_count[0], "certain": False, "method": "operations",
            "note": "Too few sizes could be measured to see a logarithm.",
        }  # fmt: skip
    if agrees or off <= FAR:
        return shown | {
            "plausible": by_count, "best": by_count[0], "method": "operations", "note": "",
            "certain": agrees,
        }  # fmt: skip
    union = tuple(big for big in BIGS if big in by_count or big in by_time)
    return shown | {
        "plausible": union, "best": _middle(union, b, sizes), "certain": False, "method": "operations",
        "note": "Counted operations and measured time point to different classes.",
    }  # fmt: skip


def _by_time(
    sizes: Sequence[int], seconds: Sequence[float], resolution: float
) -> tuple[tuple[Big, ...], bool]:
    """Classes that measured time allows, and whether any of them really fits (else they are the neighbours).
    Classes that differ by a logarithm come together: caches cost as much as a logarithm does."""
    if max(seconds) < resolution:
        return ("1", "log n"), True
    used = [(n, s) for n, s in zip(sizes, seconds, strict=True) if s > resolution / 20]
    if len(used) < MIN_POINTS:
        used = list(zip(sizes, seconds, strict=True))[-MIN_POINTS:]
    ns, ts = [n for n, _ in used], [max(s, 1e-9) for _, s in used]
    b, low, high = slope(ns, ts)
    if b > STEEP:
        return (("2^n",), True) if _bends(ns, ts) else (("n^3", "2^n"), False)
    margin = max(NEAR, (high - low) / 2)
    found = set(plausible(fit(ns, ts), error=TIME_ERROR))
    near = {big for big in _POWERS if abs(_expected_slope(big, ns, b) - b) <= margin}
    if (top := _still_rising(ns, ts, b)) is not None:  # the leading term is only beginning to show
        near |= {big for big in _POWERS if abs(_expected_slope(big, ns, top) - top) <= NEAR}
        found |= near
    found = (found & near) or near
    for pair in (("1", "log n"), ("n", "n log n")):
        if found & set(pair):
            found |= set(pair)
    if found:
        return tuple(big for big in BIGS if big in found), True
    return _neighbours(b, ns), False


def _neighbours(b: float, sizes: Sequence[int]) -> tuple[Big, ...]:
    """The classes on both sides of a slope that is none of theirs."""
    below = [big for big in BIGS if _expected_slope(big, sizes, b) <= b]
    above = [big for big in BIGS if _expected_slope(big, sizes, b) > b]
    return (*below[-1:], *above[:1])


def _bends(sizes: Sequence[int], values: Sequence[float]) -> bool:
    """Whether the logarithm of the values is straight over n rather than over log n, at the upper sizes."""
    ys = [math.log(v) for v in values[-UPPER:]]
    over_n = _crookedness([float(n) for n in sizes[-UPPER:]], ys)
    over_log = _crookedness([math.log(n) for n in sizes[-UPPER:]], ys)
    return over_n < over_log


def _crookedness(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Sum of squared distances from the best straight line."""
    line = statistics.linear_regression(xs, ys)
    return sum((y - line.intercept - line.slope * x) ** 2 for x, y in zip(xs, ys, strict=True))


def _still_rising(sizes: Sequence[int], values: Sequence[float], b: float) -> float | None:
    """The slope between the last two sizes, when the slopes go up and have left the median behind."""
    logs = [(math.log(n), math.log(v)) for n, v in zip(sizes[-4:], values[-4:], strict=True)]
    local = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.pairwise(logs)]
    return local[-1] if local == sorted(local) and local[-1] > b + 0.25 else None


def _expected_slope(big: Big, sizes: Sequence[int], b: float) -> float:
    """The slope that a class has over the upper sizes; an exponential's base is free: any steep slope `b` will do."""
    if big == "2^n":
        return max(b, STEEP)
    low, high = sizes[max(0, len(sizes) - UPPER)], sizes[-1]
    return (math.log(_G[big](high)) - math.log(_G[big](low))) / (math.log(high) - math.log(low))


def _middle(found: tuple[Big, ...], b: float, sizes: Sequence[int]) -> Big | None:
    if not found:
        return None
    return min(found, key=lambda big: abs(_expected_slope(big, sizes, b) - b))


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
    given = problem.complexity.sizes
    found = _series(judge, source, problem, given or _doublings(), between=not given)
    if len(found.seconds) < MIN_POINTS and not found.note and not given:
        found = _series(judge, source, problem, FINE_SIZES, between=False)
    sizes = sorted(found.seconds)
    shown = tuple(
        GrowthPoint(
            n=n,
            ms=round(found.seconds[n] * 1000, 4),
            ops=round(_total(found.counts[n]), 1) if n in found.counts else None,
        )
        for n in sizes
    )
    if len(sizes) < MIN_POINTS:
        return Growth(**head, points=shown, note=found.note or "Too slow to be measured on four sizes.")
    return Growth(**head, points=shown, **found.conclusion())


@functools.cache
def _counting_code() -> str:
    return (CHILD / "counting.py").read_text(encoding="utf-8")


def _doublings() -> tuple[int, ...]:
    return tuple(FIRST_N << k for k in range(LAST_N.bit_length()) if FIRST_N << k <= LAST_N)


def _total(row: dict[str, float]) -> float:
    return row["ticks"] + row["c_work"] + row["sorting"]


@dataclass(slots=True)
class _Series:
    """What was measured so far, by size: seconds of a call, and counted operations."""

    seconds: dict[int, float] = field(default_factory=dict)
    counts: dict[int, dict[str, float]] = field(default_factory=dict)
    resolution: float = 0.0
    note: str = ""

    def conclusion(self) -> dict[str, Any]:
        """`conclude` on it."""
        sizes = sorted(self.seconds)
        counts = [self.counts[n] for n in itertools.takewhile(lambda n: n in self.counts, sizes)]
        return conclude(sizes, [self.seconds[n] for n in sizes], counts, resolution=self.resolution)


def _series(judge: Judge, source: str, problem: Problem, sizes: Sequence[int], *, between: bool) -> _Series:
    """Count, then time, one size after the other until it takes too long. `between` allows sizes half-way."""
    found = _Series()
    lab = _Lab(judge, source, problem)
    with cells(lab.maker, lab.timed, lab.counted):
        if not lab.ready():
            found.note = "The code does not load."
            return found
        found.resolution = lab.overhead = _overhead(lab.timed)
        _count_sizes(lab, sizes, found)
        if between and 1 < len(found.counts) < FEW_POINTS:
            _count_sizes(lab, _half_way(sorted(found.counts)), found)
        counted = sorted(found.counts)
        if between and lab.endless and len(counted) < MIN_POINTS:
            return found  # doubling is out of reach
        if classes_by_count(counted, [found.counts[n] for n in counted]):
            _time_sizes(lab, counted, found, LIGHT)
            if len(found.seconds) >= MIN_POINTS and found.conclusion()["certain"]:
                return found
        found.seconds.clear()
        _time_sizes(lab, sorted({*sizes, *counted}), found, CAREFUL)
        if between and not counted and 1 < len(found.seconds) < FEW_POINTS:
            _time_sizes(lab, _half_way(sorted(found.seconds)), found, CAREFUL)
        if lab.failed and len(found.seconds) < MIN_POINTS:
            found.note = "The code fails on the measured inputs."
    return found


def _half_way(sizes: Sequence[int]) -> list[int]:
    """Sizes between the given ones, and one above."""
    return [n + n // 2 for n in sizes]


def _count_sizes(lab: _Lab, sizes: Sequence[int], found: _Series) -> None:
    """Counts for ascending sizes, until a call would take too long or fails."""
    spent: list[float] = []
    for n in sizes:
        counted = lab.count(n)
        if counted is None:
            return
        found.counts[n], cpu_s = counted
        spent.append(cpu_s)
        if len(found.counts) < MIN_POINTS:
            longest = 2 * COUNT_MOST_S
        else:
            wide = n >= min(LOG_RANGE * sizes[0], sizes[-1] // 2)
            longest = COUNT_S if wide else COUNT_MOST_S
        if n >= COUNT_RANGE * sizes[0] or _next_call(spent) > longest:
            return


def _time_sizes(lab: _Lab, sizes: Sequence[int], found: _Series, care: Care) -> None:
    """Seconds for ascending sizes, until a call would take too long or fails."""
    for n in sizes:
        seconds = lab.time(n, care)
        if seconds is None:
            return
        found.seconds[n] = seconds
        if _next_call(list(found.seconds.values())) > care.call_s * 2 or lab.late():
            return


def _next_call(spent: Sequence[float]) -> float:
    """How long the call on the next size will take, if it grows as from the last to this one."""
    return spent[-1] * (spent[-1] / max(spent[-2], 1e-9) if len(spent) > 1 else 2.0)


class _Lab:
    """The processes of one measurement: one makes inputs, one is timed, one counts."""

    def __init__(self, judge: Judge, source: str, problem: Problem) -> None:
        assert problem.complexity is not None, "the caller has looked"
        self.problem, self.driver = problem, problem.complexity.driver or ""
        self.maker = judge.cell(problem, helper_message(problem.complexity.generate, "generate", WITH_RNG))
        self.timed = judge.cell(problem, load_message(problem, source))
        self.counted = judge.cell(problem, load_message(problem, source, count=_counting_code()))
        self.overhead = 0.0
        self.failed = False  # the last timed call raised
        self.endless = False  # the last counted call was stopped
        self._deadline = time.monotonic() + TOTAL_S
        self._inputs: dict[int, list[Any] | None] = {}

    def ready(self) -> bool:
        """Start all; False when the candidate's code does not load. Raises as `measure` does."""
        for cell in (self.maker, self.timed, self.counted):
            cell.start()
        made = self.maker.ready()
        if made.verdict is not Verdict.ACCEPTED or made.value is not None:
            raise broken(self.problem, "complexity.generate does not load", made)
        for cell in (self.timed, self.counted):
            loaded = cell.ready()
            if loaded.verdict is Verdict.ENGINE:
                load_problem(self.problem, loaded)
            if loaded.verdict is not Verdict.ACCEPTED or loaded.value is not None:
                return False
        return True

    def late(self) -> bool:
        """Whether this has taken long enough."""
        return time.monotonic() > self._deadline

    def inputs(self, n: int) -> list[Any] | None:
        """Encoded arguments of size n; None when they are larger than an input may be."""
        if n not in self._inputs:
            self._inputs[n] = self._made(n)
        return self._inputs[n]

    def _made(self, n: int) -> list[Any] | None:
        if not self.maker.alive():
            return None
        result = self.maker.ask([f"growth/{n}", n], "with_rng", 10.0)
        if result.verdict is Verdict.OUTPUT:
            return None
        if result.verdict is not Verdict.ACCEPTED:
            raise broken(self.problem, f"complexity.generate fails for n = {n}", result)
        return [encode(arg) for arg in generated_args(self.problem, result.value, self.driver)]

    def _go(
        self, cell: Cell, encoded: list[Any], times: int, limit_s: float
    ) -> tuple[Result, dict[str, Any]]:
        """Hold the inputs `times` over, then make the calls; the result (with its seconds) and the raw answer."""
        held = {"op": "hold", "id": None, "args": encoded, "times": times, "driver": self.driver}
        if cell.raw(held, 10.0).fields is None:
            return Result(Verdict.OUTPUT), {}
        answer = cell.raw({"op": "go", "id": None}, limit_s)
        return read_result(answer), answer.fields or {}

    def count(self, n: int) -> tuple[dict[str, float], float] | None:
        """Counted operations of one call and its seconds; None when the instrumented copy fails or says nonsense."""
        encoded = self.inputs(n)
        if encoded is None:
            return None
        result, fields = self._go(self.counted, encoded, 1, 2 * COUNT_MOST_S)
        self.endless = result.verdict is Verdict.TIMEOUT
        raw = fields.get("counts")
        keys = ("ticks", "c_work", "sorting", "opaque")
        if result.verdict is not Verdict.ACCEPTED or not isinstance(raw, dict):
            return None
        if any(not isinstance(raw.get(key), int | float) or not 0 <= raw[key] < 1e15 for key in keys):
            return None
        return {key: float(raw[key]) for key in keys}, result.cpu_s

    def time(self, n: int, care: Care) -> float | None:
        """Processor seconds of one call, best of several batches; None when a call fails."""
        encoded = self.inputs(n)
        if encoded is None:
            return None
        times, good = 1, []
        most = max(1, min(256, HELD_NODES // max(1, _nodes(encoded, HELD_NODES))))
        for _ in range(care.batches + 4):
            result, _ = self._go(self.timed, encoded, times, GO_S)
            if result.verdict is not Verdict.ACCEPTED:
                self.failed = result.verdict in (Verdict.ERROR, Verdict.EXIT, Verdict.CRASHED)
                return None
            spent = max(result.cpu_s - self.overhead, 1e-8)
            good.append(spent / times)
            if spent < care.batch_s and times < most:  # too short to be trusted: more calls in one batch
                times = min(most, max(times * 2, math.ceil(times * care.batch_s / spent)))
                good.clear()
            elif len(good) >= (2 if spent > LONG_S else care.batches):
                break
        return min(good, default=spent / times)


def _overhead(cell: Cell) -> float:
    """Seconds that an empty measurement costs."""
    best = math.inf
    for _ in range(5):
        cell.raw({"op": "hold", "id": None, "args": [], "times": 0, "driver": ""}, GO_S)
        best = min(best, cell.raw({"op": "go", "id": None}, GO_S).cpu_s)
    return max(best, 2e-6)


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
