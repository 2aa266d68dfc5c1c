"""Scoring that failed is tried again by itself: when, how often, through a restart, and never as a made-up number."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import BaseMessage

from bot.domain import events as ev
from bot.domain.base import RoundId
from bot.domain.ports import Judged, JudgeRequest
from bot.interview.again import MAX_BEGUN, MAX_TRIES, WAITS, Reassessments, due_again, lost
from bot.interview.assess import Assessor
from bot.interview.authored import AuthoredInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import StartRequest
from bot.model.clock import ManualClock
from bot.model.doubles import Fault, FaultyModel, ScriptedModel, wired
from bot.model.gateway import Gateway
from bot.model.ledger import Caps
from bot.scoring.model import ModelJudge
from bot.store.log import EventLog
from tests.interview.test_matrix import SITES, bank, brain
from tests.support.bank import KeywordJudge, TestClock, blank_scorecard
from tests.support.database import unsafe_engine

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def log_of(*bodies: tuple[float, ev.Body]) -> list[ev.Event]:
    """A log of these bodies, each so many seconds after `AT`."""
    return [
        ev.Event(session="s", seq=i, at=AT + timedelta(seconds=s), body=b)
        for i, (s, b) in enumerate(bodies, 1)
    ]


def trouble(where: str = "judge", kind: str = "Unreachable") -> ev.Trouble:
    return ev.Trouble(where=where, kind=kind, line="One calm line.")


def scored(*unjudged: int, unread: tuple[str, ...] = ()) -> ev.Scored:
    card = blank_scorecard().model_copy(update={"unjudged_turns": unjudged, "unread": unread})
    return ev.Scored(assessment="a", scorecard=card)


ENDED = ev.Ended(reason="finished")
LATE = AT + timedelta(days=1)


def test_only_a_round_that_is_over_and_met_an_outage_is_due() -> None:
    fallen = [(0.0, trouble()), (0.0, scored()), (0.0, ENDED)]
    assert due_again(log_of(*fallen), LATE)
    assert due_again(log_of((0, trouble("scorer")), (0, ENDED)), LATE)
    assert due_again(log_of(*fallen, (1, scored(2))), LATE), "answers were left unjudged"
    unread = [(0.0, trouble("scorer")), (0.0, scored(unread=("committee",))), (0.0, ENDED)]
    assert due_again(log_of(*unread), LATE), "a reading of the whole round is missing"
    assert due_again(log_of(*unread, (1, scored(unread=("round",)))), LATE), "and is missing still"
    assert not due_again(log_of(*unread, (1, scored())), LATE)
    assert not due_again(log_of((0, trouble("scorer", "BudgetSpent")), *unread), LATE), "a cap is no outage"
    assert not due_again(log_of((0, trouble()), (0, scored())), LATE), "it is not over"
    assert not due_again(log_of((0, scored()), (0, ENDED)), LATE), "offline by choice"
    assert not due_again(log_of((0, trouble("interviewer")), (0, scored()), (0, ENDED)), LATE)
    assert not due_again(log_of((0, trouble(kind="BudgetSpent")), *fallen), LATE)
    assert not due_again(log_of(*fallen, (1, scored())), LATE), "somebody scored it again, or it went well"


@given(st.lists(st.integers(1, 4000), max_size=120))
def test_tries_are_few_and_keep_their_distance(steps: list[int]) -> None:
    bodies: list[tuple[float, ev.Body]] = [(0, trouble()), (0, ENDED)]
    now, tries = 0, [0]
    for step in steps:
        now += step
        if due_again(log_of(*bodies), AT + timedelta(seconds=now)):
            bodies.append((now, trouble("again", "try")))
            tries.append(now)
    assert len(tries) - 1 <= MAX_TRIES
    for wait, (before, after) in zip(WAITS, pairwise(tries), strict=False):
        assert after - before >= wait.total_seconds()


def opened(
    folder: Path,
    clock: TestClock,
    *,
    well: bool,
    caps: Caps | None = None,
    model: ScriptedModel | None = None,
    unread: bool = False,
) -> tuple[SessionService, Reassessments]:
    """A process on that data: its model works, or never answers, or only reads no whole round (`unread`)."""
    model = model or ScriptedModel(reply=brain)
    wires = ManualClock()
    broken = model if well else FaultyModel.always(model, Fault.CONNECT, clock=wires)
    if unread:
        broken = FaultyModel(
            inner=model, fault=Fault.CONNECT, when=lambda _, said: reads_a_round(said), clock=wires
        )
    reader = Gateway(wired(broken), clock=wires)
    judge = ModelJudge(reader, caps=caps)
    judges = {"offline": KeywordJudge(), "model": judge}
    assessor = Assessor(bank(), lambda query: [], judges, live="model", gateway=lambda: reader, caps=caps)
    service = SessionService(
        log=EventLog(unsafe_engine(folder / "log.db")),
        bank=bank(),
        judge=judge,
        fallback=KeywordJudge(),
        interviewer=AuthoredInterviewer(),
        scorer=assessor.score,
        clock=clock,
    )
    return service, Reassessments(service, assessor)


def reads_a_round(messages: Sequence[BaseMessage]) -> bool:
    """Whether a call is a reading of a whole round: its answers are judged by another prompt."""
    return SITES["judge"].mark not in "".join(str(m.content) for m in messages)


async def fallen(folder: Path, clock: TestClock, *, unread: bool = False) -> str:
    """A round that the model could not judge, or could only not read as a whole."""
    service, _ = opened(folder, clock, well=unread, unread=unread)
    session = service.create(StartRequest(round=RoundId.PHONE_SCREEN, owner="ana", seed=1, minutes=15))
    async for _ in service.resume(session, "ana"):
        pass
    for said in ("key0", "half1", "key2 key3 key4"):
        async for _ in service.answer(session, "ana", said):
            pass
    async for _ in service.finish(session, "ana"):
        pass
    return session


async def test_a_model_that_is_back_after_a_restart_judges_what_it_missed(tmp_path: Path) -> None:
    clock = TestClock()
    session = await fallen(tmp_path, clock)
    service, again = opened(tmp_path, clock, well=True)
    again.retry_newest()
    assert again.view(session) is None, "not within the first minute"
    clock.tick(61)
    again.retry_newest()
    assert not again.retry(session, "ana"), "one at a time"
    await again.settle()
    state = service.state(session, "ana")
    assert [name for name, _, _ in state.assessments] == ["a1", "a2"]
    first, second = (card.judge.name for _, _, card in state.assessments)
    assert first == "keywords" != second
    clock.tick(90_000)
    assert not again.retry(session, "ana"), "it is whole"


async def test_a_model_that_stays_away_is_asked_three_times_and_gives_no_number(tmp_path: Path) -> None:
    clock = TestClock()
    session = await fallen(tmp_path, clock)
    begun = 0
    for _ in range(6):
        clock.tick(4_000)
        service, again = opened(tmp_path, clock, well=False)
        begun += again.retry(session, "ana")
        await again.settle()
    assert begun == MAX_TRIES
    assert len(service.state(session, "ana").assessments) == 1, "only the one that says it is offline"


async def test_a_round_that_was_judged_but_not_read_is_only_read_again(tmp_path: Path) -> None:
    clock = TestClock()
    session = await fallen(tmp_path, clock, unread=True)
    model = ScriptedModel(reply=brain)
    service, again = opened(tmp_path, clock, well=True, model=model)
    first = service.state(session, "ana").scorecard
    assert first is not None
    assert (first.status, first.unread, first.unjudged_turns) == ("scored", ("round", "committee"), ())
    assert [t.where for t in service.state(session, "ana").trouble] == ["scorer", "scorer"]
    clock.tick(61)
    watch = asyncio.create_task(again.keep_looking(0.001))  # a process that stays up finds it by itself
    while len(service.state(session, "ana").assessments) < 2:
        await asyncio.sleep(0.001)
    watch.cancel()
    second = service.state(session, "ana").scorecard
    assert second is not None
    assert (second.unread, second.committee is None) == ((), False)
    assert second.checkpoints == first.checkpoints
    assert len(model.requests) == 2, "the answers were not paid for again"
    clock.tick(90_000)
    assert not again.retry(session, "ana"), "it is whole"


async def test_what_is_asked_for_in_an_outage_adds_nothing_and_says_so(tmp_path: Path) -> None:
    clock = TestClock()
    session = await fallen(tmp_path, clock)
    service, again = opened(tmp_path, clock, well=False)
    before = service.state(session, "ana").assessments
    again.begin(session, "ana", "model")
    await again.settle()
    ended = again.outcome(session)
    assert ended is not None
    assert "could not be reached" in ended.trouble
    assert service.state(session, "ana").assessments == before
    again.take_up()
    assert again.view(session) is None, "what failed was told, and is not begun again by itself"
    again.begin(session, "ana", "offline")
    await again.settle()
    assert len(service.state(session, "ana").assessments) == 2


def asked(judge: str = "model") -> ev.RescoreAsked:
    return ev.RescoreAsked(judge=judge)


def test_what_was_asked_for_is_lost_until_something_came_of_it() -> None:
    soon = AT + timedelta(hours=2)
    over = [(0.0, scored()), (0.0, ENDED)]
    assert lost(log_of(*over), soon) == ("", 0)
    assert lost(log_of(*over, (1, asked())), soon) == ("model", 1)
    assert lost(log_of(*over, (1, asked()), (2, asked())), soon) == ("model", 2)
    assert lost(log_of(*over, (1, asked()), (2, scored())), soon) == ("", 0)
    assert lost(log_of(*over, (1, asked()), (2, trouble("rescore"))), soon) == ("", 0), "that was said"
    assert lost(log_of(*over, (1, asked()), (2, scored()), (3, asked("offline"))), soon) == ("offline", 1)
    assert lost(log_of(*over, (1, asked())), AT + timedelta(days=2)) == ("", 0), "nobody waits for it"


class Never:
    """A judge whose process ends before it does."""

    name = "never"

    async def judge(self, request: JudgeRequest) -> Judged:
        await asyncio.sleep(3600)
        raise AssertionError


async def test_what_somebody_asked_for_survives_a_restart(tmp_path: Path) -> None:
    clock = TestClock()
    session = await fallen(tmp_path, clock)
    service, again = opened(tmp_path, clock, well=True)
    again._assessor.judges["model"] = Never()
    again.begin(session, "ana", "model")
    again.begin(session, "ana", "model")  # pressed twice
    again.stop()
    await again.settle()
    assert len(service.state(session, "ana").assessments) == 1

    clock.tick(5)
    service, again = opened(tmp_path, clock, well=True)
    again.start()
    view = again.view(session)
    assert view is not None
    assert view.running
    await again.settle()
    again.stop()
    assert len(service.state(session, "ana").assessments) == 2
    events = [e.body.type for e in service.events(session, "ana")]
    assert events[-3:] == ["rescore_asked", "rescore_asked", "scored"]

    service, again = opened(tmp_path, clock, well=True)
    again.take_up()
    assert again.view(session) is None, "it is done"


async def test_what_never_comes_to_an_end_is_begun_three_times_and_then_told(tmp_path: Path) -> None:
    clock = TestClock()
    session = await fallen(tmp_path, clock)
    service, again = opened(tmp_path, clock, well=True)
    again._assessor.judges["model"] = Never()
    again.begin(session, "ana", "model")
    for _ in range(5):
        again.stop()
        await again.settle()
        clock.tick(60)
        service, again = opened(tmp_path, clock, well=True)
        again._assessor.judges["model"] = Never()
        again.take_up()
    bodies = [e.body for e in service.events(session, "ana")]
    assert sum(isinstance(b, ev.RescoreAsked) for b in bodies) == MAX_BEGUN
    assert [b.line for b in bodies if isinstance(b, ev.Trouble) and b.where == "rescore"] == [
        "It was begun 3 times and never came to an end."
    ]
    assert len(service.state(session, "ana").assessments) == 1


async def test_a_judge_that_is_here_no_more_is_told_and_not_asked_for_again(tmp_path: Path) -> None:
    clock = TestClock()
    session = await fallen(tmp_path, clock)
    service, again = opened(tmp_path, clock, well=True)
    service.note_asked(session, "ana", "model")
    del again._assessor.judges["model"]
    again.take_up()
    ended = again.outcome(session)
    assert ended is not None
    assert "no judge 'model'" in ended.trouble
    again.take_up()
    assert again.view(session) is None


async def test_readings_that_stay_out_are_tried_three_times_and_billed(tmp_path: Path) -> None:
    clock = TestClock()
    session = await fallen(tmp_path, clock, unread=True)
    begun = 0
    for _ in range(6):
        clock.tick(4_000)
        service, again = opened(tmp_path, clock, well=True, unread=True)
        begun += again.retry(session, "ana")
        await again.settle()
    state = service.state(session, "ana")
    assert begun == MAX_TRIES
    assert len(state.assessments) == 1
    card = state.assessments[0][2]
    assert next(d.level for d in card.dimensions if d.dimension == "PS-COMM") is None, "nobody made it up"


async def test_what_a_session_may_cost_is_not_passed_by_trying_again(tmp_path: Path) -> None:
    clock = TestClock()
    session = await fallen(tmp_path, clock)
    clock.tick(61)
    cap = 2_800  # of about 3,100 that a whole assessment takes here, each call far less
    service, again = opened(tmp_path, clock, well=True, caps=Caps(session_tokens=cap))
    assert service.state(session, "ana").spent().tokens == 0
    assert again.retry(session, "ana")
    await again.settle()
    state = service.state(session, "ana")
    assert 0 < state.spent().tokens <= cap, "booked, and held by all calls together"
    assert len(state.assessments) == 1, "what could not be judged whole is no assessment"
