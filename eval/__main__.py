"""`python -m eval ...` (the same as `mock-interview eval ...`): run suites, compare, accept, check the checks.

Parses arguments and prints; everything else is in the modules beside it. Exit codes: 0 pass, 1 gate or regression, 2 invalid,
3 inconclusive, 4 budget.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.parts import MOCK, Source
from eval.runner import BUDGET, FAIL, INCONCLUSIVE, INVALID, Run, append_case, run_cases
from eval.values import CaseResult, CaseSpec, InvalidSuite, Suite

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    no_args_is_help=True, help="Offline evals: no key, no network, no cost.", pretty_exceptions_enable=False
)


class Mode(StrEnum):
    """Where the model's words come from."""

    MOCK = "mock"
    REPLAY = "replay"
    LIVE = "live"


@app.command()
def run(
    suite: Annotated[str, typer.Argument(help="Name of a suite in eval/suites, or a file.")] = "ci",
    mode: Annotated[
        Mode, typer.Option(help="mock: a double that reads the prompts; live: the configured model.")
    ] = Mode.MOCK,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the run (default: runs/<time>-<suite>).")
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes.")] = 2,
    filter_failing: Annotated[
        Path | None, typer.Option(help="Only the cases that failed in this run.")
    ] = None,
    retry_errors: Annotated[
        Path | None, typer.Option(help="Only the cases that crashed in this run.")
    ] = None,
    max_usd: Annotated[float | None, typer.Option(help="Stop when this much is spent (live).")] = None,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="Repeat each case with so many seeds (live: 3 or more).")
    ] = None,
    against: Annotated[bool, typer.Option(help="Compare with the accepted baseline.")] = True,
) -> None:
    """Run a suite; resumes when the folder holds cases already."""
    from eval.compare import baseline_of, compare
    from eval.runner import read_run

    folder = out or Path("runs") / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{suite.replace('/', '-')}"
    verdict = _run(suite, mode, folder, workers, _only(filter_failing, retry_errors), max_usd, seeds)
    done = read_run(folder)
    baseline = baseline_of(done.suite, done.mode, str(done.stamp.get("models", "")))
    partial = filter_failing or retry_errors or seeds or verdict == BUDGET
    if against and not partial and (baseline / "run.json").exists():
        found = compare(baseline, folder)
        typer.echo(
            found.text() if found.regressed or found.means else "No case got worse against the baseline."
        )
        if found.regressed and verdict == 0:
            verdict = FAIL
    raise typer.Exit(verdict)


def _only(failing: Path | None, errors: Path | None) -> set[str] | None:
    from eval.runner import read_cases

    if failing is not None:
        return {c.id for c in read_cases(failing) if c.outcome == "fail"}
    if errors is not None:
        return {c.id for c in read_cases(errors) if c.outcome == "error"}
    return None


def _run(
    name: str,
    mode: Mode,
    folder: Path,
    workers: int,
    only: set[str] | None,
    max_usd: float | None,
    seeds: int | None = None,
) -> int:
    from bot.bank import load_bank
    from bot.cli_knowledge import bars
    from bot.resources import corpus_dir, prompts_dir
    from eval import report
    from eval.intervals import pass_all
    from eval.runner import (
        claim,
        expand,
        load_suite,
        read_cases,
        stamp,
        summarise,
        write_run,
    )

    suite = load_suite(name)
    if seeds is not None:
        suite = suite.model_copy(update={"seeds": tuple(range(1, seeds + 1))})
    source = _source(suite, mode)
    bank = load_bank(prompts_dir(), corpus_dir())
    if bank.problems:
        raise InvalidSuite(f"the bank has a broken file: {bank.problems[0]}")
    marks = stamp(mode.value, bank, suite, source)
    claim(folder, marks)
    specs = [s for s in expand(suite, bank) if only is None or s.id in only]
    before = {c.id: c for c in read_cases(folder)}
    todo = [s for s in specs if s.id not in before]
    started = time.monotonic()
    with bars(quiet=False) as progress:
        results = _collect(
            suite, todo, folder, workers=workers, source=source, max_usd=max_usd, progress=progress
        )
    whole = [*before.values(), *results]
    result = summarise(suite, mode.value, folder.name, marks, whole)
    result.seconds = round(time.monotonic() - started, 2)
    if len(whole) < len(specs) and max_usd is not None:
        result.verdict, result.why = (
            BUDGET,
            [f"the budget of {max_usd:g} USD ended the run after {len(whole)} cases"],
        )
    write_run(folder, result)
    report.write(folder, suite, result, whole)
    if (again := pass_all(whole)) is not None:
        typer.echo(f"passed in all of {again[1]} repeats: {again[0]:.1%} of the cases")
    _print(result, folder)
    return result.verdict


