"""The matrix of faults: every kind, site and moment, read, expanded, and striking where it says."""

from __future__ import annotations

import pytest

from bot.bank import Bank
from bot.model.doubles import Fault
from eval import runner
from eval.faults import MOMENTS, expanded, matrix, read_fault, site_of
from eval.parts import MOCK, parts_for
from eval.runner import expand, load_suite, measured
from eval.values import InvalidSuite, Suite
from tests.eval.conftest import Play, a_spec, a_suite


def test_the_matrix_is_every_kind_at_every_site_and_moment_once_and_on() -> None:
    cells = matrix()
    moments = sum(len(m) for m in MOMENTS.values())
    assert len(cells) == len(set(cells)) == len(Fault) * moments * 2
    for cell in cells:
        found = read_fault(cell)
        assert found.on == cell.endswith("+")
    assert expanded(("timeout@3", "*")) == ("timeout@3", *cells)


def test_the_suite_plays_the_whole_matrix(bank: Bank) -> None:
    suite = load_suite("faults")
    assert {s.fault for s in expand(suite, bank)} == set(matrix())
    assert len({s.file for s in expand(suite, bank)}) == len(matrix()), "each case has a file of its own"


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("meteorite@3", "meteorite"),
        ("timeout@soon", "says no call"),
        ("timeout@judge:noon", "judge: first, middle, last"),
        ("timeout@cleaner:first", "interviewer"),
        ("timeout@judge:scoring", "committee: scoring"),
    ],
)
def test_a_fault_that_there_is_not_is_named(fault: str, named: str) -> None:
    with pytest.raises(InvalidSuite, match=named):
        read_fault(fault)


def play_faulty(suite: Suite, fault: str, bank: Bank, play: Play) -> runner.CaseResult:
    from eval.cast import load_personas
    from eval.faults import calls_by_site
    from eval.simulate import Stage

    clean = play(suite, a_spec())
    calls = calls_by_site(clean.requests)
    spec = a_spec().model_copy(update={"fault": fault})
    stage = Stage(bank, load_personas(), suite)
    played = stage.play(spec, lambda: parts_for(suite, spec, bank, MOCK, calls=calls))
    return measured(
        played, bank, ["fault_struck", "resumable_log", "scored_honestly", "speaks_plainly", "no_leak"]
    )


@pytest.mark.parametrize(
    "fault",
    ["auth@judge:middle+", "empty@reader:scoring", "leaks@interviewer:last"],
)
def test_the_fault_strikes_and_the_round_survives(fault: str, bank: Bank, play: Play) -> None:
    result = play_faulty(a_suite(interviewer="model", judge="model", minutes=8), fault, bank, play)
    assert {m.metric: m.why for m in result.measures if m.value == 0} == {}
    assert result.measure("fault_struck") is not None


def test_the_sites_are_told_apart_by_their_prompts(play: Play) -> None:
    played = play(a_suite(interviewer="model", judge="model", minutes=8), a_spec())
    sites = [site_of(prompt) for prompt in played.requests]
    assert set(sites) == {"interviewer", "judge", "reader", "committee"}
    assert sites[-2:] == ["reader", "committee"], "the round is read once it is over"
