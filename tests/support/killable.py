"""One whole interview in a process of its own that may be killed. Run by tests, never imported by them.

    python -m tests.support.killable HOME KILL_AT CALLS

Dies by SIGKILL right after commit number KILL_AT (0: never). Judge, interviewer and scorer calls are appended to the
file CALLS before they happen. Prints `ack KEY` when a send is acknowledged, `end` at the end.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from bot.domain.base import RoundId
from bot.domain.ports import Delta, Judged, JudgeRequest, Material, Restart, Scene, Spoken
from bot.domain.session import SessionState
from bot.interview.authored import AuthoredInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import ScoredRound, StartRequest
from bot.store.engine import open_engine
from bot.store.log import Appended, EventLog
from tests.support.bank import KeywordJudge, TestClock, blank_scorecard, small_bank

ANSWERS = ("key0 false0", "key1 key2", "give me a hint", "key3", "half1")


class Paid:
    """Notes a call in a file, durably, before it is made: what was bought."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, what: str) -> None:
        """One line a call."""
        with self._path.open("a") as file:
            file.write(what + "\n")


class PaidJudge(KeywordJudge):
    """The key-word judge with a bill."""

    def __init__(self, paid: Paid) -> None:
        super().__init__()
        self._paid = paid

    async def judge(self, request: JudgeRequest) -> Judged:
        self._paid.note(f"judge {request.turn}")
        return await super().judge(request)


class PaidInterviewer(AuthoredInterviewer):
    """The authored interviewer with a bill."""

    def __init__(self, paid: Paid) -> None:
        self._paid = paid

    async def phrase(
        self, material: Material, scene: Scene
    ) -> AsyncGenerator[Delta | Restart | Spoken, None]:
        self._paid.note(f"phrase {len(scene.lines)} {material.move.kind}")
        async for piece in super().phrase(material, scene):
            yield piece


def dying_after(commit: int) -> None:
    """Make the log kill this process right after its `commit`-th commit."""
    done = 0

    def wrap(original: object) -> object:
        def call(self: EventLog, *args: object, **kwargs: object) -> Appended:
            nonlocal done
            appended: Appended = original(self, *args, **kwargs)  # type: ignore[operator]
            done += 1
            if done == commit:
                os.kill(os.getpid(), signal.SIGKILL)
            return appended

        return call

    EventLog.append = wrap(EventLog.append)  # type: ignore[method-assign,assignment]
    EventLog.create = wrap(EventLog.create)  # type: ignore[method-assign,assignment]


async def interview(service: SessionService) -> None:
    """The whole interview, as a page would do it: resume first, then send what is not there yet."""
    session = service.create(StartRequest(round=RoundId.PHONE_SCREEN, owner="ana", seed=1, key="first"))
    async for _ in service.resume(session, "ana"):
        pass
    for number, text in enumerate(ANSWERS):
        if service.state(session, "ana").ended:
            break
        service.accept(session, "ana", text, key=f"k{number}")
        print(f"ack k{number}", flush=True)
        async for _ in service.resume(session, "ana"):
            pass
    async for _ in service.finish(session, "ana"):
        pass
    print("end", flush=True)


def main(home: Path, kill_at: int, calls: Path) -> None:
    """Run it."""
    if kill_at:
        dying_after(kill_at)
    paid = Paid(calls)

    async def scorer(state: SessionState) -> ScoredRound:
        paid.note("score")
        return ScoredRound(blank_scorecard())

    service = SessionService(
        log=EventLog(open_engine(f"sqlite:///{home / 'log.db'}")),
        bank=small_bank(),
        judge=PaidJudge(paid),
        interviewer=PaidInterviewer(paid),
        scorer=scorer,
        clock=TestClock(),
    )
    asyncio.run(interview(service))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
