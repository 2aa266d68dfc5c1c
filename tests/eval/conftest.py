"""Small suites, fabricated results and the shipped bank, shared by the tests of the evals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.bank import Bank
from bot.domain.base import Level, Mode, RoundId
from eval import runner
from eval.cast import load_personas
from eval.parts import MOCK, Source, parts_for
from eval.runs import Run, write_run
from eval.simulate import Played, Stage
from eval.summary import summarise
from eval.values import CaseResult, CaseSpec, Gate, Measure, Suite
from tests.support.bank import load_once, real_bank

Play = Callable[..., Played]


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loader has tests of its own."""
    monkeypatch.setattr(runner, "load_bank", load_once)


@pytest.fixture(scope="session")
def bank() -> Bank:
    """The shipped content."""
    return real_bank()


def a_suite(**changes: object) -> Suite:
    """A suite of one short round; `changes` replace fields."""
    fields: dict[str, object] = {
        "id": "tiny",
        "title": "Tiny",
        "about": "For tests.",
        "rounds": (RoundId.PHONE_SCREEN,),
        "personas": ("medium",),
        "minutes": 6,
        "metrics": ("plan_order", "grounded"),
        "gates": (Gate(metric="plan_order", min=1),),
    }
    return Suite.model_validate(fields | changes)


def a_spec(persona: str = "medium", seed: int = 1, suite: str = "tiny") -> CaseSpec:
    """A case of that suite."""
    return CaseSpec(
        suite=suite,
        round=RoundId.PHONE_SCREEN,
        persona=persona,
        level=Level.MID,
        mode=Mode.PRACTICE,
        seed=seed,
    )


def a_case(
    persona: str = "medium",
    seed: int = 1,
    *,
    value: float | None = 1.0,
    score: float | None = 2.0,
    **more: object,
) -> CaseResult:
    """A fabricated result with one measure."""
    spec = a_spec(persona, seed)
    fields: dict[str, object] = {
        "id": spec.id,
        "spec": spec,
        "outcome": "fail" if value == 0 else "pass",
        "measures": (Measure(metric="plan_order", value=value, why=("because",) if value == 0 else ()),),
        "score": score,
    }
    return CaseResult.model_validate(fields | more)


def a_run(
    folder: Path,
    cases: list[CaseResult],
    *,
    mode: str = "mock",
    dirty: bool = False,
    planned: int | None = None,
) -> Run:
    """A run's folder with these cases."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cases.jsonl").write_text("".join(c.model_dump_json() + "\n" for c in cases), encoding="utf-8")
    run = summarise(a_suite(), mode, folder.name, {"mode": mode, "dirty": dirty, "models": "none"}, cases)
    run.planned = len(cases) if planned is None else planned
    write_run(folder, run)
    return run


@pytest.fixture
def play(bank: Bank) -> Play:
    """Plays one case of a suite."""

    def run(suite: Suite, spec: CaseSpec, source: Source = MOCK) -> Played:
        return Stage(bank, load_personas(), suite).play(spec, lambda: parts_for(suite, spec, bank, source))

    return run
