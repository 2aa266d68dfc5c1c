"""A finished session to look at, made by holding it: an authored file of answers is played through the real service.

Offline judge, authored interviewer, and a clock that moves as fast as people speak; nothing of the result is
written down beforehand. The session is marked as a demo and does not count as progress.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.bank import Bank
from bot.bank.yamlfile import load_value
from bot.domain.base import Level, Mode, RoundId, Text, Value
from bot.interview.authored import AuthoredInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import Scorer, StartRequest
from bot.resources import prompts_dir
from bot.scoring.offline import OfflineJudge
from bot.store.log import EventLog

LOOP_RUN = "demo"
"""Marks the session: `Plan.loop_run` of every demo."""
WORDS_A_SECOND = 1.8
"""About 110 words a minute, pauses counted: how people speak when they think aloud."""
THINKS_S = 7.0


class DemoAnswers(Value):
    """`prompts/demo/*.yaml`: which questions, and what the candidate says, in order, question by question."""

    round: RoundId
    level: Level
    minutes: float
    answers: dict[str, tuple[Text, ...]]
    last: Text
    own_levels: dict[str, int] = {}


@dataclass
class MovingClock:
    """A clock that stands still until somebody speaks."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def pass_for(self, text: str) -> None:
        """Let the time pass that it takes to say this."""
        self.at += timedelta(seconds=THINKS_S + len(text.split()) / WORDS_A_SECOND)


def demo_file() -> Path:
    """The authored answers."""
    return prompts_dir() / "demo" / "phone-screen.yaml"


async def hold(
    log: EventLog,
    bank: Bank,
    scorer: Scorer,
    owner: str,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> str:
    """Hold the demo interview for this person, or find the one that was held before; the session's id."""
    answers = load_value(demo_file(), DemoAnswers)
    clock = MovingClock(now() - timedelta(minutes=answers.minutes))
    service = SessionService(
        log=log,
        bank=bank,
        judge=OfflineJudge(),
        interviewer=AuthoredInterviewer(),
        scorer=scorer,
        clock=clock,
    )
    request = StartRequest(
        round=answers.round,
        level=answers.level,
        mode=Mode.PRACTICE,
        minutes=answers.minutes,
        owner=owner,
        seed=7,
        questions=tuple(answers.answers),
        loop_run=LOOP_RUN,
        key=f"demo-{bank.digest}",
    )
    session = service.create(request)
    state = service.state(session, owner)
    async for _ in service.resume(session, owner):
        pass
    said: dict[str, int] = {}
    while not state.ended:
        question = state.question
        lines = answers.answers.get(question, ())
        turn = said.get(question, 0)
        text = lines[turn] if not state.wrapped and turn < len(lines) else ""
        if not text:
            text = answers.last if state.wrapped else "Let us move on."
        said[question] = turn + 1
        clock.pass_for(state.utterances[-1].text if state.utterances else "")
        clock.pass_for(text)
        async for _ in service.answer(session, owner, text):
            pass
    service.self_assess(session, owner, answers.own_levels)
    return session
