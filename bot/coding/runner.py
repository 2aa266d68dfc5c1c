"""The async face of the judge: a fair queue in front of a few worker threads.

Every person has at most one run going and one waiting; turns are taken in order of arrival; who waits is told
their position. Worker threads live as long as the runner, because a sandbox child dies with the thread that
started it. Knows nothing about sessions, pages or storage.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from bot.coding import checking, growth
from bot.coding.engines.base import Engine, EngineInfo
from bot.coding.judge import Judge
from bot.coding.report import Growth, OwnCase, Report, Scope
from bot.domain.problem import Problem
from bot.errors import SandboxError, UserError

#: told the number of runs ahead; 0 means it is your turn
OnPosition = Callable[[int], None]
T = TypeVar("T")


class TooManyRuns(UserError):
    """One run of this person is going and one is waiting, or hidden tests were asked too often."""


@dataclass(eq=False, slots=True)
class _Ticket:
    user: str
    turn: asyncio.Future[None]
    on_position: OnPosition | None
    told: int | None = None

    def tell(self, position: int) -> None:
        if self.on_position is not None and position != self.told:
            self.told = position
            self.on_position(position)


@dataclass(slots=True)
class FairQueue:
    """Turns for `parallel` runs at a time. Single event loop; no locks needed."""

    parallel: int
    waiting: deque[_Ticket] = field(default_factory=deque)
    running: dict[str, int] = field(default_factory=dict)

    @asynccontextmanager
    async def turn(self, user: str, on_position: OnPosition | None = None) -> AsyncIterator[None]:
        """Wait for a turn, hold it for the block. Raises `TooManyRuns` at a third of the same person."""
        if any(ticket.user == user for ticket in self.waiting):
            raise TooManyRuns(
                "One run is going and one is waiting already.",
                hint="Wait for the results before running again.",
            )
        ticket = _Ticket(user, asyncio.get_running_loop().create_future(), on_position)
        self.waiting.append(ticket)
        try:
            self._pump()
            await ticket.turn
        except BaseException:
            if ticket in self.waiting:
                self.waiting.remove(ticket)
            elif ticket.turn.done() and not ticket.turn.cancelled():
                self._leave(user)  # it was given the turn in the moment it was cancelled
            self._pump()
            raise
        try:
            yield
        finally:
            self._leave(user)
            self._pump()

    def _leave(self, user: str) -> None:
        self.running[user] -= 1
        if not self.running[user]:
            del self.running[user]

    def _pump(self) -> None:
        """Give turns to the first who may run; tell the others where they stand."""
        for ticket in tuple(self.waiting):
            if sum(self.running.values()) >= self.parallel:
                break
            if ticket.user not in self.running and not ticket.turn.done():
                self.waiting.remove(ticket)
                self.running[ticket.user] = 1
                ticket.turn.set_result(None)
                ticket.tell(0)
        for position, ticket in enumerate(self.waiting, start=1):
            ticket.tell(position)


class Runner:
    """Runs submissions on one engine. Make one for the application; `close` it at the end."""

    def __init__(
        self,
        engine: Engine,
        *,
        parallel: int | None = None,
        hidden_per_minute: int = 10,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._judge = Judge(engine)
        self.parallel = parallel or max(1, min(os.cpu_count() or 1, 4))
        self._queue = FairQueue(self.parallel)
        self._threads = ThreadPoolExecutor(self.parallel, thread_name_prefix="judge")
        self._hidden_per_minute = hidden_per_minute
        self._asked: dict[str, deque[float]] = {}
        self._now = now

    @property
    def engine(self) -> EngineInfo:
        """The engine in use, to be shown beside the editor."""
        return self._judge.engine.info

    async def run(
        self,
        source: str,
        problem: Problem,
        scope: Scope = "visible",
        own_cases: Sequence[OwnCase] = (),
        *,
        user: str = "",
        on_position: OnPosition | None = None,
    ) -> Report:
        """Judge a submission. `all` includes the hidden cases, at most ten times a minute for one person.

        Raises `TooManyRuns`, `SandboxError` (also when the runner is closed).
        """
        self._check_needs(problem)
        if scope == "all":
            self._count_hidden(user)
        async with self._queue.turn(user, on_position):
            return await self._thread(self._judge.run, source, problem, scope, tuple(own_cases))

    async def measure_growth(
        self, source: str, problem: Problem, *, user: str = "", on_position: OnPosition | None = None
    ) -> Growth:
        """Time the submission on growing inputs. Takes a few seconds."""
        self._check_needs(problem)
        async with self._queue.turn(user, on_position):
            return await self._thread(growth.measure, self._judge, source, problem)

    async def check_problem(self, problem: Problem) -> list[str]:
        """What is wrong with a problem of the bank: reference, wrong and slow solutions are run."""
        self._check_needs(problem)
        return await self._thread(checking.check_problem, self._judge, problem)

    async def prepare(self, problem: Problem) -> None:
        """Make a problem's generated cases and measure its reference ahead of the first run."""
        self._check_needs(problem)
        await self._thread(self._judge.prepare, problem)

    def close(self) -> None:
        """Let go of the worker threads; runs that are going end first."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    # -- inside

    async def _thread(self, work: Callable[..., T], *args: object) -> T:
        loop = asyncio.get_running_loop()
        try:
            future = loop.run_in_executor(self._threads, lambda: work(*args))
        except RuntimeError as exc:
            raise SandboxError("The code runner has been closed.", hint="Restart the application.") from exc
        # a cancelled caller keeps its turn until the process has really ended: that takes no longer than
        # the time limits, and lets nobody start a pile of runs by reloading the page
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            if not future.cancelled():
                await asyncio.wait([future])
            raise

    def _check_needs(self, problem: Problem) -> None:
        missing = set(problem.needs) - set(self.engine.has)
        if missing:
            raise SandboxError(
                f"This problem needs {', '.join(sorted(missing))}, which the {self.engine.name} engine does not have.",
                hint="Choose another problem, or another engine with BOT_CODE_ENGINE.",
            )

    def _count_hidden(self, user: str) -> None:
        """Pass or fail of the hidden group is an oracle: it can be asked only so often."""
        now = self._now()
        for other in [name for name, times in self._asked.items() if now - times[-1] > 60]:
            del self._asked[other]
        asked = self._asked.setdefault(user, deque())
        while asked and now - asked[0] > 60:
            asked.popleft()
        if len(asked) >= self._hidden_per_minute:
            wait = max(1, round(60 - (now - asked[0])))
            raise TooManyRuns(
                f"The hidden tests were asked {self._hidden_per_minute} times within a minute.",
                hint=f"Run the visible cases, and submit again in {wait} s.",
            )
        asked.append(now)
