"""A stream of items worked on at once: order, how many are held, and what is raised."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scoring.in_order import OVERTAKE, in_order

pytestmark = pytest.mark.anyio


@given(st.lists(st.integers(0, 5), max_size=60), st.integers(1, 6))
def test_results_come_in_order_however_long_each_takes(waits: list[int], at_once: int) -> None:
    under_way = most = 0

    async def work(item: tuple[int, int]) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(item[1]):
            await asyncio.sleep(0)
        under_way -= 1
        return item[0]

    async def run() -> list[int]:
        return [found async for found in in_order(enumerate(waits), work, at_once=at_once)]

    assert asyncio.run(run()) == list(range(len(waits)))
    assert most <= at_once


async def test_of_an_endless_stream_a_window_is_held() -> None:
    read: list[int] = []
    stuck, full = asyncio.Event(), threading.Event()

    def endless() -> Iterator[int]:
        number = 0
        while True:
            read.append(number)
            if len(read) == 3 * OVERTAKE:
                full.set()
            yield number
            number += 1

    async def work(item: int) -> int:
        if item == 0:
            await stuck.wait()
        return item

    async with contextlib.aclosing(in_order(endless(), work, at_once=3)) as outcomes:
        first = asyncio.create_task(anext(outcomes))
        await asyncio.to_thread(full.wait, 60)
        for _ in range(50):
            await asyncio.sleep(0)
        assert len(read) == 3 * OVERTAKE, "the first holds up the rest"
        stuck.set()
        assert await first == 0
        assert [await anext(outcomes) for _ in range(100)] == list(range(1, 101))


def broken(items: Iterable[int]) -> Iterator[int]:
    yield from items
    raise OSError("no more")


@pytest.mark.parametrize("at_once", [1, 4])
async def test_what_reading_or_working_raises_comes_after_what_was_before_it(at_once: int) -> None:
    async def work(item: int) -> int:
        await asyncio.sleep(0.001 * (9 - item))
        if item == 7:
            raise ValueError("seven")
        return item

    found: list[int] = []

    async def collect(items: Iterable[int]) -> None:
        async for one in in_order(items, work, at_once=at_once):
            found.append(one)

    with pytest.raises(OSError, match="no more"):
        await collect(broken(range(5)))
    assert found == list(range(5))
    with pytest.raises(ValueError, match="seven"):
        await collect(range(5, 30))
    assert found == list(range(7))
