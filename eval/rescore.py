"""Takes metrics on stored logs: of a run (`logs/`), or of a session that a person exported from the product.

Plays nothing and asks no model. Does not know how logs are made.
"""

from __future__ import annotations

from pathlib import Path

from bot.bank import Bank
from bot.domain.session import fold
from bot.errors import InputRefused
from bot.review.importing import read_export
from eval.metrics import METRICS
from eval.runner import load_suite, measured
from eval.runs import Run, read_cases, read_log, read_run, read_suite
from eval.simulate import Played
from eval.summary import summarise
from eval.values import CaseResult, CaseSpec, InvalidSuite, Suite

PERSON = "person"
"""In place of a persona: a real candidate, who claims nothing that could be audited."""


def rescore_run(folder: Path, suite_name: str, bank: Bank) -> tuple[Suite, Run, list[CaseResult], int]:
    """The suite, the run judged anew, its cases, and how many of them have no log and keep what they had.

    The metrics are those that the suite (default: the run's own) names today. The bank is today's too: a question that
    changed since is measured by what it says now, and the stamp still tells which one was played.
    """
    old, before = read_run(folder), read_cases(folder)
    suite = load_suite(suite_name) if suite_name else _todays(folder)
    cases, kept = [], 0
    for case in before:
        played = None if case.outcome == "error" else read_log(folder, case.spec)
        kept += played is None
        cases.append(case if played is None else measured(played, bank, suite.metrics))
    run = summarise(suite, old.mode, old.id, old.stamp, cases)
    run.planned, run.seconds = old.planned, old.seconds
    return suite, run, cases, kept


def _todays(folder: Path) -> Suite:
    """The run's suite with the metrics and gates that it names today; as it was played when it is none of ours."""
    played = read_suite(folder)
    try:
        return load_suite(played.id)
    except InvalidSuite:
        return played


def rescore_session(file: Path, suite_name: str, bank: Bank) -> CaseResult:
    """The metrics of a suite on a session's JSON export. Raises `InvalidSuite` when it is none, or its questions are gone."""
    suite = load_suite(suite_name)
    try:
        log = read_export(file.read_bytes())
    except InputRefused as problem:
        raise InvalidSuite(f"{file.name}: {problem}") from problem
    state = fold(log)
    plan = state.the_plan
    if gone := sorted(q for q in state.questions if q not in bank.questions):
        raise InvalidSuite(f"{file.name}: the bank has no question {gone[0]!r} any more")
    spec = CaseSpec(
        suite=suite.id, round=plan.round, persona=PERSON, level=plan.level, mode=plan.mode, seed=0
    )
    return measured(Played(spec, state, log), bank, [m for m in suite.metrics if m in METRICS])
