"""Suites as data, runs that resume, gates, verdicts and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bank import Bank
from bot.domain.base import Level, Mode, RoundId
from bot.settings import load_settings
from eval import __main__ as command
from eval.runner import expand, load_suite, run_cases
from eval.runs import FAIL, INCONCLUSIVE, MUST_MATCH, PASS, append_case, claim, read_cases
from eval.summary import summarise
from eval.values import Gate, InvalidSuite, Measure
from tests.eval.conftest import a_case, a_spec, a_suite

HERE = Path(__file__).resolve().parent.parent.parent / "eval"
MARKS = {k: k for k in MUST_MATCH}


@pytest.fixture(autouse=True)
def _bank_once(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the content takes longer than these rounds do."""
    import bot.bank
    from eval import runner

    monkeypatch.setattr(bot.bank, "load_bank", lambda *folders: bank)
    monkeypatch.setattr(runner, "load_bank", lambda *folders: bank)


def written(folder: Path, **changes: object) -> str:
    import yaml

    data = a_suite().model_dump(mode="json") | changes
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return str(path)


def test_a_suite_expands_to_the_product_of_its_parts(bank: Bank) -> None:
    suite = a_suite(
        rounds=(RoundId.PHONE_SCREEN, RoundId.CODING_A),
        personas=("weak", "strong"),
        levels=(Level.MID, Level.SENIOR),
        modes=(Mode.PRACTICE, Mode.REAL),
        seeds=(1, 2, 3),
        faults=("timeout@2", "empty@2+"),
    )
    specs = expand(suite, bank)
    assert len(specs) == 2 * 2 * 2 * 2 * 3 * 2
    assert len({s.id for s in specs}) == len(specs)
    assert specs == expand(suite, bank), "always in the same order"


