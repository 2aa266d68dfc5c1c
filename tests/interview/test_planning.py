"""Plans: enough questions, in time, phases that follow each other, no question met lately."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.base import Level, Mode, RoundId
from bot.domain.content import Question
from bot.domain.plan import Plan
from bot.errors import InputRefused
from bot.interview.planning import make_plan
from tests.support.bank import QUESTIONS, RUBRIC, question, real_bank

BANK = real_bank()


def make(
    *, loop: str = "standard", round_id: RoundId = RoundId.PHONE_SCREEN, minutes: float | None = None, seed: int = 0,
    recent: tuple[str, ...] = (), wanted: tuple[str, ...] = (), questions: list[Question] | None = None,
) -> Plan:  # fmt: skip
    return make_plan(
        loop=BANK.loop(loop),
        round_id=round_id,
        questions=list(QUESTIONS.values()) if questions is None else questions,
        rubric=RUBRIC,
        level=Level.MID,
        mode=Mode.PRACTICE,
        seed=seed,
        minutes=minutes,
        recent=recent,
        wanted=wanted,
    )


@settings(deadline=None)
@given(
    st.sampled_from(sorted(BANK.loops)),
    st.sampled_from(list(RoundId)),
    st.one_of(st.none(), st.floats(5, 120)),
    st.integers(0, 2**31),
)
def test_time_boxes_fill_the_round(loop: str, round_id: RoundId, minutes: float | None, seed: int) -> None:
    made = make(loop=loop, round_id=round_id, minutes=minutes, seed=seed)
    assert made.phases[0].starts_s == 0
    assert made.phases[-1].ends_s == pytest.approx(made.minutes * 60, abs=0.01)
    for before, after in zip(made.phases, made.phases[1:], strict=False):
        assert before.ends_s == after.starts_s > before.starts_s
    work = sum(p.ends_s - p.starts_s for p in made.phases if p.kind in ("questions", "work"))
    assert sum(made.question_s) == pytest.approx(work, abs=0.1)
    assert len(set(made.questions + made.reserve)) == len(made.questions) + len(made.reserve)
    assert len({p.id for p in made.phases}) == len(made.phases)


def test_a_round_of_two_long_questions_goes_through_the_steps_for_each() -> None:
    made = make(loop="meta-style", round_id=RoundId.CODING_A)
    assert len(made.questions) == 2
    assert [p.id for p in made.phases if p.name == "Code"] == ["code", "code-2"]


def test_the_seed_decides_and_recent_questions_wait() -> None:
    assert make(seed=5) == make(seed=5)
    first = make(seed=5).questions
    again = make(seed=5, recent=first[:2]).questions
    assert not set(first[:2]) & set(again[:7])


def test_wanted_questions_come_first() -> None:
    assert make(wanted=("topic-3", "topic-1")).questions[:2] == ("topic-3", "topic-1")
    with pytest.raises(InputRefused, match="topic-99"):
        make(wanted=("topic-99",))


def test_only_the_wanted_questions_when_one_is_done_again() -> None:
    made = make_plan(
        loop=BANK.loop("standard"), round_id=RoundId.PHONE_SCREEN, questions=list(QUESTIONS.values()), rubric=RUBRIC,
        level=Level.MID, mode=Mode.PRACTICE, seed=1, wanted=("topic-3",), only=True,
    )  # fmt: skip
    assert (made.questions, made.reserve) == (("topic-3",), ())


def test_short_rounds_ask_less_and_odd_lengths_are_refused() -> None:
    assert len(make(minutes=15).questions) < len(make().questions)
    for minutes in (1, 600):
        with pytest.raises(InputRefused, match="5 to 120"):
            make(minutes=minutes)


def test_an_empty_bank_says_what_to_do() -> None:
    with pytest.raises(InputRefused, match="check"):
        make(questions=[])


def test_variety_is_preferred_to_more_of_the_same() -> None:
    same = [question(f"same-{n}") for n in range(8)]
    other = question("other").model_copy(update={"competencies": ("C05", "C06")})
    assert "other" in make(questions=[*same, other]).questions[:2]


def test_loops_on_a_base_say_only_what_is_different() -> None:
    assert len(BANK.loops) == 6
    for loop in BANK.loops.values():
        assert [s.round for s in loop.rounds] == list(RoundId)
        assert "Reports" in loop.notice
