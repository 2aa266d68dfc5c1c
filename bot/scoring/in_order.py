"""A stream of items worked on several at once, whose results come out in the order the items went in.

    read (a thread, one item when it is asked for) -> window -> work, `at_once` of them -> results in order

Of an endless stream no more than a window of items is held: where one takes long, others overtake it until the window
is full; then reading waits. Does not know what an item is, nor where the results go.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

OVERTAKE = 8
"""How many times as many items are held at most as are worked on."""


async def in_order(
    items: Iterable[T], work: Callable[[T], Awaitable[R]], *, at_once: int = 1
) -> AsyncGenerator[R]:
    """What `work` makes of each item, in the items' order. What it raises, or reading, is raised in its place.

    With one at once an item is read when the result before it was taken. To stop early close it
    (`contextlib.aclosing`): work that is under way is cancelled and waited for.
    """
    window = 1 if at_once == 1 else OVERTAKE * at_once
    free = asyncio.Semaphore(at_once)
    reader = _Reader(items)
    held: deque[asyncio.Future[Any]] = deque()  # of R, and last what reading raised
    coming: asyncio.Future[tuple[T, ...]] | None = None
    ended = False

    async def one(item: T) -> R:
        async with free:
            return await work(item)

    try:
        while held or not ended:
            if coming is None and not ended and len(held) < window:
                coming = reader.ask()
            next_ones = [f for f in (coming, held[0] if held else None) if f is not None]
            await asyncio.wait(next_ones, return_when=asyncio.FIRST_COMPLETED)
            if coming is not None and coming.done():
                if coming.exception() is not None:
                    held.append(coming)
                else:
                    held.extend(asyncio.ensure_future(one(item)) for item in coming.result())
                ended = coming.exception() is not None or not coming.result()
                coming = None
            if held and held[0].done():
                yield held.popleft().result()
    finally:
        reader.close()
        for under_way in (*held, *([coming] if coming is not None else [])):
            under_way.cancel()
        await asyncio.gather(*held, return_exceptions=True)


class _Reader(Generic[T]):
    """Asks for the items in a thread of its own, one when it is told to: a pipe that is silent holds up nobody who
    works, and no Ctrl-C either, which does not wait for the thread."""

    def __init__(self, items: Iterable[T]) -> None:
        self._asked: queue.SimpleQueue[asyncio.Future[tuple[T, ...]] | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(iter(items),), name="reader", daemon=True).start()

    def ask(self) -> asyncio.Future[tuple[T, ...]]:
        """The next item, nothing at the end, or what reading raised."""
        future: asyncio.Future[tuple[T, ...]] = self._loop.create_future()
        self._asked.put(future)
        return future

    def close(self) -> None:
        """Let the thread go; it goes when what it waits for has come."""
        self._asked.put(None)

    def _read(self, items: Iterator[T]) -> None:
        while (future := self._asked.get()) is not None:
            found: tuple[T, ...] = ()
            problem: Exception | None = None
            try:
                found = next(((item,) for item in items), ())
            except Exception as error:
                problem = error
            try:
                self._loop.call_soon_threadsafe(_tell, future, found, problem)
            except RuntimeError:  # the loop is closed: nobody reads any more
                return


def _tell(future: asyncio.Future[tuple[T, ...]], found: tuple[T, ...], problem: Exception | None) -> None:
    if future.done():
        return
    if problem is None:
        future.set_result(found)
    else:
        future.set_exception(problem)
