"""`python -m eval ...` (the same as `mock-interview eval ...`): run suites, compare, accept, check the checks.

Parses arguments and prints; everything else is in the modules beside it. Exit codes: 0 pass, 1 gate or regression, 2 invalid,
3 inconclusive, 4 budget.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.parts import Source
from eval.runs import (
    BUDGET,
    FAIL,
    INCONCLUSIVE,
    INVALID,
    PASS,
    Run,
    read_cases,
    read_run,
    read_suite,
    write_run,
)
from eval.values import CaseResult, CaseSpec, InvalidSuite, Suite

if TYPE_CHECKING:
    from bot.bank import Bank
    from bot.settings import Settings
    from eval.compare import Difference

app = typer.Typer(
    no_args_is_help=True, help="Offline evals: no key, no network, no cost.", pretty_exceptions_enable=False
)


class Mode(StrEnum):
    """Where the model's words come from."""

    MOCK = "mock"
    REPLAY = "replay"
    LIVE = "live"


class Candidates(StrEnum):
    """Who plays the candidates."""

    SCRIPTED = "scripted"
    MODEL = "model"


@dataclass(frozen=True)
class _Order:
    """What is to be run."""

    suite: Suite
    mode: Mode
    folder: Path
    workers: int
    source: Source
    only: set[str] | None = None  # ids of cases
    max_usd: float | None = None
    compared: bool = True  # with the accepted baseline
    exact: bool = False


@app.command()
def run(
    suite: Annotated[str, typer.Argument(help="Name of a suite in eval/suites, or a file.")] = "ci",
    mode: Annotated[
        Mode, typer.Option(help="mock: a double that reads the prompts; live: the configured model.")
    ] = Mode.MOCK,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the run (default: runs/<time>-<suite>); one that was killed goes on."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    filter_failing: Annotated[
        Path | None, typer.Option(help="Only the cases that failed in this run.")
    ] = None,
    retry_errors: Annotated[
        Path | None, typer.Option(help="Only the cases that crashed in this run.")
    ] = None,
    max_usd: Annotated[
        float | None, typer.Option(min=0, help="The most that the run may cost (live).")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="Repeat each case with so many seeds (live: 3 or more).")
    ] = None,
    candidates: Annotated[
        Candidates, typer.Option(help="model: a model plays the candidates too (live: one more cost).")
    ] = Candidates.SCRIPTED,
    candidate_model: Annotated[
        str, typer.Option(help="Name of the model that plays the candidates (default: BOT_MODEL).")
    ] = "",
    against: Annotated[bool, typer.Option(help="Compare with the accepted baseline.")] = True,
    exact: Annotated[
        bool,
        typer.Option(
            help="Fail when anything at all differs from the baseline (for a change that must change nothing)."
        ),
    ] = False,
) -> None:
    """Run a suite; resumes when the folder holds cases already."""
    from eval.runner import load_suite

    found = load_suite(suite)
    if seeds is not None:
        found = found.model_copy(update={"seeds": tuple(range(1, seeds + 1))})
    if max_usd is not None and mode is not Mode.LIVE:
        raise InvalidSuite(f"--max-usd is for live runs; {mode.value} mode costs nothing")
    only = _only(filter_failing, retry_errors)
    order = _Order(
        suite=found,
        mode=mode,
        folder=out or Path("runs") / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{found.id}",
        workers=workers,
        source=_source(found, mode, candidates, candidate_model),
        only=only,
        max_usd=max_usd,
        compared=against and only is None and seeds is None,
        exact=exact,
    )
    raise typer.Exit(_carry_out(order))


def _only(failing: Path | None, errors: Path | None) -> set[str] | None:
    folder, outcome = (failing, "fail") if failing is not None else (errors, "error")
    if folder is None:
        return None
    if not (folder / "cases.jsonl").exists():
        raise InvalidSuite(f"{folder} holds no run: there is no cases.jsonl in it")
    return {c.id for c in read_cases(folder) if c.outcome == outcome}


def _source(suite: Suite, mode: Mode, candidates: Candidates, candidate_model: str) -> Source:
    from eval.cassettes import read_cassettes

    acted = candidates is Candidates.MODEL
    if mode is Mode.REPLAY:
        if acted:
            raise InvalidSuite(
                "cassettes hold scripted candidates; --candidates model is for mock and live mode"
            )
        return Source(cassettes=read_cassettes(suite.id))
    if mode is Mode.MOCK:
        return Source(actor=acted)
    settings = _live_settings()
    actor = replace(settings, model=candidate_model or settings.model) if acted else None
    return Source(live=settings, actor=acted, actor_live=actor)