@pytest.mark.parametrize("name", sorted(p.stem for p in (HERE / "suites").glob("*.yaml")))
def test_every_shipped_suite_can_be_used(name: str, bank: Bank) -> None:
    suite = load_suite(name)
    assert suite.id == name
    assert expand(suite, bank)
    assert {g.metric for g in suite.gates} <= set(suite.metrics), "a gate on what is not measured is no gate"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"metrics": ["plan_ordr"]}, "plan_ordr"),
        ({"gates": [{"metric": "leaks", "max": 0}]}, "leaks"),
        ({"personas": ["nobody"]}, "nobody"),
        ({"faults": ["meteorite@3"]}, "meteorite"),
        ({"faults": ["timeout@soon"]}, "timeout@soon"),
        ({"rounds": ["lunch"]}, "rounds"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_is_wrong_in_a_suite_is_named(tmp_path: Path, changes: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidSuite, match=named):
        load_suite(written(tmp_path, **changes))


def test_an_unknown_suite_names_the_known_ones() -> None:
    with pytest.raises(InvalidSuite, match=r"ci.*faults"):
        load_suite("everything")


def test_a_half_written_line_is_left_out_and_the_next_case_is_whole(tmp_path: Path) -> None:
    claim(tmp_path, MARKS)
    append_case(tmp_path, a_case(seed=1))
    with (tmp_path / "cases.jsonl").open("a") as file:
        file.write(a_case(seed=2).model_dump_json()[:60])
    claim(tmp_path, MARKS)  # the run goes on
    append_case(tmp_path, a_case(seed=3))
    assert [c.spec.seed for c in read_cases(tmp_path)] == [1, 3]


def test_cases_without_a_beginning_are_not_taken_over(tmp_path: Path) -> None:
    append_case(tmp_path, a_case())
    with pytest.raises(InvalidSuite, match=r"begun\.json"):
        claim(tmp_path, MARKS)


def test_a_whole_line_that_is_no_case_is_named_and_not_left_out(tmp_path: Path) -> None:
    append_case(tmp_path, a_case())
    with (tmp_path / "cases.jsonl").open("a") as file:
        file.write('{"id": "of another version"}\n')
    with pytest.raises(InvalidSuite, match=r"cases\.jsonl:2"):
        read_cases(tmp_path)


@pytest.mark.parametrize("what", sorted(MARKS))
def test_a_folder_is_not_continued_with_something_else(tmp_path: Path, what: str) -> None:
    claim(tmp_path, MARKS)
    with pytest.raises(InvalidSuite, match=what):
        claim(tmp_path, MARKS | {what: "other"})


def verdict(cases: list, gates: tuple[Gate, ...] = (Gate(metric="plan_order", min=1),)) -> int:
    return summarise(a_suite(gates=gates), "mock", "r", {}, cases).verdict


def test_the_verdict_follows_gates_and_crashes() -> None:
    good, bad = a_case(seed=1), a_case(seed=2, value=0)
    crashed = a_case(seed=3, outcome="error", error="boom", measures=())
    assert verdict([good]) == PASS
    assert verdict([good, bad]) == FAIL
    assert verdict([good, bad], (Gate(metric="plan_order", min=0.5),)) == PASS
    assert verdict([good, bad], (Gate(metric="plan_order", max=0.4),)) == FAIL
    assert verdict([good, crashed]) == INCONCLUSIVE
    assert verdict([]) == INCONCLUSIVE
    assert verdict([good] * 200 + [crashed]) == PASS, "one crash in two hundred says nothing about the rest"


def test_a_gate_on_something_that_was_never_measured_fails() -> None:
    assert verdict([a_case(value=None)]) == FAIL


def test_a_case_that_crashed_is_not_in_the_mean() -> None:
    crashed = a_case(seed=3, outcome="error", measures=(Measure(metric="plan_order", value=0),))
    run = summarise(a_suite(), "mock", "r", {}, [a_case(), crashed])
    assert run.means["plan_order"] == (1.0, 1, 0)
    assert run.errors == 1


def test_a_crash_inside_a_round_is_an_error_of_that_case(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    from eval import runner

    def explode(*args: object) -> None:
        raise RuntimeError("the policy exploded")

    monkeypatch.setitem(runner.METRICS, "grounded", explode)
    (result,) = run_cases(a_suite(), [a_spec()], workers=1)
    assert result.outcome == "error"
    assert "the policy exploded" in result.error


def test_money_is_shared_out_and_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from eval import runner

    shares: list[float | None] = []

    def dear(spec: object, usd: float | None = None) -> object:
        shares.append(usd)
        return a_case(usd=0.4)

    monkeypatch.setattr(runner, "_one", dear)
    played = list(run_cases(a_suite(), [a_spec(seed=n) for n in range(9)], workers=1, max_usd=1.0))
    assert sum(r.usd for r in played) <= 1.0
    assert len(played) == 2, "a third round could cost 0.4 and only 0.2 is left"
    assert shares[0] == 1.0


def call(*arguments: str) -> int:
    from typer.testing import CliRunner

    result = CliRunner().invoke(command.app, list(arguments))
    if isinstance(result.exception, InvalidSuite):
        return 2
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code


def test_exit_codes_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = written(tmp_path)
    assert call("run", good, "--workers", "1", "--out", str(tmp_path / "a"), "--no-against") == 0
    assert {p.name for p in (tmp_path / "a").iterdir()} == {
        "begun.json", "cases.jsonl", "junit.xml", "logs", "report.html", "run.json", "suite.json",
    }  # fmt: skip
    strict = written(tmp_path, gates=[{"metric": "plan_order", "max": 0}])
    assert call("run", strict, "--workers", "1", "--out", str(tmp_path / "b"), "--no-against") == 1
    assert call("run", "nothing-like-that") == 2
    assert call("run", "replay", "--mode", "live", "--out", str(tmp_path / "c")) == 2, "no model is set"
    assert call("run", good, "--mode", "replay", "--out", str(tmp_path / "d")) == 2, "no cassette"


def test_the_command_stops_at_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from eval import runner

    monkeypatch.setattr(runner, "_one", lambda spec, usd=None: a_case(seed=spec.seed, usd=0.9))
    suite = written(tmp_path, seeds=[1, 2, 3])
    arguments = (
        "run",
        suite,
        "--workers",
        "1",
        "--out",
        str(tmp_path / "a"),
        "--max-usd",
        "1",
    )
    assert call(*arguments) == 2, "a mock costs nothing, so a cap is a mistake"
    monkeypatch.setattr(command, "_live_settings", lambda: load_settings({"OPENAI_API_KEY": "sk-none"}))
    arguments = (*arguments, "--mode", "live")
    assert call(*arguments) == 4
    assert len(read_cases(tmp_path / "a")) == 1
    assert call(*arguments) == 4, "going on does not begin with a full purse"
    assert len(read_cases(tmp_path / "a")) == 1


def test_a_broken_bank_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bank: Bank) -> None:
    import dataclasses

    import bot.bank

    broken = dataclasses.replace(bank, problems=("ps-oops.yaml:3 is not a question",))
    monkeypatch.setattr(bot.bank, "load_bank", lambda *folders: broken)
    assert call("run", "ci", "--out", str(tmp_path / "a")) == 2


def test_only_the_failing_or_crashed_cases_are_run_again(tmp_path: Path) -> None:
    cases = [a_case(seed=1), a_case(seed=2, value=0), a_case(seed=3, outcome="error", measures=())]
    (tmp_path / "old").mkdir()
    for case in cases:
        append_case(tmp_path / "old", case)
    suite = written(tmp_path, seeds=[1, 2, 3])
    for option, seed in (("--filter-failing", 2), ("--retry-errors", 3)):
        out = tmp_path / option
        call("run", suite, "--workers", "1", "--out", str(out), option, str(tmp_path / "old"))
        assert [c.spec.seed for c in read_cases(out)] == [seed]
