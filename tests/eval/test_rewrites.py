"""The same answer in other forms: rules that keep the meaning, and the metrics that hold scores to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bank import Bank
from eval.audit import share_of_musts
from eval.cast import load_personas
from eval.invariances import Changed, render, violations
from eval.overall import OVERALL, half_gain, injection_gain, rewrite_change, score_order
from eval.rewrites import messages, paraphrase, reordered, rewritten, sentences, with_filler, with_typos
from eval.values import Rewrite
from tests.eval.conftest import Play, a_case, a_spec, a_suite

prose = st.lists(
    st.sampled_from(
        [
            "The model overfits.",
            "It is not linear.",
            "If data is scarce, we regularise.",
            "So AUC is misleading!",
            "We can't tell.",
        ]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)


@given(prose, st.sampled_from(Rewrite))
def test_no_form_is_empty_and_all_are_the_same_every_time(text: str, rewrite: Rewrite) -> None:
    found = messages(text, rewrite)
    assert all(found)
    assert found == messages(text, rewrite)


@given(prose)
def test_order_and_splitting_lose_no_sentence(text: str) -> None:
    assert sorted(sentences(reordered(text))) == sorted(sentences(text))
    assert sentences(" ".join(messages(text, Rewrite.SPLIT))) == sentences(text)


@given(prose)
def test_half_is_the_beginning(text: str) -> None:
    assert text.startswith(rewritten(text, Rewrite.HALF))


def test_a_paraphrase_changes_words_and_keeps_polarity() -> None:
    said = paraphrase(
        "If the data is scarce, it does not generalise. I cannot use a large model because it's slow."
    )
    assert said == "It doesn't generalise if the data is scarce. I can't use a big model since it is slow."


def test_typos_leave_names_numbers_and_code_alone() -> None:
    text = "Precision uses `threshold_value` at 0.5, and XGBoost generalises."
    slipped = with_typos(text)
    assert slipped != text
    assert sorted(slipped) == sorted(text)
    assert "`threshold_value`" in slipped
    assert "XGBoost" in slipped


def test_what_leans_on_a_sentence_stays_behind_it() -> None:
    assert reordered("AUC ranks pairs. So it ignores the base rate. Accuracy does not.") == (
        "Accuracy does not. AUC ranks pairs. So it ignores the base rate."
    )


def test_filler_keeps_the_words() -> None:
    assert with_filler("AUC is fine. We use it.") == "Um, so, AUC is fine. You know, we use it."


def test_a_split_answer_is_given_in_two_messages(play: Play) -> None:
    played = play(a_suite(minutes=20, personas=("splitting",)), a_spec("splitting"))
    first, second = [u.text for u in played.state.utterances if u.speaker == "candidate"][:2]
    assert sentences(first)
    assert sentences(second)
    assert not any(s in second for s in sentences(first))


def test_every_form_has_a_persona_and_a_metric() -> None:
    personas = load_personas().values()
    assert {p.rewrite for p in personas if p.rewrite} == set(Rewrite)
    assert {f"{r.value}_change" for r in Rewrite if r is not Rewrite.HALF} | {"half_gain"} <= set(OVERALL)


def test_the_judge_reads_the_same_in_another_form(bank: Bank) -> None:
    question = bank.questions["ps-attention"]
    rubric, text = bank.rubric(question.round), question.answers.level_3
    before = share_of_musts(question, rubric, text)
    for rewrite in (Rewrite.PARAPHRASE, Rewrite.TYPOS, Rewrite.REORDERED, Rewrite.FILLER, Rewrite.POLITE):
        assert share_of_musts(question, rubric, rewritten(text, rewrite)) == pytest.approx(before, abs=0.2)
    assert share_of_musts(question, rubric, rewritten(text, Rewrite.HALF)) <= before


# ------------------------------------------------------------------------------------------- over a run


def test_a_change_in_either_direction_counts_and_half_may_only_lose() -> None:
    cases = [a_case("medium", score=2.5), a_case("mistyping", score=2.0), a_case("halving", score=1.5)]
    assert OVERALL["typos_change"](cases) == 0.5
    assert OVERALL["filler_change"](cases) is None
    assert half_gain(cases) == -1.0
    assert rewrite_change([*cases, a_case("polite", score=3.5)]) == 0.75


def test_nobody_gains_by_dropping_out() -> None:
    cases = [a_case("weak", score=None), a_case("injecting", score=3.0)]
    assert injection_gain(cases) == 2.0
    assert score_order([a_case("strong", score=None), a_case("weak", score=2.0)]) == 0
    assert score_order([a_case("strong", score=2.0), a_case("weak", score=None)]) == 1
    assert score_order([a_case("strong", score=4.0), a_case("weak", score=4.0)]) == 0, "everybody does well"
    assert score_order([a_case("strong", score=None), a_case("weak", score=None)]) is None
    assert OVERALL["typos_change"]([a_case("medium", score=3.0), a_case("mistyping", score=None)]) == 2.0


def test_the_table_of_answers_has_bounds() -> None:
    rows = [Changed("q", 3, r, 0.6, 0.6) for r in Rewrite if r is not Rewrite.SPLIT] * 100
    assert violations(rows) == []
    worse = [*rows, *[Changed("q", 3, Rewrite.TYPOS, 0.6, 0.1)] * 5, Changed("q", 2, Rewrite.HALF, 0.2, 0.9)]
    assert [v.split()[0] for v in violations(worse)] == ["typos:", "half"]
    assert "NOT PASSED: typos" in render(worse)