def _live_settings() -> Settings:
    from bot.settings import load_settings

    settings = load_settings()
    if not settings.has_model:
        raise InvalidSuite("live mode needs a model: set OPENAI_API_KEY, or BOT_MODEL and OPENAI_BASE_URL")
    return settings


def _bank() -> Bank:
    from bot.bank import load_bank
    from bot.resources import corpus_dir, prompts_dir

    bank = load_bank(prompts_dir(), corpus_dir())
    if bank.problems:
        raise InvalidSuite(f"the bank has a broken file: {bank.problems[0]}")
    return bank


def _carry_out(order: _Order) -> int:
    """Play what is missing, judge the whole, write the reports; the exit code."""
    from eval import report
    from eval.runner import expand, stamp
    from eval.runs import claim, write_suite
    from eval.summary import summarise

    bank = _bank()
    marks = stamp(order.mode.value, bank, order.suite, order.source)
    claim(order.folder, marks)
    write_suite(order.folder, order.suite)
    every = expand(order.suite, bank)
    specs = [s for s in every if order.only is None or s.id in order.only]
    if not specs and order.only is not None:
        raise InvalidSuite(f"that run has no such case of the suite {order.suite.id!r}: nothing to do")
    before = {c.id: c for c in read_cases(order.folder)}
    started = time.monotonic()
    costs = [c.usd + c.candidate_usd for c in before.values()]
    left = None if order.max_usd is None else order.max_usd - sum(costs)
    todo = [s for s in specs if s.id not in before]
    if left is not None and left <= max(costs, default=0.0):
        todo = []  # going on after a kill does not begin with a full purse
    played = _play(order, todo, left)
    seconds = time.monotonic() - started
    by_id = before | {c.id: c for c in played}
    whole = [by_id[s.id] for s in specs if s.id in by_id]
    result = summarise(order.suite, order.mode.value, order.folder.name, marks, whole)
    result.planned, result.seconds = len(every), round(seconds, 2)
    if len(whole) < len(specs) and order.max_usd is not None:
        result.verdict = BUDGET
        result.why = [
            f"the budget of {order.max_usd:g} USD ended the run after {len(whole)} of {len(specs)} cases"
        ]
    found = _against_baseline(order, result, whole)
    write_run(order.folder, result)
    report.write(order.folder, order.suite, result, whole, found)
    _print(result, order.folder, whole, len(played), seconds)
    if found is not None:
        typer.echo(
            "Against the baseline: "
            + (found.text() if found.changed else "no case got worse, nothing else changed.")
        )
    return result.verdict


def _play(order: _Order, todo: Sequence[CaseSpec], max_usd: float | None) -> list[CaseResult]:
    """Play cases and keep each as it comes."""
    from bot.cli_knowledge import bars
    from eval.runner import run_cases
    from eval.runs import append_case

    results: list[CaseResult] = []
    cases = run_cases(
        order.suite,
        todo,
        workers=order.workers,
        source=order.source,
        max_usd=max_usd,
        folder=order.folder,
    )
    with bars(quiet=False) as progress:
        for result in cases if todo else ():
            append_case(order.folder, result)
            results.append(result)
            progress("rounds", len(results), len(todo))
    return results


def _against_baseline(order: _Order, result: Run, cases: Sequence[CaseResult]) -> Difference | None:
    """The difference from the accepted run; a regression fails a run that had passed."""
    from eval.compare import baseline_of, difference

    baseline = baseline_of(result.suite, result.mode, str(result.stamp["models"]))
    if not order.compared or result.verdict == BUDGET or not (baseline / "run.json").exists():
        return None
    found = difference(read_run(baseline), read_cases(baseline), result, cases)
    if result.verdict == PASS and (found.regressed or (order.exact and found.changed)):
        result.verdict = FAIL
        what = f"{len(found.worse)} cases got worse, {len(found.missing)} are missing"
        result.why.append(
            f"against the baseline: {what if found.regressed else 'something changed (--exact)'}"
        )
    return found


