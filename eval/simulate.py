"""One simulated round, through the production path: service, policy, judge, scorer, log; only the clock is virtual.

Makes the log in memory, and looks up every citation of the round in the library. Does not know metrics.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.bank import Bank
from bot.domain import events as ev
from bot.domain.base import RoundId
from bot.domain.content import Question
from bot.domain.library import Citation
from bot.domain.ports import Interviewer, Judge
from bot.domain.scorecard import StudyItem
from bot.domain.session import SessionState, fold
from bot.interview.session import Passages, SessionService
from bot.interview.updates import Scorer, StartRequest
from bot.store.engine import open_engine
from bot.store.log import EventLog
from eval.candidates import next_words
from eval.values import CaseSpec, Persona, Suite

WORDS_PER_MINUTE = 140
MAX_TURNS = 160
"""A round that takes more turns than this is stuck: an error of the policy, reported as such."""


class Clock:
    """Stands still until somebody speaks."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


Words = Callable[[Persona, SessionState, Mapping[str, Question]], Awaitable[str]]
"""What a persona says next. Raises what a model raises when the candidate is one."""


async def scripted(persona: Persona, state: SessionState, questions: Mapping[str, Question]) -> str:
    """The words of the rules in `eval/candidates.py`."""
    return next_words(persona, state, questions)


@dataclass
class Parts:
    """What a simulated service is made of; a planted bug replaces one of them."""

    judge: Judge
    interviewer: Interviewer
    scorer: Scorer
    fallback: Judge | None = None
    service: type[SessionService] = SessionService
    after: Callable[[SessionService], None] = lambda service: None
    sent: Callable[[], list[str]] = list  # prompts that left, for the cost metrics
    words: Words = scripted
    candidate_usd: Callable[[], float] = lambda: 0.0  # what a candidate that is a model has cost
    actor_failed: Callable[[], tuple[str, ...]] | None = (
        None  # what went wrong with it; None: a script answers
    )
    passages: Passages | None = None  # what probes may cite
    there: Callable[[Citation], Citation | None] | None = None  # what the library holds at a citation's span
    struck: Callable[[], int] | None = None  # how often the planted fault of a model came about
    close: Callable[[], Awaitable[None]] | None = None  # lets go of connections, keeps recordings


@dataclass(frozen=True)
class Cited:
    """A citation of a round, and what really stands in the library at its span; None when nothing does."""

    where: str
    citation: Citation
    there: Citation | None


@dataclass(frozen=True)
class Played:
    """A finished simulation. `twin` is the log of the same case without interruptions, when it was interrupted; `cited` is
    None without a library, `struck` without a fault."""

    spec: CaseSpec
    state: SessionState
    log: tuple[ev.Event, ...]
    requests: tuple[str, ...] = ()
    stuck: bool = False
    twin: tuple[ev.Event, ...] = ()
    cited: tuple[Cited, ...] | None = None
    struck: int | None = None
    candidate_usd: float = 0.0
    actor_failed: tuple[str, ...] | None = None  # None: a script answered


def _run(work: Coroutine[Any, Any, Played]) -> Played:
    """`asyncio.run` without its signal handling, which costs as much as a short round does."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        left = [task for task in asyncio.all_tasks(loop) if not task.done()]
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


class Stage:
    """Runs cases of one suite one after another on one in-memory database."""

    def __init__(self, bank: Bank, personas: Mapping[str, Persona], suite: Suite) -> None:
        self._bank = bank
        self._personas = personas
        self._suite = suite
        self._log = EventLog(open_engine("sqlite://"))

    def play(self, spec: CaseSpec, parts: Callable[[], Parts]) -> Played:
        """Play one case to its end; an interrupted one is played undisturbed first, for comparison."""
        if not self._suite.interrupted:
            return _run(self._play(spec, parts(), interrupted=False))
        straight = _run(self._play(spec, parts(), interrupted=False))
        played = _run(self._play(spec, parts(), interrupted=True))
        return replace(played, twin=straight.log)

    async def _play(self, spec: CaseSpec, parts: Parts, *, interrupted: bool) -> Played:
        try:
            return await self._round(spec, parts, interrupted)
        finally:
            if parts.close is not None:
                await parts.close()

    def _service(self, parts: Parts, clock: Clock) -> SessionService:
        service = parts.service(
            log=self._log,
            bank=self._bank,
            judge=parts.judge,
            interviewer=parts.interviewer,
            scorer=parts.scorer,
            fallback=parts.fallback,
            passages=parts.passages,
            clock=clock,
        )
        parts.after(service)
        return service

    async def _round(self, spec: CaseSpec, parts: Parts, interrupted: bool) -> Played:
        clock = Clock()
        service = self._service(parts, clock)
        persona = self._personas[spec.persona]
        session = service.create(_request(spec, self._suite))
        await _drain(service, session)
        turns = 0
        while not (state := service.state(session, "")).ended and turns < MAX_TURNS:
            turns += 1
            words = (await parts.words(persona, state, self._bank.questions))[:15_000]
            clock.pass_(persona.seconds + 60 * len(words.split()) / WORDS_PER_MINUTE)
            self._save_code(service, session, state, persona)
            service.accept(session, "", words, key=f"t{turns}")
            if interrupted:
                await _abandon(service, session, after=turns % 4)
                service = self._service(parts, clock)
            await _drain(service, session)
        stuck = not service.state(session, "").ended
        log = tuple(self._log.read(session))
        self._log.delete([session])
        state = fold(log)
        return Played(
            spec,
            state,
            log,
            tuple(parts.sent()),
            stuck,
            cited=None
            if parts.there is None
            else tuple(Cited(where, c, parts.there(c)) for where, c in citations(state)),
            struck=None if parts.struck is None else parts.struck(),
            candidate_usd=parts.candidate_usd(),
            actor_failed=None if parts.actor_failed is None else parts.actor_failed(),
        )

    def _save_code(
        self, service: SessionService, session: str, state: SessionState, persona: Persona
    ) -> None:
        """Strong candidates hand in the reference, others the starter: the code is judged elsewhere, by running it."""
        question = self._bank.questions.get(state.question)
        if question is None or question.problem is None or state.code() or state.ended:
            return
        source = question.problem.reference if persona.knows >= 3 else question.problem.starter
        service.save_work(session, "", "code", question.id, source)


def citations(state: SessionState) -> Iterator[tuple[str, Citation]]:
    """Every citation of a round, with where it stands."""
    for line in state.utterances:
        yield from ((f"turn {line.turn}", found) for found in line.citations)
    items: Sequence[StudyItem] = state.scorecard.study if state.scorecard is not None else ()
    for item in items:
        yield (
            f"study list, {item.question} {item.checkpoint}",
            Citation(
                article=item.article,
                title=item.title,
                section=item.section,
                start=item.start,
                end=item.end,
                text=item.text,
                score=item.score,
            ),
        )


def _request(spec: CaseSpec, suite: Suite) -> StartRequest:
    return StartRequest(
        round=RoundId(spec.round),
        level=spec.level,
        mode=spec.mode,
        loop=suite.loop,
        minutes=suite.minutes,
        seed=spec.seed,
        questions=suite.questions,
        key=spec.id,
    )


async def _abandon(service: SessionService, session: str, after: int) -> None:
    """Leave a turn after so many of its updates, as a process does that dies."""
    async with aclosing(service.resume(session, "")) as updates:
        if not after:
            return
        async for _ in updates:
            after -= 1
            if not after:
                return


async def _drain(service: SessionService, session: str) -> None:
    async with aclosing(service.resume(session, "")) as updates:
        async for _ in updates:
            pass
