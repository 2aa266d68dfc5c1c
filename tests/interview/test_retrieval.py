"""A passage that the candidate's own words find reaches the request that leaves, for a probe and for a challenge; its
citation is for the review and never for the chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain import events as ev
from bot.domain.base import RoundId
from bot.domain.library import Citation
from bot.domain.moves import MoveKind
from bot.errors import KnowledgeError
from bot.interview.authored import AuthoredInterviewer
from bot.interview.interviewer import ModelInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import ScoredRound, StartRequest
from bot.model.gateway import Gateway
from bot.model.providers import connect
from bot.model.rulebased import fenced
from bot.model.standin import StandIn
from bot.review.report import report_of, titles_of
from bot.store.log import EventLog
from tests.support.bank import KeywordJudge, TestClock, blank_scorecard, small_bank
from tests.support.database import unsafe_engine

pytestmark = pytest.mark.anyio
SAID = {
    MoveKind.PROBE: "half1 of the cache expires in slices",
    MoveKind.CHALLENGE: "false0 because entries never age",
}
LEAKY = "Secret statement number 2 is told in this very article."


class Shelf:
    """A library with one passage; keeps what it was asked."""

    def __init__(self, broken: bool = False) -> None:
        self.asked: list[str] = []
        self.broken = broken

    def passage_for(self, text: str) -> Citation:
        self.asked.append(text)
        if self.broken:
            raise KnowledgeError("the index cannot be read")
        words = f"Entries age out one by one ({len(self.asked)}). {LEAKY}"
        return Citation(
            article="caches", title="Caches", section="Expiry", start=0, end=9, text=words, score=0.8
        )


def service(
    folder: Path, shelf: Shelf, interviewer: ModelInterviewer | AuthoredInterviewer
) -> SessionService:
    async def blank(state: object) -> ScoredRound:
        return ScoredRound(blank_scorecard())

    return SessionService(
        log=EventLog(unsafe_engine(folder / "log.db")),
        bank=small_bank(),
        judge=KeywordJudge(),
        interviewer=interviewer,
        scorer=blank,
        passages=shelf,
        clock=TestClock(),
    )


async def hold(sessions: SessionService) -> str:
    session = sessions.create(StartRequest(round=RoundId.PHONE_SCREEN, owner="", seed=1))
    async for _ in sessions.resume(session, ""):
        pass
    for text in SAID.values():
        async for _ in sessions.answer(session, "", text):
            pass
    return session


async def test_the_passage_is_in_the_request_that_leaves(tmp_path: Path) -> None:
    shelf = Shelf()
    with StandIn() as server:
        gateway = Gateway(connect("stand-in", base_url=server.url))
        sessions = service(tmp_path, shelf, ModelInterviewer(gateway))
        session = await hold(sessions)
        await gateway.aclose()
        sent = ["\n".join(m["content"] for m in body["messages"]) for body in server.requests]
    assert shelf.asked == list(SAID.values()), "found by the candidate's own words"
    spoken = [e.body for e in sessions.events(session, "") if isinstance(e.body, ev.InterviewerSpoke)][1:]
    assert [b.move.kind for b in spoken] == list(SAID), "a probe and a challenge"
    for number, (body, text) in enumerate(zip(spoken, sent, strict=True), 1):
        assert fenced(text, "background") == [f"Entries age out one by one ({number})."]
        assert LEAKY not in text, "what gives a checkpoint away stays out"
        assert [c.article for c in body.citations] == ["caches"]
        assert body.source == "model"
        assert "Entries age" not in body.text
        assert "Caches" not in body.text


async def test_the_citation_is_in_the_review(tmp_path: Path) -> None:
    sessions = service(tmp_path, Shelf(), AuthoredInterviewer())
    session = await hold(sessions)
    state = sessions.state(session, "")
    report = report_of(
        state, sessions.now(), titles_of(sessions.bank.questions), tuple(sessions.events(session, ""))
    )
    cited = [c.article for turn in report.turns for c in turn.citations]
    assert cited == ["caches", "caches"]


async def test_a_broken_index_stops_nothing(tmp_path: Path) -> None:
    sessions = service(tmp_path, Shelf(broken=True), AuthoredInterviewer())
    session = await hold(sessions)
    assert sessions.state(session, "").pending == "candidate"
