"""Figures of the coding rounds, for docs/benchmarks.md: speed of a run, twenty people at once, growth of the bank.

python -m tests.coding.bench speed [ENGINE ...]
python -m tests.coding.bench people [ENGINE]
python -m tests.coding.bench growth [ENGINE]
python -m tests.coding.bench unseen [ENGINE]

With `BURNERS=2` in the environment, that many endless loops keep the machine busy meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from bot.coding import growth
from bot.coding.engines.choose import engines, findings
from bot.coding.judge import Judge
from bot.coding.runner import Runner
from bot.domain.problem import Problem
from tests.coding import programs

ROOT = Path(__file__).parents[2]
SOLUTION = """
def two_sum(nums, target):
    seen = {}
    for j, x in enumerate(nums):
        if target - x in seen:
            return [seen[target - x], j]
        seen[x] = j
"""


def twenty_cases() -> Problem:
    """two-sum with 5 visible and 15 hidden cases of 50 to 430 numbers."""

    def case(k: int) -> dict[str, object]:
        size = 50 + 20 * k
        return {
            "name": f"c{k}",
            "args": [list(range(0, 3 * size, 3)), 6 * size - 9],
            "expect": [size - 2, size - 1],
        }

    cases = [case(k) for k in range(20)]
    wrong = [{"name": str(i), "why": "-", "code": "def two_sum(n, t): return None"} for i in range(3)]
    return Problem.model_validate(
        {"id": "bench", "entry": "two_sum", "contract": "-", "visible": cases[:5], "hidden": cases[5:],
         "reference": SOLUTION, "wrong": wrong}
    )  # fmt: skip


def bank() -> list[Problem]:
    """Every executable problem of the bank and of the tests."""
    found = []
    for path in sorted((ROOT / "prompts" / "questions").glob("*/*.yaml")) + sorted(
        Path(__file__).parent.glob("problems/*.yaml")
    ):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        body = raw.get("problem", raw if "reference" in raw else None)
        if body:
            found.append(Problem.model_validate(body))
    return found


def speed(names: list[str]) -> None:
    """Wall milliseconds of a submission, every process started anew."""
    problem = twenty_cases()
    for name in names or list(engines()):
        start = time.perf_counter()
        if why := findings(engines()[name]):
            print(f"{name}: {'; '.join(why)}")
            continue
        print(f"{name}: self-test {time.perf_counter() - start:.2f} s")
        judge = Judge(engines()[name])
        start = time.perf_counter()
        judge.prepare(problem)
        prepared = (time.perf_counter() - start) * 1000
        times, reports = [], []
        for _ in range(30):
            start = time.perf_counter()
            reports.append(judge.run(SOLUTION, problem, "all"))
            times.append((time.perf_counter() - start) * 1000)
        assert all(report.accepted for report in reports)
        times.sort()
        print(
            f"{name}: 20 cases cold, median {statistics.median(times):.0f} ms, best {times[0]:.0f}, "
            f"worst {times[-1]:.0f}; preparing once {prepared:.0f}; peak {reports[0].peak_mb:.0f} MB"
        )


async def people(name: str) -> None:
    """Twenty people press run in the same moment."""
    problem = twenty_cases()
    runner = Runner(engines()[name], parallel=2)
    await runner.prepare(problem)
    positions: dict[int, list[int]] = {k: [] for k in range(20)}
    waits: list[float] = []
    start = time.perf_counter()

    async def press(k: int) -> None:
        report = await runner.run(SOLUTION, problem, "all", user=str(k), on_position=positions[k].append)
        assert report.accepted
        waits.append(time.perf_counter() - start)

    await asyncio.gather(*(press(k) for k in range(20)))
    runner.close()
    ordered = all(seen == sorted(seen, reverse=True) and seen[-1] == 0 for seen in positions.values())
    print(
        f"{name}: 20 people at once, 2 at a time: all answered; first {waits[0] * 1000:.0f} ms, "
        f"median {statistics.median(waits) * 1000:.0f}, last {waits[-1] * 1000:.0f}; positions only fall: {ordered}"
    )


Truths = Iterable[tuple[Problem, str | None, str]]


def of_the_bank() -> Truths:
    """(problem, declared class, source) for every reference and slow solution."""
    for problem in bank():
        if asked := problem.complexity:
            yield problem, asked.time, problem.reference
            if asked.slow:
                yield problem, asked.slow.time, asked.slow.code


def unseen() -> Truths:
    """The same for programs that nothing was tuned on; None where we have no name for the class."""
    for name, truth, generate, source in programs.PROGRAMS:
        yield programs.problem(name, truth, generate, source), truth, source


def complexity(name: str, truths: Truths) -> None:
    """True against measured class."""
    judge = Judge(engines()[name])
    right = certain = certain_wrong = total = contained = 0
    began = time.perf_counter()
    for problem, truth, source in truths:
        start = time.perf_counter()
        found = growth.measure(judge, source, problem)
        good = found.best == truth if truth else not found.certain
        total += truth is not None
        right += good and truth is not None
        contained += truth in found.plausible
        certain += found.certain
        certain_wrong += found.certain and found.best != truth
        sure = "certain" if found.certain else f"not certain: {', '.join(found.plausible)} {found.note}"
        print(
            f"{'ok' if good else '??'} {problem.id}: {truth}, measured {found.best} by {found.method}, "
            f"x{found.doubling} on doubling, {sure} ({time.perf_counter() - start:.1f} s)",
            flush=True,
        )
    print(
        f"{right} of {total} right, {contained} contain the truth, {certain} certain of which {certain_wrong} wrong; "
        f"{time.perf_counter() - began:.0f} s"
    )


def _burn() -> None:
    while True:
        pass


@contextlib.contextmanager
def burners(count: int) -> Iterator[None]:
    """Endless loops beside the measurement."""
    processes = [multiprocessing.Process(target=_burn, daemon=True) for _ in range(count)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()


if __name__ == "__main__":
    what, rest = sys.argv[1], sys.argv[2:]
    engine = rest[0] if rest else "native"
    with burners(int(os.environ.get("BURNERS", "0"))):
        if what == "speed":
            speed(rest)
        elif what == "people":
            asyncio.run(people(engine))
        else:
            complexity(engine, of_the_bank() if what == "growth" else unseen())
