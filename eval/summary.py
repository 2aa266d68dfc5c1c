"""From cases to a verdict: means, gates and the exit code of a run. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eval.overall import OVERALL
from eval.runs import FAIL, INCONCLUSIVE, GateResult, Run
from eval.values import CaseResult, Gate, Suite

MAX_ERRORS = 0.01
"""Share of crashed cases from which a run says nothing."""
REPLAYED = "replayed"
"""Stands in a case's measures, with 0, when the cassette had no reply for a request."""


def summarise(
    suite: Suite, mode: str, run_id: str, marks: dict[str, Any], results: Sequence[CaseResult]
) -> Run:
    """Means, gates and the exit code of a run. Errors are counted apart, never folded into a mean."""
    run = Run(suite.id, mode, run_id, marks, cases=len(results))
    good = [r for r in results if r.outcome != "error"]
    run.errors = len(results) - len(good)
    run.calls, run.usd = sum(r.calls for r in good), round(sum(r.usd for r in good), 6)
    run.candidate_usd = round(sum(r.candidate_usd for r in good), 6)
    run.prompt_chars, run.tokens = sum(r.prompt_chars for r in good), sum(r.tokens for r in good)
    run.doubted = sum(bool(r.doubts) for r in good)
    for name in suite.metrics:
        values = _values(name, good)
        mean = sum(values) / len(values) if values else None
        run.means[name] = (mean, len(values), 0 if name in OVERALL else sum(v < 1 for v in values))
    run.gates = [_gate(gate, run) for gate in suite.gates]
    missed = [m for r in results for m in r.measures if m.metric == REPLAYED]
    if results and run.errors / len(results) > MAX_ERRORS:
        run.verdict = INCONCLUSIVE
        run.why.append(f"{run.errors} of {len(results)} cases crashed")
    elif not results:
        run.verdict, run.why = INCONCLUSIVE, ["no case was run"]
    elif missed:
        run.verdict = FAIL
        run.why.append(f"{len(missed)} rounds asked what the cassette does not hold. {missed[0].why[0]}")
    elif failed := [g for g in run.gates if not g.passed]:
        run.verdict = FAIL
        run.why += [f"{g.metric} is {number(g.value)}, the gate wants {g.bound}" for g in failed]
    return run


def number(value: float | None) -> str:
    """A figure for people."""
    return "not measured" if value is None else f"{value:.3f}"


def _values(metric: str, results: Sequence[CaseResult]) -> list[float]:
    if metric in OVERALL:
        value = OVERALL[metric](results)
        return [] if value is None else [value]
    found = [m for r in results for m in r.measures if m.metric == metric]
    return [m.value for m in found if m.value is not None]


def _gate(gate: Gate, run: Run) -> GateResult:
    mean, n, _ = run.means.get(gate.metric, (None, 0, 0))
    bound = " and ".join(
        part
        for part in (
            f"at least {gate.min:g}" if gate.min is not None else "",
            f"at most {gate.max:g}" if gate.max is not None else "",
        )
        if part
    )
    passed = (
        mean is not None
        and (gate.min is None or mean >= gate.min - 1e-9)
        and (gate.max is None or mean <= gate.max + 1e-9)
    )
    return GateResult(gate.metric, bound, mean, passed, n)