def _print(result: Run, folder: Path, cases: Sequence[CaseResult], played: int, seconds: float) -> None:
    from eval.intervals import pass_all

    for name, (mean, n, failed) in result.means.items():
        shown = "  -  " if mean is None else f"{mean:.3f}"
        typer.echo(f"{name:28} {shown}   n={n}" + (f"   below 1 in {failed}" if failed else ""))
    for why in result.why:
        typer.echo(f"NOT PASSED: {why}")
    if (again := pass_all(cases)) is not None:
        typer.echo(f"passed in all of {again[1]} repeats: {again[0]:.1%} of the cases")
    if result.doubted:
        typer.echo(
            f"{result.doubted} simulated candidates were not what they claim (see the doubts in the report)"
        )
    if result.calls:
        sent = f", {result.prompt_chars / result.calls:,.0f} characters each" if result.prompt_chars else ""
        acted = f" and {result.candidate_usd:.4f} for candidates" if result.candidate_usd else ""
        typer.echo(
            f"{result.calls / max(1, result.cases):.1f} model calls a round{sent}, {result.usd:.4f} USD in all{acted}"
        )
    rate = f", {60 * played / seconds:.0f} rounds a minute" if played and seconds else ""
    old = f" ({result.cases - played} of them from before)" if played < result.cases else ""
    typer.echo(
        f"{result.cases} rounds{old}, {result.errors} errors, {seconds:.1f} s{rate}. Report: {folder}/report.html"
    )


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(help="Folder of a run.")],
    after: Annotated[Path, typer.Argument(help="Folder of a later run.")],
) -> None:
    """What changed between two runs, what got worse first."""
    from eval.compare import compare

    found = compare(before, after)
    typer.echo(found.text())
    raise typer.Exit(FAIL if found.regressed else 0)


@app.command()
def accept(
    run_folder: Annotated[Path, typer.Argument(help="Folder of the run.")],
    reason: Annotated[str, typer.Option(help="Why this is the new baseline.")] = "",
) -> None:
    """Make a run the baseline; the reason and what got worse go into eval/LOG.md."""
    from eval.compare import accept as take

    typer.echo(take(run_folder, reason))


@app.command()
def rescore(
    stored: Annotated[Path, typer.Argument(help="Folder of a run, or the JSON export of a session.")],
    suite: Annotated[
        str, typer.Option(help="Whose metrics and gates (default: the run's own suite, as it is today).")
    ] = "",
) -> None:
    """Take today's metrics on stored logs and write summary and report anew; plays nothing, asks no model."""
    from eval import report
    from eval.rescore import rescore_run, rescore_session

    if stored.is_file():
        case = rescore_session(stored, suite or "ci", _bank())
        for measure in case.measures:
            shown = "  -  " if measure.value is None else f"{measure.value:.3f}"
            typer.echo(
                f"{measure.metric:28} {shown}" + (f"   {'; '.join(measure.why)}" if measure.why else "")
            )
        raise typer.Exit(FAIL if case.outcome == "fail" else PASS)
    chosen, result, cases, kept = rescore_run(stored, suite, _bank())
    write_run(stored, result)
    report.write(stored, chosen, result, cases)
    _print(result, stored, cases, 0, 0.0)
    if kept:
        typer.echo(f"{kept} cases have no log and keep the measures that they had")
    raise typer.Exit(result.verdict)


@app.command(name="report")
def write_report(
    run_folder: Annotated[Path, typer.Argument(help="Folder of a run.")],
    against: Annotated[
        Path | None, typer.Option(help="Folder of the run that it is compared with (default: the baseline).")
    ] = None,
) -> None:
    """Write report.html and junit.xml of a run anew."""
    from eval import report
    from eval.compare import baseline_of, compare

    old = read_run(run_folder)
    other = against or baseline_of(old.suite, old.mode, str(old.stamp.get("models", "")))
    found = compare(other, run_folder) if against or (other / "run.json").exists() else None
    report.write(run_folder, read_suite(run_folder), old, read_cases(run_folder), found)
    typer.echo(f"{run_folder}/report.html")


