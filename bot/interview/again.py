"""Scoring a finished round again while nobody waits: one background task a session, with how far it is.

What somebody asked for is in the log before it is begun, and its result when it is whole; what a process took with it in
between is begun anew by the next one, from the start (`lost`). A round that a model should have judged or read as a
whole, but could not, is tried again by itself. The log has every try from its beginning, so that no crash makes them
more than `MAX_BEGUN` and `MAX_TRIES`. Does not know pages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import events as ev
from bot.domain.ports import Judge, Judged, JudgeRequest
from bot.domain.scorecard import Scorecard
from bot.domain.session import SessionState, fold
from bot.errors import ModelError, RehearsalError
from bot.interview.assess import Assessor
from bot.interview.session import SessionService
from bot.interview.updates import ScoredRound

_LOG = logging.getLogger(__name__)
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long after the end of the round, and after each try, the next try may begin."""
MAX_TRIES = len(WAITS)
MAX_BEGUN, ASKED_WITHIN = 3, timedelta(days=1)
"""How often what somebody asked for is begun in all, and for how long after they did so the last time."""
AT_ONCE, _LOOKED_AT, _TAKEN_UP = 5, 20, 50
"""Rounds that are tried again each time that a process looks, how many with trouble are looked at for them, and how many
that somebody wanted to have scored again."""
LOOK_EVERY_S = 300.0
"""Seconds between two looks of a process that stays up: one query, and the logs of the newest such rounds."""
_NO_OUTAGE = frozenset({"BudgetSpent", "RequestsForbidden"})
_LINE = "The judging model could not be reached. Scoring is tried again by itself, three times at most."


def due_again(log: Sequence[ev.Event], now: datetime) -> bool:
    """Whether a round is to be judged again by itself at `now`.

    It is over, a model failed to judge an answer or to read the round (no cap stopped that model), no later assessment
    is whole, and the tries so far, which the log has, are fewer than `MAX_TRIES` and long enough ago. A round that was
    judged offline by choice has no such trouble in its log.
    """
    ended: datetime | None = None
    out, tries = False, list[datetime]()
    for event in log:
        match event.body:
            case ev.Trouble(where="judge" | "scorer", kind=kind):
                if kind in _NO_OUTAGE:
                    return False
                out = True
            case ev.Trouble(where="again"):
                tries.append(event.at)
            case ev.Ended():
                ended = event.at
            case ev.Scored(scorecard=card) if ended is not None and _whole(card):
                return False
    if ended is None or not out or len(tries) >= MAX_TRIES:
        return False
    return now - max([ended, *tries]) >= WAITS[len(tries)]


def _whole(card: Scorecard) -> bool:
    return not card.unjudged_turns and not card.unread


def lost(log: Sequence[ev.Event], now: datetime) -> tuple[str, int]:
    """The judge by whom an assessment was asked for that a process took with it, and how often it was begun; no judge
    when nothing is open, or nobody waits for it any more. To be asked before this process begins anything itself."""
    judge, begun = "", 0
    for event in log:
        match event.body:
            case ev.RescoreAsked(judge=wanted):
                judge, begun, asked = wanted, begun + 1, event.at
            case ev.Scored() | ev.Trouble(where="rescore"):
                judge, begun = "", 0
    return (judge, begun) if judge and now - asked <= ASKED_WITHIN else ("", 0)


