"""Assessments: again by another judge, with a committee that disagrees, with a model that fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.base import RoundId
from bot.domain.scorecard import Label
from bot.errors import InputRefused
from bot.interview.assess import Assessor, with_committee
from bot.interview.authored import AuthoredInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import StartRequest
from bot.model.clock import ManualClock
from bot.model.doubles import Fault, FaultyModel, ScriptedModel, wired
from bot.model.gateway import Gateway
from bot.model.rulebased import answer
from bot.scoring.offline import OfflineJudge
from bot.scoring.reader import CommitteeReading
from bot.store.log import EventLog
from tests.support.bank import real_bank
from tests.support.database import unsafe_engine

pytestmark = pytest.mark.anyio
BANK = real_bank()
QUESTION = BANK.question("ps-bias-variance")


def offline() -> Assessor:
    return Assessor(BANK, lambda query: [], {"offline": OfflineJudge()}, live="offline")


async def held(folder: Path, assessor: Assessor) -> tuple[SessionService, str]:
    """A short session, answered well and ended."""
    service = SessionService(
        log=EventLog(unsafe_engine(folder / "log.db")),
        bank=BANK,
        judge=OfflineJudge(),
        interviewer=AuthoredInterviewer(),
        scorer=assessor.score,
    )
    session = service.create(
        StartRequest(round=RoundId.PHONE_SCREEN, minutes=15, seed=1, questions=(QUESTION.id,))
    )
    async for _ in service.resume(session, ""):
        pass
    async for _ in service.answer(session, "", QUESTION.answers.level_4):
        pass
    async for _ in service.finish(session, ""):
        pass
    return service, session


async def test_scoring_again_offline_gives_the_same_card_and_keeps_both(tmp_path: Path) -> None:
    assessor = offline()
    service, session = await held(tmp_path, assessor)
    before = service.state(session, "").scorecard
    again = await assessor.again(service.events(session, ""), "offline")
    assert again.scorecard == before
    service.add_assessment(session, "", again)
    state = service.state(session, "")
    assert [name for name, _, _ in state.assessments] == ["a1", "a2"]
    assert state.ended, "a re-score does not open the round again"


async def test_a_judge_that_is_not_there_is_named(tmp_path: Path) -> None:
    assessor = offline()
    service, session = await held(tmp_path, assessor)
    with pytest.raises(InputRefused, match="There are: offline"):
        await assessor.again(service.events(session, ""), "model")


async def test_a_failing_model_costs_its_readings_and_not_the_score(tmp_path: Path) -> None:
    plain = offline()
    service, session = await held(tmp_path, plain)
    clock = ManualClock()
    cut = FaultyModel.always(ScriptedModel(reply=answer), Fault.LENGTH, clock=clock)
    gateway = Gateway(wired(cut), clock=clock)
    broken = replace(plain, judges={"model": OfflineJudge()}, live="model", gateway=lambda: gateway)
    scored = await broken.score(service.state(session, ""))
    card = scored.scorecard
    assert {c.prompt for c in scored.calls} >= {"judge_committee"}, "what failed was paid all the same"
    assert not gateway.ledger.records, "and is booked on the session, not on the process"
    before = service.state(session, "").scorecard
    assert before is not None
    assert card.score == before.score
    assert any("score again later" in note for note in card.notes)


async def test_a_committee_that_disagrees_makes_it_borderline_and_leaves_the_number(tmp_path: Path) -> None:
    service, session = await held(tmp_path, offline())
    card = service.state(session, "").scorecard
    assert card is not None
    assert card.score is not None
    same = with_committee(card, CommitteeReading(card.label, 3.1, {}))
    assert (same.label, same.committee, same.verdict) == (card.label, card.label, card.verdict)
    assert "same label (3.1)" in same.notes[-1]
    assert with_committee(card, CommitteeReading(Label.INSUFFICIENT, None, {})) == card
    other = Label.NO_HIRE if card.label is not Label.NO_HIRE else Label.HIRE
    changed = with_committee(card, CommitteeReading(other, 2.2, {}))
    assert (changed.label, changed.committee, changed.score) == (Label.BORDERLINE, other, card.score)
    assert "second reader" in changed.notes[-1]
    assert changed.verdict.startswith("Borderline")
