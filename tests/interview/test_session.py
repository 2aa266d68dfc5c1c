"""The session service: every step committed, nothing lost or doubled, trouble never becomes a score."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain import events as ev
from bot.domain.base import Mode, RoundId
from bot.domain.judgement import JudgeInfo, Judgement
from bot.domain.moves import MoveKind
from bot.domain.ports import Delta, Judged, JudgeRequest, Material, Restart, Scene, Spoken
from bot.domain.session import SessionState, fold
from bot.errors import Conflict, InputRefused, ModelError, NotFound, ScoringError, SessionClosed
from bot.interview.authored import AuthoredInterviewer
from bot.interview.live import LiveTurns
from bot.interview.session import MAX_ANSWER, SessionService
from bot.interview.updates import Accepted, Closed, Notice, Result, Said, ScoredRound, StartRequest, Thinking
from bot.store.log import EventLog
from tests.support.bank import KeywordJudge, TestClock, blank_scorecard, small_bank
from tests.support.database import unsafe_engine

pytestmark = pytest.mark.anyio
REQUEST = StartRequest(round=RoundId.PHONE_SCREEN, owner="ana", seed=1, key="first")


class CountingInterviewer(AuthoredInterviewer):
    """The authored interviewer; counts the utterances that it was asked for."""

    def __init__(self) -> None:
        self.calls = 0

    async def phrase(
        self, material: Material, scene: Scene
    ) -> AsyncGenerator[Delta | Restart | Spoken, None]:
        self.calls += 1
        async for piece in super().phrase(material, scene):
            yield piece


class CountingScorer:
    """Gives an "insufficient" scorecard; counts."""

    def __init__(self) -> None:
        self.calls = 0

    async def __call__(self, state: SessionState) -> ScoredRound:
        self.calls += 1
        return ScoredRound(blank_scorecard())


class World:
    """A service on a database file, that can be thrown away and opened again."""

    def __init__(self, folder: Path) -> None:
        self.log = EventLog(unsafe_engine(folder / "log.db"))
        self.clock = TestClock()
        self.judge, self.interviewer, self.scorer = KeywordJudge(), CountingInterviewer(), CountingScorer()
        self.service = self.fresh()

    def fresh(self) -> SessionService:
        """A new process, as it were: nothing but the log is shared."""
        self.service = SessionService(
            log=self.log,
            bank=small_bank(),
            judge=self.judge,
            interviewer=self.interviewer,
            scorer=self.scorer,
            clock=self.clock,
        )
        return self.service


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def drain(stream: AsyncGenerator[object, None]) -> list[object]:
    return [update async for update in stream]


async def opened(world: World) -> str:
    session = world.service.create(REQUEST)
    await drain(world.service.resume(session, "ana"))
    return session


async def test_a_round_from_greeting_to_scorecard(world: World) -> None:
    session = await opened(world)
    updates = await drain(world.service.answer(session, "ana", "key0 key1 key2 key3", key="a"))
    assert isinstance(updates[0], Accepted)
    assert [u.what for u in updates if isinstance(u, Thinking)] == ["judge", "phrase"]
    assert [u.move.kind for u in updates if isinstance(u, Said)] == [MoveKind.CHALLENGE]
    updates = await drain(world.service.finish(session, "ana"))
    assert [type(u) for u in updates if isinstance(u, Said | Result | Closed)] == [Said, Result, Closed]
    state = world.service.state(session, "ana")
    assert state.ended == "stopped"
    assert [type(e.body).__name__ for e in world.service.events(session, "ana")][-3:] == [
        "InterviewerSpoke", "Scored", "Ended",
    ]  # fmt: skip


async def test_what_streams_is_what_is_kept(world: World) -> None:
    session = world.service.create(REQUEST)
    updates = await drain(world.service.resume(session, "ana"))
    streamed = "".join(u.text for u in updates if isinstance(u, Delta))
    assert streamed.split() == world.service.state(session, "ana").utterances[0].text.split()


async def test_a_double_click_is_one_turn(world: World) -> None:
    session = await opened(world)
    first = world.service.accept(session, "ana", "key0", key="click")
    assert world.service.accept(session, "ana", "key0", key="click") == first
    await drain(world.service.resume(session, "ana"))
    assert world.service.accept(session, "ana", "key0", key="click") == first, "also when it comes late"
    assert sum(isinstance(e.body, ev.CandidateSpoke) for e in world.service.events(session, "ana")) == 1


async def test_starting_twice_with_one_key_is_one_session(world: World) -> None:
    assert world.service.create(REQUEST) == world.fresh().create(REQUEST)


async def test_a_second_window_that_is_behind_gets_a_conflict_and_keeps_its_text(world: World) -> None:
    session = await opened(world)
    await drain(world.service.answer(session, "ana", "key0", key="a", seen=1))
    with pytest.raises(Conflict, match="another window"):
        world.service.accept(session, "ana", "key1", key="b", seen=1)


@pytest.mark.parametrize(
    ("text", "problem"), [("", "empty"), (" \n\t ", "empty"), ("x" * 100_000, f"{MAX_ANSWER:,}")]
)
async def test_an_unusable_message_is_refused_and_changes_nothing(
    world: World, text: str, problem: str
) -> None:
    session = await opened(world)
    before = world.service.events(session, "ana")
    with pytest.raises(InputRefused, match=problem):
        world.service.accept(session, "ana", text)
    assert world.service.events(session, "ana") == before


async def test_odd_characters_are_kept_or_replaced_never_fatal(world: World) -> None:
    session = await opened(world)
    accepted = world.service.accept(session, "ana", "a\x00b \ud800 \u202e 🙂 <script>")
    assert accepted.text == "ab ? \u202e 🙂 <script>"
    assert world.fresh().state(session, "ana").utterances[-1].text == accepted.text


async def test_a_session_is_its_owners_alone(world: World) -> None:
    session = await opened(world)
    for call in (
        lambda: world.service.state(session, "bo"),
        lambda: world.service.accept(session, "bo", "hello"),
        lambda: world.service.events(session, "bo"),
        lambda: world.service.save_work(session, "bo", "code", "topic-0", "x"),
        lambda: world.service.delete(session, "bo"),
        lambda: world.service.stop_speaking(session, "bo"),
    ):
        with pytest.raises(NotFound):
            call()
    assert world.service.sessions("bo") == []


async def test_nothing_is_added_after_the_end(world: World) -> None:
    session = await opened(world)
    await drain(world.service.finish(session, "ana"))
    with pytest.raises(SessionClosed):
        world.service.accept(session, "ana", "one more thing")
    before = len(world.service.events(session, "ana"))
    assert await drain(world.service.finish(session, "ana")) == []
    assert len(world.service.events(session, "ana")) == before


class Died(BaseException):
    """Stands for kill -9: nothing catches it."""


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
async def test_a_process_that_dies_after_any_commit_resumes_without_doubling(
    world: World, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Die right after the n-th commit for every n (each fifth in the quick suite); the logs end up the same."""

    async def interview() -> None:
        session = world.service.create(REQUEST)
        await drain(world.service.resume(session, "ana"))
        for number, text in enumerate(("key0 false0", "key1 key2", "give me a hint", "key3")):
            await drain(world.service.answer(session, "ana", text, key=f"k{number}"))
        await drain(world.service.finish(session, "ana"))

    await interview()
    session = world.service.sessions("ana")[0].id
    whole = [e.body for e in world.service.events(session, "ana")]
    bought = (world.judge.calls, world.interviewer.calls, world.scorer.calls)
    world.service.delete(session, "ana")
    append = EventLog.append

    for fatal in range(1, len(whole), step):
        world.judge.calls = world.interviewer.calls = world.scorer.calls = commits = 0

        def dying(self: EventLog, *args: object, fatal: int = fatal, **kwargs: object) -> object:
            nonlocal commits
            done = append(self, *args, **kwargs)  # type: ignore[arg-type]
            commits += 1
            if commits == fatal:
                raise Died
            return done

        monkeypatch.setattr(EventLog, "append", dying)
        world.fresh()
        for _ in range(3):
            try:
                await interview()
                break
            except Died:
                world.fresh()
                # the page that comes back: it resumes what is missing, and sends again what was not acknowledged
                await drain(world.service.resume(session, "ana"))
        monkeypatch.setattr(EventLog, "append", append)
        assert [e.body for e in world.service.events(session, "ana")] == whole, (
            f"after dying at commit {fatal}"
        )
        assert (world.judge.calls, world.interviewer.calls, world.scorer.calls) == bought, (
            "nothing was bought twice"
        )
        world.service.delete(session, "ana")


