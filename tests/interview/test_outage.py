"""The whole session service with a model that works, that stays away, and that may not cost any more: the interview goes
on. The table of all faults is in test_matrix.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.domain import events as ev
from bot.domain.base import RoundId
from bot.domain.session import fold
from bot.interview.interviewer import ModelInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import Notice, Said, ScoredRound, StartRequest
from bot.model.clock import ManualClock
from bot.model.doubles import Fault, FaultyModel, ScriptedModel, wired
from bot.model.gateway import Gateway
from bot.model.ledger import NO_CAPS, Caps
from bot.model.rulebased import answer
from bot.store.log import EventLog
from tests.support.bank import KeywordJudge, TestClock, blank_scorecard, small_bank
from tests.support.database import unsafe_engine

pytestmark = pytest.mark.anyio

BANK = small_bank()
SAID = ("key0", "I don't know", "hint please", "half3, and then some", "key1 key2 key3 key4")


class Counting:
    """Scores blankly and counts."""

    calls = 0

    async def __call__(self, state: object) -> ScoredRound:
        self.calls += 1
        return ScoredRound(blank_scorecard())


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventLog]:
    """One database for all cells. Nothing here is about losing power, so it need not wait for the disk."""
    engine = unsafe_engine(tmp_path_factory.mktemp("outage") / "log.db")
    yield EventLog(engine)
    engine.dispose()


async def hold(log: EventLog, model: FaultyModel | ScriptedModel, caps: Caps = NO_CAPS) -> list[ev.Event]:
    """A short round from greeting to scorecard; its log."""
    clock = ManualClock()
    model.clock = clock
    scorer = Counting()
    service = SessionService(
        log=log,
        bank=BANK,
        judge=KeywordJudge(),
        interviewer=ModelInterviewer(Gateway(wired(model), clock=clock), caps=caps),
        scorer=scorer,
        clock=TestClock(),
    )
    request = StartRequest(round=RoundId.PHONE_SCREEN, owner="ana", seed=1)
    session = service.create(request)
    updates = [u async for u in service.resume(session, "ana")]
    for number, text in enumerate(SAID):
        updates += [u async for u in service.answer(session, "ana", text, key=f"k{number}")]
    updates += [u async for u in service.finish(session, "ana")]
    assert all(u.text.strip() for u in updates if isinstance(u, Said))
    assert scorer.calls == 1
    events = log.read(session)
    told = [u.line for u in updates if isinstance(u, Notice)]
    assert bool(told) == any(isinstance(e.body, ev.Trouble) for e in events)
    assert len(told) <= 1, "an outage is told once"
    return events


def check(events: list[ev.Event]) -> list[ev.InterviewerSpoke]:
    """The invariants of every cell; the interviewer's utterances."""
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    state = fold(events)
    assert state.pending == "nothing"
    turns = [e.body.turn for e in events if isinstance(e.body, ev.CandidateSpoke | ev.InterviewerSpoke)]
    assert turns == list(range(1, len(turns) + 1))
    assert [u.text for u in state.utterances if u.speaker == "candidate"] == list(SAID)
    spoken = [e.body for e in events if isinstance(e.body, ev.InterviewerSpoke)]
    assert len(spoken) == len(SAID) + 2
    for body in spoken:
        assert body.text.strip()
        assert "Secret statement" not in body.text
        assert "{" not in body.text
        assert "sk-" not in body.text
        assert len(body.calls) <= 2
        assert all(call.attempts <= 3 for call in body.calls)
        assert bool(body.why_fallback) == (body.source == "fallback")
    return spoken


async def test_without_a_fault_the_model_speaks(log: EventLog) -> None:
    model = ScriptedModel(reply=answer)
    spoken = check(await hold(log, model))
    assert [b.source for b in spoken] == ["authored"] + ["model"] * (len(SAID) + 1)
    assert len(model.requests) == len(SAID) + 1, "one call a turn, none for the greeting"


async def test_an_outage_is_told_once(log: EventLog) -> None:
    model = FaultyModel.always(ScriptedModel(reply=answer), Fault.CONNECT, since=2)
    events = await hold(log, model)
    check(events)
    troubles = [e.body for e in events if isinstance(e.body, ev.Trouble)]
    assert {t.kind for t in troubles} == {"connection"}
    assert len(troubles) == len(SAID), "and kept at every turn"


async def test_a_cap_stops_the_calls_and_not_the_interview(log: EventLog) -> None:
    model = ScriptedModel(reply=answer)
    events = await hold(log, model, Caps(session_tokens=2_000))
    spoken = check(events)
    used = sum(c.input_tokens + c.output_tokens for b in spoken for c in b.calls)
    assert 0 < used <= 2_000
    assert {b.why_fallback for b in spoken if b.source == "fallback"} == {"budget"}
