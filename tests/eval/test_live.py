"""Live mode against the local stand-in server: the prompts are heard, the money is a hard cap, models can be compared, and a
model can play the candidates."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bank import Bank
from bot.model.ledger import Price, PriceBook
from bot.model.standin import StandIn
from bot.settings import Settings, load_settings
from eval import runner
from eval.actor import double
from eval.compare import compare
from eval.parts import Source
from eval.runner import expand, run_cases
from eval.runs import append_case, write_run
from eval.summary import summarise
from eval.values import CaseResult, Suite
from tests.eval.conftest import a_suite

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _bank_once(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "load_bank", lambda *folders: bank)


def settings_for(server: StandIn, **more: str) -> Settings:
    return load_settings({"OPENAI_BASE_URL": server.url, "BOT_MODEL": "stand-in", **more})


def a_live_suite(**changes: object) -> Suite:
    metrics = ("calls_counted", "bounded_prompts", "prefix_stable", "spoken_by_model", "judged_by_model")
    return a_suite(interviewer="model", judge="model", minutes=5, metrics=metrics, gates=(), **changes)


def play(suite: Suite, bank: Bank, source: Source, max_usd: float | None = None) -> list[CaseResult]:
    return list(run_cases(suite, expand(suite, bank), workers=1, source=source, max_usd=max_usd))


def test_prompts_of_a_live_model_are_measured(bank: Bank) -> None:
    with StandIn() as server:
        (case,) = play(a_live_suite(), bank, Source(live=settings_for(server)))
    assert case.outcome == "pass", (case.measures, case.error)
    assert {m.metric for m in case.measures if m.value is None} == set()
    assert {c.turn for c in case.model_calls} > {0}, "calls of turns, and those that read the whole round"
    assert all(c.prompt_hash and c.input_tokens for c in case.model_calls)


def test_the_cap_on_money_is_never_passed(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PriceBook, "price", lambda self, model, base_url="": Price(10.0, 10.0, 30.0))
    suite = a_live_suite(seeds=(1, 2, 3, 4, 5, 6))
    with StandIn() as server:
        played = play(suite, bank, Source(live=settings_for(server)), max_usd=0.5)
    spent = sum(c.usd for c in played)
    assert 0 < spent <= 0.5
    assert len(played) < 6, "the rest would not have paid for another one"
    assert [c.outcome for c in played].count("error") == 0


def test_two_models_are_compared_on_the_same_rounds(bank: Bank, tmp_path: Path) -> None:
    suite = a_live_suite(personas=("medium", "weak"))
    for name, brain in (("x", None), ("y", lambda messages, params: "no JSON at all.")):
        with StandIn(**({} if brain is None else {"brain": brain})) as server:
            cases = play(suite, bank, Source(live=settings_for(server)))
        (tmp_path / name).mkdir()
        for case in cases:
            append_case(tmp_path / name, case)
        write_run(tmp_path / name, summarise(suite, "live", name, {"models": name}, cases))
    found = compare(tmp_path / "x", tmp_path / "y")
    assert "judged_by_model" in found.clearly_worse
    assert found.verdict.startswith("clearly worse: ")
    assert {what for what, _, _ in found.costs} >= {"model calls", "tokens"}
    assert compare(tmp_path / "y", tmp_path / "x").verdict.startswith("clearly better: ")
    assert "call it a tie" in compare(tmp_path / "x", tmp_path / "x").verdict


def test_a_model_plays_the_candidate_and_is_audited(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PriceBook, "price", lambda self, model, base_url="": Price(1.0, 1.0, 1.0))
    suite = a_live_suite(personas=("strong", "weak"))
    with StandIn(brain=double) as server:
        settings = settings_for(server)
        strong, weak = play(suite, bank, Source(live=settings, actor=True, actor_live=settings), max_usd=50)
    assert (strong.outcome, weak.outcome) == ("pass", "pass"), (strong.error, weak.error)
    assert strong.doubts == weak.doubts == ()
    assert strong.candidate_usd > 0
    assert strong.usd > 0


def test_an_actor_that_fails_or_forgets_its_part_is_doubted(bank: Bank) -> None:
    with StandIn(brain=lambda messages, params: "The weather is nice.") as server:
        settings = settings_for(server)
        (case,) = play(a_suite(personas=("strong",)), bank, Source(actor=True, actor_live=settings))
    assert case.outcome == "pass", "the interviewer did nothing wrong"
    assert "strong holds 0%" in " ".join(case.doubts)
    (case,) = play(
        a_suite(personas=("strong",)), bank, Source(actor=True, actor_live=settings)
    )  # no server any more
    assert "candidate's model failed" in case.doubts[0]
    assert case.outcome == "pass"
