"""Code runs from a session: kept, queued with a place that is told, and run in full once before the score."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.coding import pick_engine
from bot.domain import events as ev
from bot.domain.base import RoundId
from bot.errors import NoSafeEngine
from bot.interview.authored import AuthoredInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import StartRequest
from bot.interview.workbench import Workbench
from bot.scoring.offline import OfflineJudge
from bot.services import make_scorer
from bot.store.log import EventLog
from tests.support.bank import real_bank
from tests.support.database import unsafe_engine

pytestmark = pytest.mark.anyio
QUESTION = "ca-merge-windows"


def service_on(folder: Path, policy: str) -> SessionService:
    bank = real_bank()
    return SessionService(
        log=EventLog(unsafe_engine(folder / "log.db")),
        bank=bank,
        judge=OfflineJudge(),
        interviewer=AuthoredInterviewer(),
        scorer=make_scorer(bank, lambda query: []),
        workbench=Workbench(bank, policy),
    )


async def opened(service: SessionService, owner: str = "") -> str:
    session = service.create(
        StartRequest(round=RoundId.CODING_A, questions=(QUESTION,), only=True, owner=owner, seed=1)
    )
    async for _ in service.resume(session, owner):
        pass
    return session


async def test_without_a_safe_engine_the_code_is_kept_and_the_reason_told(tmp_path: Path) -> None:
    service = service_on(tmp_path, "off")
    session = await opened(service)
    with pytest.raises(NoSafeEngine, match="switched off"):
        await service.run_code(session, "", QUESTION, "def merge_windows(windows): ...")
    assert service.state(session, "").code() == "def merge_windows(windows): ..."
    async for _ in service.finish(session, ""):
        pass
    assert service.state(session, "").ended, "the round goes on and ends without it"


@pytest.fixture
def native() -> str:
    try:
        pick_engine("native")
    except NoSafeEngine as reason:
        pytest.skip(str(reason))
    return "native"


async def test_a_run_is_kept_and_the_last_code_runs_in_full_once(tmp_path: Path, native: str) -> None:
    service = service_on(tmp_path, native)
    session = await opened(service)
    wrong = "def merge_windows(windows):\n    return windows\n"
    body = await service.run_code(session, "", QUESTION, wrong)
    assert body.scope == "visible"
    assert body.report["verdict"] != "accepted"
    async for _ in service.finish(session, ""):
        pass
    runs = [e.body for e in service.events(session, "") if isinstance(e.body, ev.CodeRan)]
    assert [r.scope for r in runs] == ["visible", "all"]
    card = service.state(session, "").scorecard
    assert card is not None
    assert {d.dimension: d.level for d in card.dimensions}["CA-CODE"] in (1.0, 2.0)


@pytest.mark.slow
async def test_people_who_wait_are_told_their_place(tmp_path: Path, native: str) -> None:
    service = service_on(tmp_path, native)
    slow = "import time\ndef merge_windows(windows):\n    time.sleep(0.3)\n    return []\n"
    people = [str(n) for n in range(6)]
    sessions = {owner: await opened(service, owner) for owner in people}
    tasks = [asyncio.create_task(service.run_code(sessions[o], o, QUESTION, slow)) for o in people]
    places: set[int] = set()
    while not all(task.done() for task in tasks):
        places |= {service.place_in_queue(sessions[o], o) for o in people}
        await asyncio.sleep(0.05)
    assert len([task.result() for task in tasks]) == 6
    assert {1, 2} <= places
    assert {service.place_in_queue(sessions[o], o) for o in people} == {0}


@pytest.mark.slow
async def test_many_who_finish_at_once_all_get_their_full_run(tmp_path: Path, native: str) -> None:
    service = service_on(tmp_path, native)
    people = [str(n) for n in range(5)]
    sessions = {owner: await opened(service, owner) for owner in people}
    for owner, session in sessions.items():
        service.save_work(session, owner, "code", QUESTION, "def merge_windows(windows):\n    return []\n")

    async def finish(owner: str) -> None:
        async for _ in service.finish(sessions[owner], owner):
            pass

    await asyncio.gather(*(finish(owner) for owner in people))
    for owner, session in sessions.items():
        assert [body.scope for _, _, body in service.state(session, owner).runs] == ["all"]