class FailingJudge:
    """A judge whose provider is down."""

    name = "down"

    async def judge(self, request: JudgeRequest) -> Judged:
        raise ModelError("the server does not answer")


async def test_a_failed_judge_is_said_and_never_becomes_a_verdict(world: World) -> None:
    world.service = SessionService(
        log=world.log,
        bank=small_bank(),
        judge=FailingJudge(),
        interviewer=AuthoredInterviewer(),
        scorer=world.scorer,
    )
    session = await opened(world)
    updates = await drain(world.service.answer(session, "ana", "key0"))
    assert [type(u) for u in updates if isinstance(u, Notice | Said)] == [Notice, Said]
    judged = next(e.body for e in world.service.events(session, "ana") if isinstance(e.body, ev.Judged))
    assert (judged.judgement.status, judged.judgement.verdicts) == ("failed", ())


async def test_the_offline_judge_takes_over_from_a_failed_model(world: World) -> None:
    world.service = SessionService(
        log=world.log,
        bank=small_bank(),
        judge=FailingJudge(),
        fallback=KeywordJudge(),
        interviewer=AuthoredInterviewer(),
        scorer=world.scorer,
    )
    session = await opened(world)
    await drain(world.service.answer(session, "ana", "key0"))
    judged = next(e.body for e in world.service.events(session, "ana") if isinstance(e.body, ev.Judged))
    assert judged.judgement.judge.name == "keywords"
    assert world.service.state(session, "ana").trouble


