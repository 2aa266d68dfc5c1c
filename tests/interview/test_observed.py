"""What interviewer, scorer and review get to know of a coding round: a claim that is wrong, own cases, predictions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.coding import OwnCase
from bot.interview.interviewer import code_line
from bot.interview.workbench import observed
from bot.review.html import review
from bot.review.report import report_of
from tests.interview.test_workbench import QUESTION, native, opened, service_on

pytestmark = pytest.mark.anyio
__all__ = ["native"]
OWN = [
    OwnCase(args="[(5, 6, 'x'), (1, 2, 'y')]", predicted="[(1, 2, ['y']), (5, 6, ['x'])]"),
    OwnCase(args="[(1, 9, 'x'), (2, 3, 'y')]", predicted="[(1, 9, ['x', 'y'])]"),
]


@pytest.mark.slow
async def test_a_wrong_claim_meets_the_measurement(tmp_path: Path, native: str) -> None:
    service = service_on(tmp_path, native)
    session = await opened(service)
    problem = service.bank.question(QUESTION).problem
    assert problem is not None
    assert problem.complexity is not None
    assert problem.complexity.slow is not None

    async def say(text: str) -> str:
        async for _ in service.answer(session, "", text, key=f"key-{len(text):06}"):
            pass
        return service.state(session, "").utterances[-1].text

    def known() -> str:
        return code_line(observed(service.state(session, ""), QUESTION, service.bank))

    await say("I sort the windows by start and sweep once, so it is O(n log n) overall.")
    await service.run_code(session, "", QUESTION, "def merge_windows(windows):\n    return wndows\n")
    assert "first error NameError in line 2" in known()
    await service.run_code(session, "", QUESTION, problem.complexity.slow.code, OWN)
    assert "ran 2 own cases, 2 of 2 predictions held" in known()
    assert "in merge_windows" in known()
    line = await say("I am done")
    assert line.startswith("You said n log n. I timed your version")
    assert "measured growth" in known()
    async for _ in service.finish(session, ""):
        pass
    state = service.state(session, "")
    assert state.scorecard is not None
    levels = {d.dimension: d.level for d in state.scorecard.dimensions}
    assert levels["CA-CODE"] == 3.0, "right, but slower than asked"
    assert levels["CA-TEST"] == 3.0, "own cases and predictions are evidence of verification"
    page = review(report_of(state, service.now(), {}))
    assert "Measured growth: n^2" in page
    assert "Time over the size of the input" in page


async def test_own_cases_that_repeat_a_sample_are_no_evidence() -> None:
    from bot.scoring.code import _own_cases

    sample = {"args": "[1, 2], 3"}
    again = {"args": "[1,2], 3,", "verdict": "accepted", "agrees": True}
    mine = {"args": "[], 0", "verdict": "error", "agrees": None}
    unread = {"args": "[", "verdict": "not_run"}
    assert _own_cases([{"visible": [sample], "own": [again, mine, unread]}]) == {"[],0": False}
