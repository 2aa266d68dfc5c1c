"""Stored logs measured anew: the same result without playing, new metrics without playing, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bank import Bank
from bot.review.report import report_of
from eval import rescore, runner
from eval.rescore import rescore_run, rescore_session
from eval.runner import expand, run_cases
from eval.runs import append_case, read_log, write_run, write_suite
from eval.summary import summarise
from eval.values import InvalidSuite, Suite
from tests.eval.conftest import a_suite


@pytest.fixture
def folder(tmp_path: Path, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of one case whose suite is that of the tests."""
    suite = a_suite(interviewer="model", judge="model")
    monkeypatch.setattr(runner, "load_bank", lambda *folders: bank)
    serve(suite, monkeypatch)
    results = list(run_cases(suite, expand(suite, bank), workers=1, folder=tmp_path))
    for result in results:
        append_case(tmp_path, result)
    write_suite(tmp_path, suite)
    write_run(tmp_path, summarise(suite, "mock", "r", {"mode": "mock"}, results))
    return tmp_path


def serve(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescore, "load_suite", lambda name: suite)


def test_the_same_metrics_give_the_same_result(folder: Path, bank: Bank) -> None:
    before = runner.CaseResult.model_validate_json((folder / "cases.jsonl").read_text())
    _, run, (after,), kept = rescore_run(folder, "", bank)
    assert after == before
    assert (run.verdict, kept) == (0, 0)


def test_a_new_metric_needs_no_playing(folder: Path, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("adds_no_figures", "bounded_prompts", "calls_counted", "gives_up_in_time")
    serve(a_suite(metrics=names, gates=()), monkeypatch)
    _, run, (case,), _ = rescore_run(folder, "", bank)
    assert {m.metric: m.value for m in case.measures} == dict.fromkeys(names, 1.0)
    assert set(run.means) == set(names)


def test_a_case_without_its_log_keeps_what_it_had_and_is_counted(folder: Path, bank: Bank) -> None:
    for file in (folder / "logs").iterdir():
        file.unlink()
    _, _, (case,), kept = rescore_run(folder, "", bank)
    assert kept == 1
    assert case.measure("plan_order") is not None


def test_a_log_that_was_cut_is_named(folder: Path, bank: Bank) -> None:
    (file,) = (folder / "logs").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(InvalidSuite, match=file.name):
        rescore_run(folder, "", bank)


def test_an_exported_session_is_measured_too(folder: Path, bank: Bank, tmp_path: Path) -> None:
    case = runner.CaseResult.model_validate_json((folder / "cases.jsonl").read_text())
    played = read_log(folder, case.spec)
    assert played is not None
    file = tmp_path / "session.json"
    file.write_text(
        report_of(played.state, played.log[-1].at, {}, played.log).model_dump_json(), encoding="utf-8"
    )
    found = rescore_session(file, "ci", bank)
    assert found.outcome == "pass"
    assert found.measure("plan_order") is not None
    assert found.doubts == (), "a person claims nothing"
    file.write_text("{}")
    with pytest.raises(InvalidSuite, match=r"session\.json"):
        rescore_session(file, "ci", bank)
