"""The metrics' pure parts, the simulated candidates and their audit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bank import Bank
from eval import metrics
from eval.audit import CLAIMS, audit_bank, doubts, share_of_musts
from eval.candidates import DUNNO, INJECTIONS, false_claim, mentions, next_words
from eval.cast import load_personas
from eval.metrics import METRICS, resumes_same, speaks_plainly
from eval.overall import OVERALL, score_order
from eval.planted import BUGS
from eval.rewrites import sentences
from eval.search import FLOORS, Asked, below, figures, off_by_one
from eval.selfcheck import Check, uncovered
from eval.values import Style
from tests.eval.conftest import Play, a_case, a_spec, a_suite

texts = st.text(alphabet="abc AB.,?! \n", max_size=80)


@given(texts)
def test_shingles_are_runs_of_the_text(text: str) -> None:
    words = metrics.re.findall(r"[a-z0-9]+", text.lower())
    found = metrics._shingles(text)
    assert len(found) <= max(0, len(words) - metrics.SHINGLE + 1)
    assert all(" ".join(s) in " ".join(words) for s in found)


@given(texts, texts)
def test_a_text_that_holds_another_holds_its_shingles(a: str, b: str) -> None:
    assert metrics._shingles(a) <= metrics._shingles(f"{b}\n{a}\n{b}")


@given(texts, texts)
def test_what_two_prompts_share_is_a_prefix_of_both(a: str, b: str) -> None:
    n = metrics._alike(a, b)
    assert a[:n] == b[:n]
    assert n == metrics._alike(b, a)
    assert a[: n + 1] != b[: n + 1] or n == min(len(a), len(b))


@given(texts)
def test_sentences_lose_no_word(text: str) -> None:
    assert " ".join(sentences(text)).split() == text.split()


@given(st.lists(texts, max_size=4))
def test_question_marks_inside_words_are_no_questions(parts: list[str]) -> None:
    text = " ".join(parts)
    assert metrics._questions(text) <= text.count("?")
    assert metrics._questions(text.replace("?", "?a")) == 0


def test_the_order_of_levels() -> None:
    scores = {"strong": 3.5, "medium": 2.5, "weak": 1.0}
    right = [a_case(p, score=s) for p, s in scores.items()]
    assert score_order(right) == 1
    turned = [a_case(p, score=5 - s) for p, s in scores.items()]
    assert score_order(turned) == 0


def test_every_metric_has_a_planted_bug_and_every_bug_a_metric() -> None:
    assert not uncovered()
    assert {m for b in BUGS.values() for m in b.metrics} <= set(METRICS) | set(OVERALL)


def test_a_bug_is_caught_only_when_clean_is_green_and_planted_red() -> None:
    def caught(
        clean: float | None, planted: float | None, metric: str = "plan_order", errors: int = 0
    ) -> bool:
        return Check("bug", metric, "", clean, planted, errors).caught

    assert caught(1, 0)
    assert not caught(1, 1)
    assert not caught(0, 0), "a metric that is always red sees nothing"
    assert not caught(1, None)
    assert not caught(1, 0, errors=1), "a crash is no detection"
    assert caught(0.0, 0.5, "injection_gain")
    assert not caught(0.2, 0.5, "injection_gain")


def test_an_honest_round_passes_every_metric(play: Play, bank: Bank) -> None:
    played = play(a_suite(interviewer="model", judge="model"), a_spec("strong"))
    found = {name: metric(played, bank) for name, metric in METRICS.items()}
    assert {n for n, m in found.items() if m.value is not None and m.value < 1} == set()
    assert sum(m.value is not None for m in found.values()) > 10


def test_the_same_case_gives_the_same_log(play: Play) -> None:
    suite = a_suite(interviewer="model", judge="model")
    one, two = (play(suite, a_spec("stubborn")) for _ in range(2))
    assert [e.body for e in one.log] == [e.body for e in two.log]


def test_an_interrupted_round_ends_like_an_undisturbed_one(play: Play, bank: Bank) -> None:
    played = play(a_suite(interrupted=True), a_spec("medium"))
    assert played.twin
    assert resumes_same(played, bank).value == 1


def test_taking_up_the_candidates_words_is_no_leak_of_notes(play: Play, bank: Bank) -> None:
    played = play(a_suite(interviewer="model", judge="model", minutes=20), a_spec("injecting"))
    heard = " ".join(u.text for u in played.state.utterances if u.speaker == "candidate")
    assert "rubric" in heard, "otherwise this test says nothing"
    assert speaks_plainly(played, bank).value == 1


# ------------------------------------------------------------------------------------------- candidates


@pytest.mark.slow
def test_every_style_has_a_persona_and_says_something(play: Play) -> None:
    personas = load_personas()
    assert {p.style for p in personas.values()} == set(Style)
    for name in personas:
        played = play(a_suite(minutes=5), a_spec(name))
        said = [u.text for u in played.state.utterances if u.speaker == "candidate"]
        assert said
        assert all(text.strip() for text in said)
        assert played.state.ended


def test_the_injecting_candidate_attacks_and_the_stubborn_one_is_wrong(play: Play, bank: Bank) -> None:
    attack = play(a_suite(), a_spec("injecting"))
    assert any(x in u.text for u in attack.state.utterances for x in INJECTIONS)
    wrong = play(a_suite(), a_spec("stubborn"))
    claims = [c for q in wrong.state.questions if (c := false_claim(bank.question(q)))]
    assert claims
    assert all(any(c in u.text for u in wrong.state.utterances) for c in claims)


def test_a_sentence_counts_only_when_it_is_meant() -> None:
    assert mentions(["gradient vanishes"], "The gradient vanishes in deep networks.")
    assert not mentions(["gradient vanishes"], "I do not think that the gradient vanishes.")


def test_an_impostor_is_doubted_and_an_honest_candidate_is_not(bank: Bank, play: Play) -> None:
    personas = load_personas()
    played = play(a_suite(), a_spec("weak"))
    assert doubts(played, personas["weak"], bank) == ()
    assert doubts(played, personas["strong"], bank), "weak words do not make a strong candidate"
    silent = play(a_suite(), a_spec("strong"))
    assert doubts(silent, personas["silent"], bank), "a silent candidate does not know the answer"


@pytest.mark.slow
def test_levels_of_the_bank_hold_what_they_claim_on_the_whole(bank: Bank) -> None:
    found = audit_bank(bank)
    for level, claim in CLAIMS.items():
        shares = [a.share for a in found if a.level == level]
        assert claim.holds(sum(shares) / len(shares)), f"level {level} on average"


def test_nothing_said_holds_nothing(bank: Bank) -> None:
    question = next(iter(bank.questions.values()))
    assert share_of_musts(question, bank.rubric(question.round), DUNNO) == 0


def test_nobody_answers_after_the_wrap_up(bank: Bank, play: Play) -> None:
    played = play(a_suite(), a_spec("medium"))
    assert next_words(load_personas()["medium"], played.state, bank.questions)


# ----------------------------------------------------------------------------------------------- search


def test_the_search_gate_sees_a_shifted_ranking() -> None:
    good = [Asked((f"a{n}", "x", "y"), 1, {f"a{n}": 1}) for n in range(20)] + [Asked(("x",), 0, {})] * 5
    assert below(figures(good)) == []
    assert set(below(figures(off_by_one(good)))) >= {"ndcg@10", "hit@5", "silent"}
    assert set(figures(good)) == set(FLOORS)


def test_figures_of_nothing_are_zero() -> None:
    assert set(figures([]).values()) == {0.0}
    assert below(figures([])) == list(FLOORS)


@pytest.mark.parametrize("suite_metric", sorted(OVERALL))
def test_metrics_over_a_run_do_without_their_personas(suite_metric: str) -> None:
    value = OVERALL[suite_metric]([])
    assert value is None
