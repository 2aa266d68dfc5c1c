"""The bill: every call that was paid is in the session's log, also those whose words nobody heard to the end."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from bot.domain import events as ev
from bot.domain.base import RoundId
from bot.domain.ports import Delta
from bot.interview.interviewer import ModelInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import ScoredRound, StartRequest, Thinking
from bot.model.doubles import Fault, FaultyModel, Scripted, ScriptedModel, wired
from bot.model.gateway import Gateway
from bot.model.rulebased import answer
from bot.scoring.model import ModelJudge
from bot.store.log import EventLog
from tests.support.bank import TestClock, blank_scorecard, small_bank
from tests.support.database import unsafe_engine

pytestmark = pytest.mark.anyio
LONG = "I see your key. It opens something. What does that cost with a million users?"


class Held:
    """A clock whose sleeps last until somebody lets go."""

    def __init__(self) -> None:
        self.waiting, self.go = asyncio.Event(), asyncio.Event()

    def now(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self.waiting.set()
        await self.go.wait()

    async def within(self, seconds: float, work: Any) -> Any:
        return await work


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


class Room:
    """A session whose model speaks and judges as it is told."""

    def __init__(self, folder: Path) -> None:
        self.log = EventLog(unsafe_engine(folder / "log.db"))
        self.speaker: Any = ScriptedModel(reply=lambda m, p: LONG)
        self.judge: Any = ScriptedModel(reply=answer)
        self.runs = 1
        self.session = ""

    async def open(self) -> SessionService:
        """The service, with the round opened."""
        service = SessionService(
            log=self.log,
            bank=small_bank(),
            judge=ModelJudge(Gateway(wired(self.judge)), runs=self.runs),
            interviewer=ModelInterviewer(Gateway(wired(self.speaker))),
            scorer=blank,
            clock=TestClock(),
        )
        if not self.session:
            self.session = service.create(StartRequest(round=RoundId.PHONE_SCREEN, owner="", seed=1))
            async for _ in service.resume(self.session, ""):
                pass
        return service

    @property
    def bodies(self) -> list[ev.Body]:
        """What the log holds."""
        return [e.body for e in self.log.read(self.session)]


async def blank(state: object) -> ScoredRound:
    return ScoredRound(blank_scorecard())


async def test_a_stopped_utterance_is_billed_with_an_estimate(room: Room) -> None:
    clock = Held()
    room.speaker = ScriptedModel(reply=lambda m, p: Scripted(LONG, between=0.0), clock=clock)
    service = await room.open()
    async with aclosing(service.answer(room.session, "", "key0")) as updates:
        async for update in updates:
            if isinstance(update, Delta):
                service.stop_speaking(room.session, "")
    spoken = [b for b in room.bodies if isinstance(b, ev.InterviewerSpoke)][-1]
    assert spoken.stopped
    assert spoken.source == "model", "the words were the model's"
    (call,) = spoken.calls
    assert (call.finish, call.estimated) == ("cancelled", True)
    assert call.input_tokens > 100
    assert call.output_tokens > 0
    assert service.state(room.session, "").spent().turn_calls == 2


async def test_who_stops_before_the_first_word_has_paid_for_the_prompt(room: Room) -> None:
    clock = Held()
    room.speaker = ScriptedModel(reply=lambda m, p: Scripted(LONG, before=1.0), clock=clock)
    service = await room.open()
    turn = asyncio.ensure_future(_drain(service, room.session))
    await clock.waiting.wait()
    service.stop_speaking(room.session, "")
    await turn
    spoken = [b for b in room.bodies if isinstance(b, ev.InterviewerSpoke)][-1]
    assert spoken.text.strip(), "no empty bubble"
    assert spoken.source == "authored"
    (call,) = spoken.calls
    assert call.input_tokens > 100
    assert call.output_tokens == 0


@pytest.mark.parametrize("step", ["judge", "phrase"])
async def test_a_step_that_is_abandoned_leaves_its_bill_and_is_made_anew(room: Room, step: str) -> None:
    clock = Held()
    slow = ScriptedModel(reply=lambda m, p: Scripted(answer(m, p), before=1.0), clock=clock)
    if step == "judge":
        room.judge = slow
    else:
        room.speaker = slow
    service = await room.open()
    turn = asyncio.ensure_future(_drain(service, room.session))
    await clock.waiting.wait()
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    (billed,) = [b for b in room.bodies if isinstance(b, ev.Billed)]
    assert billed.where == ("judge" if step == "judge" else "interviewer")
    assert [c.finish for c in billed.calls] == ["cancelled"]
    room.judge, room.speaker = (
        ScriptedModel(reply=answer),
        ScriptedModel(reply=lambda m, p: "I see. What now?"),
    )
    again = await room.open()  # a new process
    async for _ in again.resume(room.session, ""):
        pass
    state = again.state(room.session, "")
    assert state.pending == "candidate"
    assert len([u for u in state.utterances if u.speaker == "candidate"]) == 1
    assert len(state.calls) == 3, "the abandoned one, and the two of the finished turn"


async def test_a_page_that_closes_in_the_middle_of_a_word_leaves_the_bill(room: Room) -> None:
    service = await room.open()
    async with aclosing(service.answer(room.session, "", "key0")) as updates:
        async for update in updates:
            if isinstance(update, Delta):
                break
    assert [b.where for b in room.bodies if isinstance(b, ev.Billed)] == ["interviewer"]


async def test_every_run_of_the_judge_is_billed_also_the_failed_ones(room: Room) -> None:
    room.runs = 3
    room.judge = FaultyModel(
        inner=ScriptedModel(reply=answer),
        fault=Fault.UNKNOWN_CRITERION,
        when=lambda n, m: n <= 2,
    )
    service = await room.open()
    await _drain(service, room.session)
    judged = next(b for b in room.bodies if isinstance(b, ev.Judged))
    assert judged.judgement.judge.runs == 2, "one of three runs failed"
    assert room.judge.calls == len(judged.calls) == 4, "its two calls were paid as well"


async def test_a_judge_that_fails_every_time_is_billed_and_its_answer_is_not_judged(room: Room) -> None:
    room.runs = 3
    room.judge = ScriptedModel(reply=lambda m, p: json.dumps({"verdicts": "none"}))
    service = await room.open()
    await _drain(service, room.session)
    judged = next(b for b in room.bodies if isinstance(b, ev.Judged))
    assert judged.judgement.status == "failed"
    assert len(judged.calls) == 6


async def _drain(service: SessionService, session: str) -> list[object]:
    return [
        u async for u in service.answer(session, "", "key0 and half1 of it") if not isinstance(u, Thinking)
    ]
