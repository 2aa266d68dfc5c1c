"""Figures of the coding rounds, for docs/benchmarks.md: speed of a run, twenty people at once, growth of the bank.

python -m tests.coding.bench speed [ENGINE ...]
python -m tests.coding.bench people [ENGINE]
python -m tests.coding.bench growth [ENGINE]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

import yaml

from bot.coding import growth
from bot.coding.engines.choose import engines, findings
from bot.coding.judge import Judge
from bot.coding.runner import Runner
from bot.domain.problem import Problem

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
        if why := findings(engines()[name]):
            print(f"{name}: {'; '.join(why)}")
            continue
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


def complexity(name: str) -> None:
    """Declared against measured class, for every reference and slow solution."""
    judge = Judge(engines()[name])
    right = certain = certain_wrong = total = contained = 0
    for problem in bank():
        asked = problem.complexity
        if asked is None:
            continue
        pairs = [(asked.time, problem.reference)] + (
            [(asked.slow.time, asked.slow.code)] if asked.slow else []
        )
        for declared, source in pairs:
            found = growth.measure(judge, source, problem)
            total += 1
            right += found.best == declared
            contained += declared in found.plausible
            certain += found.certain
            certain_wrong += found.certain and found.best != declared
            mark = "ok" if found.best == declared else "??"
            sure = "certain" if found.certain else f"not certain: {', '.join(found.plausible)} {found.note}"
            print(
                f"{mark} {problem.id}: {declared}, measured {found.best}, x{found.doubling} on doubling, {sure}"
            )
    print(
        f"{right} of {total} right, {contained} contain the truth, {certain} certain of which {certain_wrong} wrong"
    )


if __name__ == "__main__":
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "speed":
        speed(rest)
    elif what == "people":
        asyncio.run(people(rest[0] if rest else "native"))
    else:
        complexity(rest[0] if rest else "native")
