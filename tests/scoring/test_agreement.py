"""The figures of the validity report, against values that can be worked out by hand."""

from __future__ import annotations

import pytest

from eval import agreement as ag
from eval import attacks
from eval.agreement import Case


def cases(*triples: tuple[str, float, float]) -> list[Case]:
    return [Case(q, s, h, 10) for q, s, h in triples]


def test_correlations_and_kappa_by_hand() -> None:
    assert ag.pearson([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert ag.spearman([1, 2, 30], [1, 4, 5]) == pytest.approx(1)
    assert ag.pearson([1, 1, 1], [1, 2, 3]) is None
    assert ag.weighted_kappa([0, 0, 1, 1], [0, 1, 0, 1], 2) == pytest.approx(0)
    assert ag.weighted_kappa([0, 1, 2], [0, 1, 2], 3) == pytest.approx(1)
    assert ag.weighted_kappa([2, 1, 0], [0, 1, 2], 3) == pytest.approx(-1)


def test_within_looks_at_each_question_alone() -> None:
    easy = [("a", 0.5 + k / 20, 0.8 + k / 50) for k in range(5)]
    hard = [("b", 0.9 - k / 20, 0.1 + k / 50) for k in range(5)]
    assert ag.within(cases(*easy, *hard)) == pytest.approx(0)
    assert ag.within(cases(*easy)) == pytest.approx(1)


def test_levels_errors_and_bands() -> None:
    found = cases(("a", 0.1, 0.0), ("a", 0.6, 0.5), ("a", 0.2, 1.0))
    assert ag.exact(found) == pytest.approx(2 / 3)
    assert ag.adjacent(found) == pytest.approx(2 / 3)
    assert ag.bias(found) == pytest.approx(-0.2)
    assert ag.bands(found)["high"][0] == 1


def test_the_interval_holds_the_figure_and_repeats() -> None:
    found = cases(*[(str(k % 6), (k % 7) / 7, (k % 5) / 5) for k in range(60)])
    one, two = ag.bootstrap(found, ag.r, rounds=60), ag.bootstrap(found, ag.r, rounds=60)
    assert one == two
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    assert one.low <= one.value <= one.high


def test_the_standardised_difference_is_the_bias_in_spreads() -> None:
    found = cases(*[("a", k / 10 + 0.1, k / 10) for k in range(10)])
    assert ag.smd(found) == pytest.approx(0.1 / 0.30276, rel=1e-3)
    assert ag.smd(cases(("a", 1, 1), ("a", 1, 1), ("a", 1, 1))) is None


def test_people_are_compared_pair_by_pair() -> None:
    alike = ag.between_graders([(k / 4, k / 4, k / 4) for k in range(5)])
    assert alike is not None
    assert (alike.graders, alike.r, alike.qwk, alike.exact) == (3, pytest.approx(1), pytest.approx(1), 1)
    assert ag.between_graders([(1.0,), (0.0,), (0.5,)]) is None
    assert ag.between_graders([(1.0, 1.0), (0.0,), (0.5, 1.0)]) is None


def test_a_stranger_to_a_question_shares_few_words_and_denying_is_measured_on_what_is_right() -> None:
    rows = [
        {"id": f"{qid}{k}", "qid": qid, "question": "", "reference": [text], "answer": text, "y": k % 2}
        for qid, text in (
            ("a", "Bulb A is in a closed path with the battery."),
            ("b", "Bulb B is in a closed path with the battery."),
            ("c", "Voltage is the difference between two states."),
        )
        for k in range(2)
    ]
    sample = {h.id: h for h in attacks.from_rows(rows, 6)}
    assert sample["a1"].other == sample["b1"].other == rows[4]["answer"]
    assert [sample[f"a{k}"].right for k in range(2)] == [False, True]


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("It is connected.", "It is not connected."),
        ("It is not connected.", "It is connected."),
        ("It isn't connected.", "It is connected."),
        ("Open path.", "It is not the case that open path."),
    ],
)
def test_denying_turns_a_sentence_round_once(said: str, denied: str) -> None:
    assert attacks.negate_by_auxiliary(said) == denied
