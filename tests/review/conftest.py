"""A real session to project: the demo interview, held once with the real bank, judge and scorer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bank import Bank, load_bank
from bot.domain.session import SessionState, fold
from bot.interview.updates import ScoredRound
from bot.resources import corpus_dir, prompts_dir
from bot.review import demo
from bot.review.report import Report, report_of, titles_of
from bot.scoring.scorecard import score_round
from bot.store.engine import open_engine
from bot.store.log import EventLog

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
    engine = open_engine(f"sqlite:///{folder / 'test.db'}")
    log, bank = EventLog(engine), load_bank(prompts_dir(), corpus_dir())

    async def score(state: SessionState) -> ScoredRound:
        return ScoredRound(score_round(state, bank.questions, bank.rubric(state.the_plan.round)))

    session = asyncio.run(demo.hold(log, bank, score, "ana", lambda: NOW))
    events = log.read(session)
    state = fold(events)
    yield Held(session, log, bank, state, report_of(state, NOW, titles_of(bank.questions), tuple(events)))
    engine.dispose()