def _collect(
    suite: Suite,
    todo: Sequence[CaseSpec],
    folder: Path,
    *,
    workers: int,
    source: Source,
    max_usd: float | None,
    progress: Callable[[str, int, int], None],
) -> list[CaseResult]:
    results: list[CaseResult] = []
    for result in run_cases(suite, todo, workers=workers, source=source, max_usd=max_usd):
        append_case(folder, result)
        results.append(result)
        progress("rounds", len(results), len(todo))
    return results


def _source(suite: Suite, mode: Mode) -> Source:
    from eval.cassettes import read_cassettes

    if mode is Mode.REPLAY:
        return Source(cassettes=read_cassettes(suite.id))
    return Source(live=_live_settings()) if mode is Mode.LIVE else MOCK


def _live_settings() -> Settings:
    from bot.settings import load_settings

    settings = load_settings()
    if not settings.has_model:
        raise InvalidSuite("live mode needs a model: set OPENAI_API_KEY, or BOT_MODEL and OPENAI_BASE_URL")
    return settings


def _print(result: Run, folder: Path) -> None:
    for name, (mean, n, failed) in result.means.items():
        shown = "  -  " if mean is None else f"{mean:.3f}"
        typer.echo(
            f"{name:28} {shown}   n={n}" + (f"   below 1 in {failed}" if failed and mean and mean < 1 else "")
        )
    for why in result.why:
        typer.echo(f"NOT PASSED: {why}")
    if result.doubted:
        typer.echo(
            f"{result.doubted} simulated candidates were not what they claim (see `doubts` in the report)"
        )
    if result.calls:
        sent = f", {result.prompt_chars / result.calls:,.0f} characters each" if result.prompt_chars else ""
        typer.echo(
            f"{result.calls / max(1, result.cases):.1f} model calls a round{sent}, {result.usd:.4f} USD in all"
        )
    rate = f", {60 * result.cases / result.seconds:.0f} rounds a minute" if result.seconds else ""
    typer.echo(
        f"{result.cases} rounds, {result.errors} errors, {result.seconds:.1f} s{rate}. Report: {folder}/report.html"
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
    run_folder: Annotated[Path, typer.Argument(help="Folder of a run.")],
) -> None:
    """Read the stored cases again and write summary and report anew (after a change of gates or of the report)."""
    from eval import report
    from eval.runner import load_suite, read_cases, read_run, summarise, write_run

    old = read_run(run_folder)
    suite, cases = load_suite(old.suite), read_cases(run_folder)
    result = summarise(suite, old.mode, old.id, old.stamp, cases)
    write_run(run_folder, result)
    report.write(run_folder, suite, result, cases)
    _print(result, run_folder)
    raise typer.Exit(result.verdict)


@app.command(name="report")
def write_report(run_folder: Annotated[Path, typer.Argument(help="Folder of a run.")]) -> None:
    """Write report.html and junit.xml of a run anew."""
    from eval import report
    from eval.runner import load_suite, read_cases, read_run

    old = read_run(run_folder)
    report.write(run_folder, load_suite(old.suite), old, read_cases(run_folder))
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
    from bot.bank import load_bank
    from bot.resources import corpus_dir, prompts_dir
    from eval.selfcheck import search_check, uncovered
    from eval.selfcheck import selfcheck as check_all

    bank = load_bank(prompts_dir(), corpus_dir())
    checks = check_all(
        bank,
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
    raise typer.Exit(FAIL if uncovered() or not all(c.caught for c in checks) else 0)


@app.command(name="audit")
def audit_candidates() -> None:
    """Whether the answers that simulated candidates start from contain what their levels claim."""
    from bot.bank import load_bank
    from bot.resources import corpus_dir, prompts_dir
    from eval.audit import audit_bank, render

    found = audit_bank(load_bank(prompts_dir(), corpus_dir()))
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