@app.command()
def record(
    suite: Annotated[str, typer.Argument(help="Name of a suite whose interviewer or judge is a model.")],
    workers: Annotated[int, typer.Option(help="Processes.")] = 1,
    max_usd: Annotated[float | None, typer.Option(help="The most that it may cost.")] = None,
    stand_in: Annotated[
        bool, typer.Option(help="Record the local stand-in server instead: free, and no model.")
    ] = False,
) -> None:
    """Play a suite with the configured model, keep what it said, and replay it as a proof. Nothing else ever records."""
    from eval.record import from_stand_in
    from eval.record import record as keep

    if stand_in:
        typer.echo(from_stand_in(suite))
    else:
        typer.echo(keep(suite, _live_settings(), workers=workers, max_usd=max_usd))


@app.command()
def selfcheck() -> None:
    """Plant a bug for every metric; fails when one goes unnoticed."""
    from eval.selfcheck import search_check, uncovered
    from eval.selfcheck import selfcheck as check_all

    checks = check_all(
        _bank(),
        lambda c: typer.echo(
            f"{'caught' if c.caught else 'MISSED':7} {c.bug:20} {c.metric:26} {c.clean} -> {c.planted}"
        ),
    )
    checks.append(found := search_check())
    typer.echo(
        f"{'caught' if found.caught else 'MISSED':7} {found.bug:20} {found.metric:26} "
        f"{found.clean:.2f} -> {found.planted:.2f}"
    )
    for metric in sorted(uncovered()):
        typer.echo(f"MISSED  no bug is planted for {metric}")
    caught = sum(c.caught for c in checks)
    typer.echo(f"{caught} of {len(checks)} planted bugs caught; {len(uncovered())} metrics without one")
    raise typer.Exit(FAIL if uncovered() or caught < len(checks) else PASS)


@app.command(name="audit")
def audit_candidates() -> None:
    """Whether the answers that simulated candidates start from contain what their levels claim."""
    from eval.audit import audit_bank, render

    found = audit_bank(_bank())
    typer.echo(render(found))
    raise typer.Exit(0 if all(a.holds for a in found) else FAIL)


_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.command(context_settings=_PASS_ON)
def retrieval(context: typer.Context) -> None:
    """How well articles are found, against floors; with arguments, the whole table (see docs/retrieval.md)."""
    from eval.retrieval.__main__ import main
    from eval.search import FLOORS, ask_all, below, figures

    if context.args:
        raise typer.Exit(main(context.args))
    found = figures(ask_all())
    for name, value in found.items():
        typer.echo(f"{name:10} {value:.3f}   at least {FLOORS[name]}")
    for name in below(found):
        typer.echo(f"NOT PASSED: {name} is {found[name]:.3f}, the gate wants at least {FLOORS[name]}")
    raise typer.Exit(FAIL if below(found) else 0)


@app.command()
def invariances() -> None:
    """How much the offline verdict of each reference answer changes when the same answer is given in another form."""
    from eval.invariances import measure, render, violations

    found = measure(_bank())
    typer.echo(render(found))
    raise typer.Exit(FAIL if violations(found) else PASS)


@app.command()
def cost() -> None:
    """Sizes of the prompts of a fixed interview, what a cache can reuse, and what a round costs with the shipped prices."""
    from bot.interview.measure import main

    main([])


@app.command()
def schemas() -> None:
    """Write the JSON Schemas of suites and personas, for editors."""
    from eval.schemas import write_schemas

    for path in write_schemas():
        typer.echo(f"wrote {path.name}")


@app.command(context_settings=_PASS_ON)
def validity(context: typer.Context) -> None:
    """How near the offline scores are to people's (see docs/validity.md)."""
    from eval.validity import main

    raise typer.Exit(main(context.args) or 0)


@app.command(context_settings=_PASS_ON)
def strangers(context: typer.Context) -> None:
    """What the offline judge makes of answers by people who never saw the accepted wordings."""
    from eval.strangers import main

    raise typer.Exit(main(context.args) or 0)


@app.command(context_settings=_PASS_ON)
def attacks(context: typer.Context) -> None:
    """What happens to the offline score when an answer is dressed up instead of being better."""
    from eval.attacks import main

    raise typer.Exit(main(context.args) or 0)


def entry() -> None:
    """Run the command line; an invalid suite is one line and exit code 2."""
    try:
        app()
    except InvalidSuite as problem:
        typer.echo(f"eval: {problem}", err=True)
        sys.exit(INVALID)
    except BrokenExecutor:
        typer.echo(
            "eval: a worker died; the same command with --out and this run's folder goes on from there",
            err=True,
        )
        sys.exit(INCONCLUSIVE)


if __name__ == "__main__":
    entry()
