"""The queue in front of the judge: fair, with positions, bounded per person; and what happens when callers leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.coding.judge import Judge
from bot.coding.report import Report
from bot.coding.runner import FairQueue, Runner, TooManyRuns
from bot.domain.problem import Problem, Verdict
from bot.errors import SandboxError
from tests.coding.test_judge import RIGHT

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def runner(judge: Judge) -> AsyncIterator[Runner]:
    made = Runner(judge.engine, parallel=2)
    yield made
    made.close()


async def test_turns_come_in_order_and_positions_are_told() -> None:
    queue = FairQueue(1)
    order: list[str] = []
    told: dict[str, list[int]] = {}
    gate = asyncio.Event()

    async def person(name: str) -> None:
        told[name] = []
        async with queue.turn(name, told[name].append):
            order.append(name)
            await gate.wait()

    people = [asyncio.create_task(person(name)) for name in "abcd"]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert order == ["a"]
    assert [told[name][-1] for name in "abcd"] == [0, 1, 2, 3]
    gate.set()
    await asyncio.gather(*people)
    assert order == list("abcd")
    assert told["d"] == [3, 2, 1, 0]
    assert not queue.running
    assert not queue.waiting


async def test_one_person_waits_for_themselves_and_others_pass() -> None:
    queue = FairQueue(2)
    order: list[str] = []
    gates = {name: asyncio.Event() for name in ("a1", "a2", "b1")}

    async def go(user: str, name: str) -> None:
        async with queue.turn(user):
            order.append(name)
            await gates[name].wait()

    tasks = [asyncio.create_task(go(name[0], name)) for name in ("a1", "a2", "b1")]
    await asyncio.sleep(0.01)
    assert order == ["a1", "b1"]
    with pytest.raises(TooManyRuns):
        async with queue.turn("a"):
            pass
    for gate in gates.values():
        gate.set()
    await asyncio.gather(*tasks)
    assert order == ["a1", "b1", "a2"]


async def test_leaving_the_queue_lets_the_next_one_in() -> None:
    queue = FairQueue(1)
    gate = asyncio.Event()
    entered: list[str] = []

    async def go(name: str) -> None:
        async with queue.turn(name):
            entered.append(name)
            await gate.wait()

    tasks = {name: asyncio.create_task(go(name)) for name in "abc"}
    await asyncio.sleep(0.01)
    tasks["b"].cancel()
    await asyncio.sleep(0.01)
    tasks["a"].cancel()
    await asyncio.sleep(0.01)
    assert entered == ["a", "c"]
    gate.set()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    assert not queue.running
    assert not queue.waiting


async def test_a_turn_given_in_the_moment_of_cancelling_is_given_back() -> None:
    queue = FairQueue(1)
    gate = asyncio.Event()

    async def hold() -> None:
        async with queue.turn("a"):
            await gate.wait()

    async def late() -> None:
        async with queue.turn("b"):
            raise AssertionError("was cancelled")

    first, second = asyncio.create_task(hold()), asyncio.create_task(late())
    await asyncio.sleep(0.01)
    gate.set()
    await asyncio.sleep(0)  # `a` leaves: the turn is given to `b` ...
    second.cancel()  # ... which leaves in the same moment
    await asyncio.gather(first, second, return_exceptions=True)
    assert not queue.running
    assert not queue.waiting


async def test_many_at_once_are_all_answered(runner: Runner, two_sum: Problem) -> None:
    await runner.prepare(two_sum)
    positions: dict[int, list[int]] = {i: [] for i in range(8)}
    reports = await asyncio.gather(
        *(runner.run(RIGHT, two_sum, user=str(i), on_position=positions[i].append) for i in range(8))
    )
    assert all(report.accepted for report in reports)
    assert all(seen[-1] == 0 for seen in positions.values())
    assert max(seen[0] for seen in positions.values()) == 6


async def test_hidden_tests_can_be_asked_only_so_often(judge: Judge, two_sum: Problem) -> None:
    clock = [0.0]
    runner = Runner(judge.engine, hidden_per_minute=2, now=lambda: clock[0])
    bad = "def two_sum(nums, target): return None"
    for _ in range(2):
        await runner.run(bad, two_sum, "all", user="a")
    with pytest.raises(TooManyRuns, match="60 s"):
        await runner.run(bad, two_sum, "all", user="a")
    assert (await runner.run(bad, two_sum, user="a")).verdict is Verdict.WRONG
    clock[0] = 61
    await runner.run(bad, two_sum, "all", user="a")
    runner.close()


async def test_a_caller_who_leaves_keeps_the_turn_until_the_process_has_ended(
    runner: Runner, two_sum: Problem
) -> None:
    await runner.prepare(two_sum)
    task = asyncio.create_task(
        runner.run("def two_sum(nums, target):\n    while True: pass", two_sum, user="a")
    )
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    report = await runner.run(RIGHT, two_sum, user="a")
    assert isinstance(report, Report)
    assert report.accepted


async def test_what_an_engine_lacks_is_said(runner: Runner, softmax: Problem) -> None:
    assert runner.engine.name == "native"
    raw = runner.engine.model_copy(update={"has": ()})
    runner._judge.engine.__dict__["info"] = raw  # a cached property: this engine has no numpy now
    try:
        with pytest.raises(SandboxError, match="numpy"):
            await runner.run("x", softmax)
    finally:
        del runner._judge.engine.__dict__["info"]


async def test_a_closed_runner_says_so(judge: Judge, two_sum: Problem) -> None:
    runner = Runner(judge.engine)
    runner.close()
    with pytest.raises(SandboxError, match="closed"):
        await runner.run(RIGHT, two_sum)
