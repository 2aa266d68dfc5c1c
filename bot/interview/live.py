"""Turns that belong to the server: the page starts one and tails it, and may vanish in between.

One background task per session carries out the missing steps; what it has said so far is kept here for every window
that looks. Lost with the process on purpose: the log has every committed step, and `ensure` picks up from there.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.ports import Delta, Restart
from bot.errors import RehearsalError
from bot.interview.session import SessionService
from bot.interview.updates import Accepted, Closed, Notice, Result, Said, Thinking

_LOG = logging.getLogger(__name__)
_KEPT = 512


@dataclass(frozen=True, slots=True)
class LiveView:
    """What a window shows of a turn under way. `version` grows with every change."""

    version: int = 0
    busy: bool = False
    doing: Literal["", "judge", "phrase", "score"] = ""
    text: str = ""  # of the utterance under way
    notice: str = ""
    error: str = ""  # what went wrong, for people; the turn can be resumed


class LiveTurns:
    """The turns under way in this process. All methods are called from one event loop."""

    def __init__(self, service: SessionService) -> None:
        self._service = service
        self._views: dict[str, LiveView] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._changed: dict[str, asyncio.Event] = {}

    def submit(
        self,
        session: str,
        owner: str,
        text: str,
        *,
        key: str | None = None,
        seen: int | None = None,
        via: Literal["text", "button", "voice"] = "text",
    ) -> Accepted:
        """Commit the message and start the interviewer's turn. Raises as `SessionService.accept`."""
        accepted = self._service.accept(session, owner, text, key=key, seen=seen, via=via)
        self.ensure(session, owner)
        return accepted

    def finish(self, session: str, owner: str) -> None:
        """Commit the wish to end and start closing and scoring."""
        self._service.ask_finish(session, owner)
        self.ensure(session, owner)

    def ensure(self, session: str, owner: str) -> None:
        """Start the missing steps when there are any and nobody carries them out: after a send, a reload, a restart."""
        state = self._service.state(session, owner)
        task = self._tasks.get(session)
        if (task is None or task.done()) and state.pending not in ("candidate", "nothing"):
            self._show(session, busy=True, text="", notice="", error="", doing="")
            self._tasks[session] = asyncio.create_task(self._run(session, owner))

    def stop(self, session: str, owner: str) -> None:
        """Cut the interviewer short; what was said stays."""
        self._service.stop_speaking(session, owner)

    def view(self, session: str) -> LiveView:
        """The turn as it stands. The caller has checked the owner."""
        return self._views.get(session, LiveView())

    async def changed(self, session: str, version: int, timeout: float = 15.0) -> LiveView:
        """Wait until the view is newer than `version` or `timeout` seconds are over; the view as it then stands."""
        event = self._changed.setdefault(session, asyncio.Event())
        if self.view(session).version <= version:
            try:
                async with asyncio.timeout(timeout):
                    await event.wait()
            except TimeoutError:
                pass
        return self.view(session)

    def touch(self, session: str) -> None:
        """Something outside of a turn changed the session (a pause, saved work): windows look again."""
        self._show(session)

    async def settle(self) -> None:
        """Wait for the turns under way, at shutdown and in tests."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _run(self, session: str, owner: str) -> None:
        try:
            async with aclosing(self._service.resume(session, owner)) as updates:
                async for update in updates:
                    self._take(session, update)
        except RehearsalError as problem:
            self._show(session, error=str(problem))
        except Exception:
            # Our own bug: the log is whole, the page says so calmly, the details go to the server's log only.
            _LOG.exception("a turn of session %s failed", session)
            self._show(session, error="Something went wrong on our side. Your answer is saved; try again.")
        finally:
            self._show(session, busy=False, doing="", text="")
            self._forget_old()

    def _take(self, session: str, update: object) -> None:
        match update:
            case Thinking(what=what):
                self._show(session, doing=what)
            case Delta(text=text):
                self._show(session, text=self.view(session).text + text)
            case Restart():
                self._show(session, text="")
            case Said():
                self._show(session, text="", doing="")
            case Notice(line=line):
                self._show(session, notice=line)
            case Result() | Closed():
                self._show(session, doing="")

    def _show(self, session: str, **changes: object) -> None:
        before = self.view(session)
        self._views[session] = replace(before, version=before.version + 1, **changes)  # type: ignore[arg-type]
        self._changed.setdefault(session, asyncio.Event()).set()
        self._changed[session] = asyncio.Event()

    def _forget_old(self) -> None:
        idle = [s for s in self._views if (t := self._tasks.get(s)) is None or t.done()]
        for session in idle[: max(0, len(self._views) - _KEPT)]:
            self._views.pop(session, None)
            self._tasks.pop(session, None)
            self._changed.pop(session, None)
