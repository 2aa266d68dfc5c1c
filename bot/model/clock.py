"""Time as the gateway sees it, so that retries and deadlines can be tested without waiting.

`SystemClock` is the real one. `ManualClock` moves only when somebody sleeps on it. Neither knows what is
being timed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """Seconds, sleeping, and a limit on how long something may take."""

    def now(self) -> float:
        """Seconds since some fixed moment."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    async def within(self, seconds: float, work: Awaitable[T]) -> T:
        """The result of `work`, or `TimeoutError` once `seconds` have passed (the work is cancelled)."""
        ...


class SystemClock:
    """Real time."""

    def now(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(max(0.0, seconds))

    async def within(self, seconds: float, work: Awaitable[T]) -> T:
        """The result of `work` unless `seconds` pass first."""
        async with asyncio.timeout(max(0.0, seconds)):
            return await work


class ManualClock:
    """A clock for tests and simulations: `sleep` returns at once and moves the time.

    `within` lets the work finish and then raises if it slept past the limit, which is what a real deadline
    would have made of it.
    """

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self.slept: list[float] = []

    def now(self) -> float:
        """Seconds so far."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Move on by `seconds` without waiting."""
        self.slept.append(seconds)
        self._now += max(0.0, seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Move on from outside."""
        self._now += seconds

    async def within(self, seconds: float, work: Awaitable[T]) -> T:
        """The result of `work`, or `TimeoutError` when it took longer than `seconds` of this clock."""
        started = self._now
        result = await work
        if self._now - started > seconds:
            self._now = started + seconds
            raise TimeoutError(f"took longer than {seconds:g} s")
        return result