def only_unread(state: SessionState) -> bool:
    """Whether every answer was judged as it should be, and only readings of the whole round are missing: then the
    answers need not be paid for again."""
    card = state.scorecard
    return (
        card is not None
        and bool(card.unread)
        and not card.unjudged_turns
        and not any(t.where == "judge" for t in state.trouble)
    )


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
        self._watch: asyncio.Task[None] | None = None

    def begin(self, session: str, owner: str, judge: str) -> None:
        """Start it, unless it runs already. Raises `NotFound`, `InputRefused` for a judge that is not here, and
        `StoreError` when the wish cannot be kept."""
        self._service.state(session, owner)
        counted = _Counted(self._assessor.named(judge), lambda: self._one_more(session))
        if session not in self._tasks:
            self._service.note_asked(session, owner, judge)
            self._views[session] = Again(judge)
            self._tasks[session] = asyncio.create_task(self._run(session, owner, judge, counted))

    def take_up(self) -> None:
        """Begin again what was asked for and went with another process, when this one starts: there is one at a time."""
        now = self._service.now()
        try:
            for session, owner in self._service.asked_again(now - ASKED_WITHIN, _TAKEN_UP):
                judge, begun = lost(self._service.events(session, owner), now)
                if judge and begun < MAX_BEGUN:
                    self._begin_again(session, owner, judge)
                elif judge:
                    self._give_up(
                        session, owner, judge, "", f"It was begun {begun} times and never came to an end."
                    )
        except Exception:
            # an old log that cannot be read must not keep the process from starting
            _LOG.exception("assessments that were asked for are not begun again")

    def _begin_again(self, session: str, owner: str, judge: str) -> None:
        try:
            self.begin(session, owner, judge)
        except RehearsalError as problem:  # that judge is here no more
            self._give_up(session, owner, judge, type(problem).__name__, str(problem))

    def _give_up(self, session: str, owner: str, judge: str, kind: str, line: str) -> None:
        """Say why there is no assessment, in the log and to the next one who looks."""
        self._views[session] = Again(judge, running=False, trouble=line)
        try:
            self._service.note_trouble(session, owner, ev.Trouble(where="rescore", kind=kind, line=line))
        except RehearsalError:
            _LOG.warning("session %s: what became of its assessment cannot be written down", session)

    def retry(self, session: str, owner: str) -> bool:
        """Try a round again that a model could not judge, when that is due; tells whether it is. Raises `NotFound`."""
        state = self._service.state(session, owner)
        if self._assessor.live != "model" or session in self._tasks or not (state.ended and state.trouble):
            return False
        due = due_again(self._service.events(session, owner), self._service.now())
        due = due and self._assessor.affords(state.spent())
        if due:
            try:
                self._service.note_trouble(session, owner, ev.Trouble(where="again", kind="try", line=_LINE))
            except RehearsalError:  # another process was quicker, or nothing can be written: not our turn
                return False
            self._views[session] = Again("model")
            self._tasks[session] = asyncio.create_task(self._retry(session, owner))
        return due

    def start(self) -> None:
        """Take up what was lost; look for rounds to try again now and every `LOOK_EVERY_S`, until `stop`."""
        self.take_up()
        self._watch = asyncio.create_task(self.keep_looking())

    async def keep_looking(self, every_s: float = LOOK_EVERY_S) -> None:
        """Try again what is due, for ever."""
        while self._assessor.live == "model":
            self.retry_newest()
            await asyncio.sleep(every_s)

    def retry_newest(self) -> None:
        """Try the newest such rounds again, whoever's they are."""
        if self._assessor.live != "model":
            return
        begun = 0
        try:
            for session, owner in self._service.troubled(_LOOKED_AT):
                begun += self.retry(session, owner)
                if begun == AT_ONCE:
                    break
        except Exception:
            # an old log that cannot be read must not end the looking
            _LOG.exception("rounds that could not be scored are not tried again")

    async def settle(self) -> None:
        """Wait for what is under way, in tests."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def view(self, session: str) -> Again | None:
        """How far it is, or how it ended; None when nothing was asked for. The caller has checked the owner."""
        return self._views.get(session)

    def outcome(self, session: str) -> Again | None:
        """How it ended, told once."""
        view = self._views.get(session)
        return None if view is None or view.running else self._views.pop(session)

    def stop(self) -> None:
        """Give up what is under way, when the process ends."""
        for task in (*self._tasks.values(), *([self._watch] if self._watch else [])):
            task.cancel()

    def _one_more(self, session: str) -> None:
        view = self._views[session]
        self._views[session] = replace(view, answers=view.answers + 1)

    async def _run(self, session: str, owner: str, judge: str, counted: Judge) -> None:
        assessor = replace(self._assessor, judges={judge: counted})

        async def work() -> None:
            log = self._service.events(session, owner)
            self._keep(session, owner, await assessor.again(log, judge), lambda card: card.status != "failed")

        if trouble := await self._told(session, work()):
            self._give_up(session, owner, judge, *trouble)

    async def _retry(self, session: str, owner: str) -> None:
        counted = _Counted(self._assessor.named("model"), lambda: self._one_more(session))
        assessor = replace(self._assessor, judges={"model": counted})

        async def work() -> None:
            log = self._service.events(session, owner)
            state = fold(log)
            if only_unread(state):
                scored = await assessor.score(state)
            else:
                scored = await assessor.again(log, "model", state.spent())
            self._keep(session, owner, scored, _whole)

        await self._told(session, work())

    def _keep(self, session: str, owner: str, scored: ScoredRound, good: Callable[[Scorecard], bool]) -> None:
        """Add an assessment that is good for something; of any other only the bill is kept. Raises `ModelError`."""
        if good(scored.scorecard):
            self._service.add_assessment(session, owner, scored)
            return
        self._service.note_bill(session, owner, scored.calls)
        raise ModelError("The model could not be reached.", hint="Everything is kept.")

    async def _told(self, session: str, work: Coroutine[None, None, None]) -> tuple[str, str] | None:
        """Do it and keep how it ended; the kind and the words of what went wrong, if anything did."""
        trouble: tuple[str, str] | None = None
        try:
            await work
        except RehearsalError as problem:
            trouble = type(problem).__name__, str(problem)
        except Exception as bug:
            # Our own bug: the log is whole, the page says so calmly, the details go to the server's log only.
            _LOG.exception("scoring session %s again failed", session)
            line = "Something went wrong on our side. The earlier assessment is kept; try again."
            trouble = type(bug).__name__, line
        finally:
            self._tasks.pop(session, None)
            told = trouble[1] if trouble else ""
            self._views[session] = replace(self._views[session], running=False, trouble=told)
        return trouble