async def test_a_failed_scorer_ends_the_round_without_a_number(world: World) -> None:
    async def broken(state: SessionState) -> ScoredRound:
        raise ScoringError("no rubric")

    world.service = SessionService(
        log=world.log, bank=small_bank(), judge=world.judge, interviewer=AuthoredInterviewer(), scorer=broken
    )
    session = await opened(world)
    updates = await drain(world.service.finish(session, "ana"))
    assert isinstance(updates[-2], Notice)
    state = world.service.state(session, "ana")
    assert (state.ended, state.scorecard) == ("stopped", None)
    world.service.add_assessment(session, "ana", ScoredRound(blank_scorecard()))
    assert world.service.state(session, "ana").scorecard is not None, "scored later"


class EndlessInterviewer:
    """Speaks for ever, until somebody stops it."""

    async def phrase(
        self, material: Material, scene: Scene
    ) -> AsyncGenerator[Delta | Restart | Spoken, None]:
        yield Delta("Well, ")
        await asyncio.sleep(3600)
        yield Spoken("never", "authored")


async def test_stop_keeps_what_was_said_and_marks_it(world: World) -> None:
    world.service = SessionService(
        log=world.log,
        bank=small_bank(),
        judge=world.judge,
        interviewer=EndlessInterviewer(),
        scorer=world.scorer,
    )
    session = world.service.create(REQUEST)
    live = LiveTurns(world.service)
    live.ensure(session, "ana")
    view = live.view(session)
    while "Well" not in view.text:
        view = await live.changed(session, view.version)
    live.stop(session, "ana")
    await live.settle()
    last = world.service.state(session, "ana").utterances[-1]
    assert (last.text, last.stopped) == ("Well,", True)


async def test_a_turn_goes_on_without_a_window_and_two_windows_see_the_same(world: World) -> None:
    session = await opened(world)
    live = LiveTurns(world.service)
    live.submit(session, "ana", "key0", key="a")
    with pytest.raises(Conflict, match="still speaking"):
        live.submit(session, "ana", "key1", key="b")
    live.ensure(session, "ana")  # a reload in the middle starts nothing twice
    await live.settle()
    assert not live.view(session).busy
    assert [u.speaker for u in world.service.state(session, "ana").utterances] == [
        "interviewer", "candidate", "interviewer",
    ]  # fmt: skip
    assert fold(world.service.events(session, "ana")).seq == world.service.state(session, "ana").seq


async def test_finish_while_the_interviewer_speaks_closes_right_after(world: World) -> None:
    session = await opened(world)
    live = LiveTurns(world.service)
    live.submit(session, "ana", "key0", key="a")
    live.finish(session, "ana")
    await live.settle()
    assert world.service.state(session, "ana").ended


async def test_pause_stops_the_clock_and_an_answer_starts_it(world: World) -> None:
    session = await opened(world)
    world.clock.tick(60)
    world.service.pause(session, "ana")
    world.clock.tick(24 * 3600)
    assert world.service.state(session, "ana").elapsed_s(world.clock()) == 60
    await drain(world.service.answer(session, "ana", "key0"))
    world.clock.tick(5)
    assert world.service.state(session, "ana").elapsed_s(world.clock()) == 65


async def test_work_is_kept_when_it_changed_and_only_then(world: World) -> None:
    session = await opened(world)
    question = world.service.state(session, "ana").question
    for text in ("x = 1", "x = 1", "x = 1\n"):
        world.service.save_work(session, "ana", "code", question, text)
    saved = [e.body for e in world.service.events(session, "ana") if isinstance(e.body, ev.WorkSaved)]
    assert [s.text for s in saved] == ["x = 1", "x = 1\n"]
    with pytest.raises(NotFound):
        world.service.save_work(session, "ana", "code", "another", "x")


async def test_real_mode_and_minutes_are_kept_in_the_plan(world: World) -> None:
    session = world.service.create(
        StartRequest(round=RoundId.PHONE_SCREEN, owner="ana", mode=Mode.REAL, minutes=15, seed=3)
    )
    the_plan = world.service.state(session, "ana").the_plan
    assert (the_plan.mode, the_plan.minutes, len(the_plan.questions)) == (Mode.REAL, 15, 3)


async def test_a_judge_that_cannot_tell_leaves_the_policy_to_go_on(world: World) -> None:
    class Unsure:
        name = "unsure"

        async def judge(self, request: JudgeRequest) -> Judged:
            return Judged(
                Judgement(
                    question=request.question.id,
                    turn=request.turn,
                    status="insufficient",
                    judge=JudgeInfo(name="unsure", version="1"),
                )
            )

    world.service = SessionService(
        log=world.log,
        bank=small_bank(),
        judge=Unsure(),
        interviewer=AuthoredInterviewer(),
        scorer=world.scorer,
    )
    session = await opened(world)
    await drain(world.service.answer(session, "ana", "mumble"))
    assert world.service.state(session, "ana").utterances[-1].speaker == "interviewer"
