"""A real session to project: the demo interview, held once with the real bank, judge and scorer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bank import Bank
from bot.domain.session import SessionState, fold
from bot.interview.updates import ScoredRound
from bot.review import demo
from bot.review.report import Report, report_of, titles_of
from bot.scoring.scorecard import score_round
from bot.store.log import EventLog
from tests.support.bank import real_bank
from tests.support.database import unsafe_engine

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass
class Held:
    """The demo session with everything around it."""

    session: str
    log: EventLog
    bank: Bank
    state: SessionState
    report: Report


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder: Path = tmp_path_factory.mktemp("held")
    engine = unsafe_engine(folder / "test.db")
    log, bank = EventLog(engine), real_bank()

    async def score(state: SessionState) -> ScoredRound:
        return ScoredRound(score_round(state, bank.questions, bank.rubric(state.the_plan.round)))

    session = asyncio.run(demo.hold(log, bank, score, "ana", lambda: NOW))
    events = log.read(session)
    state = fold(events)
    yield Held(session, log, bank, state, report_of(state, NOW, titles_of(bank.questions), tuple(events)))
    engine.dispose()
