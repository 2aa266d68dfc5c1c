"""Scoring a finished round again while nobody waits: one background task a session, with how far it is.

Lost with the process on purpose: nothing of it is committed before it is whole, and it can be asked for again. Does not
know pages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.ports import Judge, Judged, JudgeRequest
from bot.errors import RehearsalError
from bot.interview.assess import Assessor
from bot.interview.session import SessionService

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Again:
    """How far it is. `answers` read so far; `trouble` in words when it ended without a result."""

    judge: str
    running: bool = True
    answers: int = 0
    trouble: str = ""


@dataclass
class _Counted:
    """A judge that tells of every answer that it is asked about."""

    judge_of: Judge
    tell: Callable[[], None]

    @property
    def name(self) -> str:
        return self.judge_of.name

    async def judge(self, request: JudgeRequest) -> Judged:
        judged = await self.judge_of.judge(request)
        self.tell()
        return judged


class Reassessments:
    """The assessments under way in this process. All methods are called from one event loop."""

    def __init__(self, service: SessionService, assessor: Assessor) -> None:
        self._service, self._assessor = service, assessor
        self._views: dict[str, Again] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def begin(self, session: str, owner: str, judge: str) -> None:
        """Start it, unless it runs already. Raises `NotFound`, and `InputRefused` for a judge that is not here."""
        self._service.state(session, owner)
        counted = _Counted(self._assessor.named(judge), lambda: self._one_more(session))
        if session not in self._tasks:
            self._views[session] = Again(judge)
            self._tasks[session] = asyncio.create_task(self._run(session, owner, judge, counted))

    def view(self, session: str) -> Again | None:
        """How far it is, or how it ended; None when nothing was asked for. The caller has checked the owner."""
        return self._views.get(session)

    def outcome(self, session: str) -> Again | None:
        """How it ended, told once."""
        view = self._views.get(session)
        return None if view is None or view.running else self._views.pop(session)

    def stop(self) -> None:
        """Give up what is under way, when the process ends."""
        for task in self._tasks.values():
            task.cancel()

    def _one_more(self, session: str) -> None:
        view = self._views[session]
        self._views[session] = replace(view, answers=view.answers + 1)

    async def _run(self, session: str, owner: str, judge: str, counted: Judge) -> None:
        assessor = replace(self._assessor, judges={judge: counted})
        trouble = ""
        try:
            log = self._service.events(session, owner)
            self._service.add_assessment(session, owner, await assessor.again(log, judge))
        except RehearsalError as problem:
            trouble = str(problem)
        except Exception:
            # Our own bug: the log is whole, the page says so calmly, the details go to the server's log only.
            _LOG.exception("scoring session %s again failed", session)
            trouble = "Something went wrong on our side. The earlier assessment is kept; try again."
        finally:
            self._tasks.pop(session, None)
            self._views[session] = replace(self._views[session], running=False, trouble=trouble)
