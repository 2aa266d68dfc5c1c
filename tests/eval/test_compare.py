"""Comparing runs and accepting baselines: what got worse is named, and nothing is compared that should not be."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import compare
from eval.intervals import cell, differences, paired, pass_all
from eval.values import InvalidSuite, Measure
from tests.eval.conftest import a_case, a_run


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compare, "BASELINES", tmp_path / "baselines")
    monkeypatch.setattr(compare, "LOG", tmp_path / "LOG.md")
    return tmp_path


def test_what_got_worse_stands_first_and_missing_cases_count(tmp_path: Path) -> None:
    a_run(tmp_path / "a", [a_case(seed=1), a_case(seed=2, value=0), a_case(seed=3)])
    a_run(tmp_path / "b", [a_case(seed=1, value=0), a_case(seed=2), a_case(seed=4)])
    found = compare.compare(tmp_path / "a", tmp_path / "b")
    assert found.worse == (a_case(seed=1).id,)
    assert found.better == (a_case(seed=2).id,)
    assert found.missing == (a_case(seed=3).id,)
    assert found.added == (a_case(seed=4).id,)
    assert found.regressed
    assert found.text().startswith("WORSE")


def test_leaving_out_a_hard_case_is_no_improvement(tmp_path: Path) -> None:
    a_run(tmp_path / "a", [a_case(seed=1), a_case(seed=2, value=0)])
    a_run(tmp_path / "b", [a_case(seed=1)])
    assert compare.compare(tmp_path / "a", tmp_path / "b").regressed


def test_the_same_run_does_not_differ(tmp_path: Path) -> None:
    a_run(tmp_path / "a", [a_case()])
    found = compare.compare(tmp_path / "a", tmp_path / "a")
    assert not found.regressed
    assert found.text() == "no difference"


def test_another_mode_is_never_compared(tmp_path: Path) -> None:
    a_run(tmp_path / "a", [a_case()], mode="mock")
    a_run(tmp_path / "b", [a_case()], mode="live")
    with pytest.raises(InvalidSuite, match=r"mock mode.*live mode"):
        compare.compare(tmp_path / "a", tmp_path / "b")


def test_a_single_flip_of_a_live_run_may_be_chance(tmp_path: Path) -> None:
    personas = ("strong", "medium", "weak", "silent", "echo", "stubborn")
    before = [a_case(p, seed=n) for p in personas for n in range(3)]
    one = [a_case(p, seed=n, value=float((p, n) != ("weak", 1))) for p in personas for n in range(3)]
    all_worse = [a_case(p, seed=n, value=0) for p in personas for n in range(3)]
    a_run(tmp_path / "a", before, mode="live")
    a_run(tmp_path / "b", one, mode="live")
    a_run(tmp_path / "c", all_worse, mode="live")
    assert not compare.compare(tmp_path / "a", tmp_path / "b").regressed
    assert compare.compare(tmp_path / "a", tmp_path / "c").regressed


def test_a_folder_that_holds_no_run_is_named(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(InvalidSuite, match="no run that can be read"):
        compare.compare(tmp_path, tmp_path)


def test_a_baseline_needs_a_reason_a_clean_tree_and_whole_cases(places: Path) -> None:
    a_run(places / "good", [a_case()])
    a_run(places / "dirty", [a_case()], dirty=True)
    a_run(places / "crashed", [a_case(outcome="error", error="boom")])
    for folder, reason, named in (
        ("good", "  ", "--reason"),
        ("dirty", "because", "uncommitted"),
        ("crashed", "because", "crashed"),
    ):
        with pytest.raises(InvalidSuite, match=named):
            compare.accept(places / folder, reason)
    assert not (places / "baselines").exists()
    assert not (places / "LOG.md").exists()


def test_a_part_of_a_suite_is_no_baseline(places: Path) -> None:
    a_run(places / "part", [a_case()], planned=2)
    with pytest.raises(InvalidSuite, match="1 of the suite's 2 cases"):
        compare.accept(places / "part", "because")


def test_a_metric_that_only_one_run_took_makes_no_case_worse(tmp_path: Path) -> None:
    was = a_case()
    new = was.model_copy(
        update={"outcome": "fail", "measures": (*was.measures, Measure(metric="adapts", value=0.0))}
    )
    a_run(tmp_path / "a", [was])
    a_run(tmp_path / "b", [new])
    assert not compare.compare(tmp_path / "a", tmp_path / "b").regressed


def test_another_score_is_told_and_is_no_regression_by_itself(tmp_path: Path) -> None:
    a_run(tmp_path / "a", [a_case(score=3.0)])
    a_run(tmp_path / "b", [a_case(score=2.0)])
    found = compare.compare(tmp_path / "a", tmp_path / "b")
    assert found.changed
    assert not found.regressed
    assert "3.000 -> 2.000" in found.text()


def test_accepting_logs_what_got_worse(places: Path) -> None:
    a_run(places / "a", [a_case()])
    a_run(places / "b", [a_case(value=0)])
    compare.accept(places / "a", "The first one.")
    compare.accept(places / "b", "The new question is harder.")
    log = (places / "LOG.md").read_text()
    assert "The first one." in log
    assert "The new question is harder." in log
    assert f"WORSE    {a_case().id}" in log
    kept = compare.baseline_of("tiny", "mock")
    assert not compare.compare(kept, places / "b").regressed


def test_live_baselines_are_kept_for_each_model() -> None:
    a, b = (compare.baseline_of("model", "live", m) for m in ("gpt-6, judge x", "llama3.2:3b, judge x"))
    assert a != b
    assert compare.baseline_of("model", "mock", "whatever") == compare.baseline_of("model", "mock")


values = st.floats(-4, 4, allow_nan=False)
cells = st.dictionaries(st.sampled_from("abcdefgh"), st.lists(values, min_size=1, max_size=4), min_size=1)


@given(cells)
def test_the_interval_holds_the_mean_and_stays_in_range(found: dict[str, list[float]]) -> None:
    result = paired(found, draws=200)
    assert result is not None
    means = [sum(v) / len(v) for v in found.values()]
    assert min(means) - 1e-9 <= result.low <= result.high <= max(means) + 1e-9
    assert min(means) - 1e-9 <= result.mean <= max(means) + 1e-9
    assert result.pairs == sum(map(len, found.values()))


@given(cells)
def test_swapping_the_runs_swaps_the_sign(found: dict[str, list[float]]) -> None:
    forth, back = paired(found, draws=50), paired({k: [-v for v in vs] for k, vs in found.items()}, draws=50)
    assert forth is not None
    assert back is not None
    assert forth.mean == pytest.approx(-back.mean)


@given(st.lists(values, min_size=1, max_size=5), st.integers(1, 5))
def test_repeats_of_a_cell_are_no_new_evidence(found: list[float], times: int) -> None:
    once, often = (
        paired({"a": found, "b": [1.0]}, draws=100),
        paired({"a": found * times, "b": [1.0]}, draws=100),
    )
    assert once is not None
    assert often is not None
    assert (once.mean, once.low, once.high) == pytest.approx((often.mean, often.low, often.high))


def test_pairs_are_cases_of_both_runs_that_did_not_crash() -> None:
    before = [a_case(seed=1, score=2), a_case(seed=2, score=2), a_case(seed=3, score=None)]
    after = [a_case(seed=1, score=3), a_case(seed=2, outcome="error"), a_case(seed=3), a_case(seed=4)]
    assert differences(before, after) == {cell(a_case(seed=1)): [1.0]}


def test_pass_k_needs_every_repeat() -> None:
    assert pass_all([a_case("weak", 1), a_case("strong", 1)]) is None, "nothing was repeated"
    cases = [a_case("weak", 1), a_case("weak", 2, value=0), a_case("strong", 1), a_case("strong", 2)]
    assert pass_all(cases) == (0.5, 2)
