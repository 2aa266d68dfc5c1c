"""The policy holds its guarantees for every course that an interview can take."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import events as ev
from bot.domain.base import Level, Mode, RoundId
from bot.domain.content import Question
from bot.domain.judgement import Intent, JudgeInfo, Judgement, Quote, Status, Verdict
from bot.domain.moves import Move, MoveKind
from bot.domain.plan import Plan
from bot.domain.session import SessionState
from bot.interview.flow import next_move, work_ends_s
from bot.interview.planning import make_plan
from tests.support.bank import QUESTIONS, RUBRIC, TestClock, plan, question, real_bank

PLANS = {(m, n): plan(mode=m, minutes=n) for m in Mode for n in (10, 45)}


@dataclass(frozen=True)
class Said:
    """What one message of a simulated candidate does: an intent, points by number, and how long it took."""

    intent: Intent
    covered: frozenset[int]
    wrong: bool
    seconds: float


SAID = st.builds(
    Said,
    intent=st.sampled_from([Intent.ANSWER] * 6 + list(Intent)),
    covered=st.frozensets(st.integers(0, 4), max_size=3),
    wrong=st.booleans(),
    seconds=st.floats(1, 400),
)


class Interview:
    """Runs the policy on an in-memory log."""

    def __init__(self, the_plan: Plan) -> None:
        self.clock = TestClock()
        self.state = SessionState()
        self.moves: list[Move] = []
        self._put(ev.Started(plan=the_plan))
        self.step()

    def _put(self, body: ev.Body) -> None:
        self.state.apply(ev.Event(session="s", seq=self.state.seq + 1, at=self.clock(), body=body))

    def step(self) -> Move:
        """Decide and speak."""
        move = next_move(self.state, QUESTIONS, self.clock())
        self._put(ev.Decided(turn=self.state.last_candidate_turn, move=move))
        turn = len(self.state.utterances) + 1
        self._put(ev.InterviewerSpoke(turn=turn, reply_to=turn - 1, move=move, text="..."))
        self.moves.append(move)
        return move

    def say(self, said: Said) -> Move:
        """One message of the candidate and the move that answers it."""
        self.clock.tick(said.seconds)
        turn = len(self.state.utterances) + 1
        self._put(ev.CandidateSpoke(turn=turn, text="words"))
        quote = Quote(turn=turn, start=0, end=5, text="words")
        verdicts = []
        if said.intent in (Intent.ANSWER, Intent.CLARIFY):
            verdicts = [
                Verdict(checkpoint=f"point-{n}", status=Status.COVERED, quotes=(quote,))
                for n in sorted(said.covered)
            ]
            if said.wrong and 0 not in said.covered:
                verdicts.append(Verdict(checkpoint="point-0", status=Status.WRONG, quotes=(quote,), contra=0))
        judgement = Judgement(
            question=self.state.question,
            turn=turn,
            status="scored",
            verdicts=tuple(verdicts),
            intent=said.intent,
            judge=JudgeInfo(name="test", version="1"),
        )
        self._put(ev.Judged(turn=turn, judgement=judgement))
        return self.step()

    @property
    def over(self) -> bool:
        """Whether the interviewer closed."""
        return self.moves[-1].kind is MoveKind.CLOSE


def answer(*points: int, seconds: float = 20, wrong: bool = False) -> Said:
    """An ordinary answer."""
    return Said(Intent.ANSWER, frozenset(points), wrong, seconds)


def asks(intent: Intent) -> Said:
    """A request."""
    return Said(intent, frozenset(), False, 5)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PLANS, key=str)), st.lists(SAID, min_size=1, max_size=60))
def test_every_course_keeps_the_guarantees(which: tuple[Mode, int], course: list[Said]) -> None:
    interview = Interview(PLANS[which])
    the_plan = PLANS[which]
    for said in course:
        if interview.over:
            break
        before = interview.clock()
        elapsed = interview.state.elapsed_s(before) + said.seconds
        move = interview.say(said)
        if elapsed >= the_plan.minutes * 60:
            assert move.kind is MoveKind.CLOSE
        if elapsed >= work_ends_s(the_plan):
            assert move.kind not in (MoveKind.ASK, MoveKind.PROBE, MoveKind.PHASE)
    asked = [m.question for m in interview.moves if m.kind in (MoveKind.OPEN, MoveKind.ASK)]
    order = the_plan.questions + the_plan.reserve
    assert asked == [q for q in order if q in asked], "questions come in the plan's order"
    assert len(set(asked)) == len(asked), "and each once"
    for name in asked:
        hints = [m.hint for m in interview.moves if m.kind is MoveKind.HINT and m.question == name]
        assert hints == list(range(1, len(hints) + 1)), "hints step by one from the first"
        assert not hints or the_plan.mode is Mode.PRACTICE
        probes = [m.checkpoint for m in interview.moves if m.kind is MoveKind.PROBE and m.question == name]
        assert len(set(probes)) == len(probes) <= the_plan.max_probes
        claims = [m for m in interview.moves if m.kind is MoveKind.CHALLENGE and m.question == name]
        assert len({(m.checkpoint, m.contra, m.challenge) for m in claims}) == len(claims), (
            "no challenge twice"
        )
    closes = [m for m in interview.moves if m.kind is MoveKind.CLOSE]
    assert len(closes) <= 1
    assert [m.kind for m in interview.moves].count(MoveKind.WRAP) <= 1


@settings(max_examples=40, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=25))
def test_the_same_log_gives_the_same_moves(course: list[Said]) -> None:
    def run() -> list[Move]:
        interview = Interview(PLANS[Mode.PRACTICE, 45])
        for said in course:
            if interview.over:
                break
            interview.say(said)
        return interview.moves

    assert run() == run()


@settings(max_examples=40, deadline=None)
@given(SAID)
def test_an_interview_ends_whatever_is_said_for_ever(said: Said) -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 10])
    for _ in range(10 * 60 + 2):
        if interview.over:
            return
        interview.say(Said(said.intent, said.covered, said.wrong, max(said.seconds, 5)))
    pytest.fail("the interview did not end")


def test_a_missing_must_is_probed_and_a_complete_answer_pushed_then_left() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    first = interview.state.question
    move = interview.say(answer(0, 1, 2))
    assert (move.kind, move.checkpoint) == (MoveKind.PROBE, "point-3")
    move = interview.say(answer(3))
    assert (move.kind, move.reason) == (MoveKind.CHALLENGE, "further")
    move = interview.say(answer())
    assert (move.kind, move.reason) == (MoveKind.ASK, "covered")
    assert move.question != first


def test_a_false_claim_is_challenged_before_anything_is_probed() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    move = interview.say(answer(1, wrong=True))
    assert (move.kind, move.checkpoint, move.contra) == (MoveKind.CHALLENGE, "point-0", 0)
    assert interview.say(answer(wrong=True)).kind is not MoveKind.CHALLENGE


def test_who_does_not_know_gets_a_nudge_in_practice_and_a_probe_in_real_mode() -> None:
    assert Interview(PLANS[Mode.PRACTICE, 45]).say(asks(Intent.DONT_KNOW)).kind is MoveKind.HINT
    assert Interview(PLANS[Mode.REAL, 45]).say(asks(Intent.DONT_KNOW)).kind is MoveKind.PROBE


def test_hints_are_refused_in_real_mode_and_after_the_fifth() -> None:
    assert Interview(PLANS[Mode.REAL, 45]).say(asks(Intent.HINT)).kind is MoveKind.REDIRECT
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    assert [interview.say(asks(Intent.HINT)).hint for _ in range(5)] == [1, 2, 3, 4, 5]
    assert interview.say(asks(Intent.HINT)).kind is MoveKind.REDIRECT


def test_skip_stop_repeat_and_off_topic() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    assert interview.say(asks(Intent.REPEAT)).kind is MoveKind.REPEAT
    assert interview.say(asks(Intent.SCORE_TALK)).kind is MoveKind.REDIRECT
    assert interview.say(asks(Intent.OFF_TOPIC)).kind is MoveKind.REDIRECT
    assert interview.say(asks(Intent.OFF_TOPIC)).kind is MoveKind.ASK, "patience ends"
    assert interview.say(asks(Intent.SKIP)).reason == "skipped"
    assert interview.say(asks(Intent.STOP)).kind is MoveKind.CLOSE


def test_time_moves_on_and_closes() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    box = PLANS[Mode.PRACTICE, 45].question_s[0]
    assert interview.say(answer(seconds=0.85 * box)).reason == "time", "80 % of the box without evidence"
    assert interview.say(answer(0, seconds=0.85 * box)).kind is MoveKind.PROBE, (
        "evidence buys the rest of the box"
    )
    assert interview.say(answer(seconds=44 * 60)).kind is MoveKind.CLOSE


def test_who_has_said_it_all_gets_no_hint_but_the_next_question() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    assert interview.say(answer(0, 1, 2, 3)).reason == "further"
    assert interview.say(asks(Intent.REPEAT)).kind is MoveKind.REPEAT
    move = interview.say(asks(Intent.DONT_KNOW))
    assert (move.kind, move.reason) == (MoveKind.ASK, "covered")


def test_a_request_is_not_an_answer_that_brought_nothing() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    interview.say(answer(0))
    for _ in range(2):
        interview.say(asks(Intent.REPEAT))
    assert interview.say(answer()).kind is MoveKind.PROBE


def test_prompting_is_remembered_for_the_credit() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    interview.say(answer(0))
    interview.say(asks(Intent.HINT))
    interview.say(asks(Intent.HINT))
    interview.say(answer(1))
    progress = interview.state.questions[interview.state.the_plan.questions[0]].progress
    assert progress["point-0"].prompting == "none"
    assert progress["point-1"].prompting == "hint2"


def coding_question() -> Question:
    """One long question with a must in each of two steps, and a step (writing code) without checkpoints."""
    base = question("long", points=5, minutes=30)
    dimensions = ("CA-UND", "CA-ALG", "CA-ALG", "CA-TEST", "CA-TEST")
    points = tuple(
        c.model_copy(update={"dimension": d}) for c, d in zip(base.checkpoints, dimensions, strict=True)
    )
    return base.model_copy(update={"round": RoundId.CODING_A, "checkpoints": points})


def coding_plan() -> Plan:
    loop = real_bank().loop("standard")
    return make_plan(
        loop=loop, round_id=RoundId.CODING_A, questions=[coding_question()], rubric=RUBRIC, level=Level.MID,
        mode=Mode.PRACTICE, seed=1,
    )  # fmt: skip


@pytest.fixture
def coding(monkeypatch: pytest.MonkeyPatch) -> Interview:
    monkeypatch.setitem(QUESTIONS, "long", coding_question())
    return Interview(coding_plan())


def test_a_long_question_goes_through_its_steps_and_leaves_out_what_was_said(coding: Interview) -> None:
    assert coding.state.phase == "clarify"
    move = coding.say(answer(0, 1, 2))  # understanding and the whole approach at once
    assert (move.kind, move.phase) == (MoveKind.PHASE, "code")
    assert coding.say(asks(Intent.DONE)).phase == "test"


def test_a_step_whose_time_is_up_gives_way(coding: Interview) -> None:
    move = coding.say(answer(0, seconds=8 * 60))
    assert (move.kind, move.reason, move.phase) == (MoveKind.PHASE, "time", "approach")


def test_probes_stay_within_the_step(coding: Interview) -> None:
    move = coding.say(answer())
    assert (move.kind, move.checkpoint) == (MoveKind.PROBE, "point-0")


def run_with_growth(plausible: list[str]) -> ev.CodeRan:
    growth = {"required": "n log n", "plausible": plausible, "doubling": 4.1}
    return ev.CodeRan(question="long", source="x", scope="all", report={"growth": growth, "visible": []})


def test_while_the_candidate_writes_code_the_interviewer_listens(coding: Interview) -> None:
    coding.say(answer(0, 1, 2))
    assert coding.say(answer()).kind is MoveKind.LISTEN
    assert coding.say(asks(Intent.DONT_KNOW)).kind is MoveKind.HINT


@pytest.mark.parametrize(
    ("plausible", "challenged"), [(["n^2"], True), (["n log n", "n^2"], False), ([], False)]
)
def test_a_measured_growth_beyond_doubt_is_put_to_the_candidate_once(
    coding: Interview, plausible: list[str], challenged: bool
) -> None:
    coding.say(answer(0, 1, 2))
    coding._put(run_with_growth(plausible))
    move = coding.say(asks(Intent.DONE))
    assert (move.reason == "measured") is challenged
    assert coding.say(asks(Intent.DONE)).reason != "measured"


def test_somebody_who_thinks_is_waited_for_twice_and_then_helped() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    moves = [interview.say(asks(Intent.WAIT)) for _ in range(3)]
    assert [(m.kind, m.reason) for m in moves] == [
        (MoveKind.LISTEN, "waiting"),
        (MoveKind.LISTEN, "waiting"),
        (MoveKind.HINT, "stuck"),
    ]


def test_somebody_who_does_not_understand_hears_it_again_and_then_gets_help() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    first, second = (interview.say(asks(Intent.CONFUSED)) for _ in range(2))
    assert (first.kind, first.reason) == (MoveKind.REPEAT, "confused")
    assert second.kind is MoveKind.HINT


def test_who_only_asks_how_it_goes_keeps_the_question() -> None:
    interview = Interview(PLANS[Mode.PRACTICE, 45])
    question = interview.state.question
    kinds = [interview.say(asks(Intent.SCORE_TALK)).kind for _ in range(4)]
    assert kinds[:2] == [MoveKind.REDIRECT] * 2
    assert interview.state.question == question
    assert kinds[2] is MoveKind.PROBE
