"""Runs one submission against one problem and decides: the trusted side of a coding round.

The child gets the source, the entry's name and one case's inputs at a time; expected values, checkers and the
number of cases stay here. Visible, hidden and own cases run in different processes. Values are decoded
strictly (`cell`, `wire`), compared (`verdicts`) against our own copies, and timed by our own clock. Property
checkers, generators and the reference also run in sandboxed processes, in which candidate code never was.

Synchronous and thread-safe; `runner` gives it an async face and a queue. Knows nothing about sessions.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.coding import messages, wire
from bot.coding.cases import (
    Prepared,
    Trial,
    broken,
    case_args,
    expected_text,
    generated_args,
    merge_raised,
    own_args,
    own_prediction,
    show_args,
    shown,
    traceback_text,
)
from bot.coding.cell import LOAD_S, Cell, Result, cells, helper_message, load_message
from bot.coding.engines.base import Engine
from bot.coding.report import TEXT, CaseReport, HiddenReport, OwnCase, OwnReport, Report, Scope
from bot.coding.syntax import forbidden_names
from bot.coding.verdicts import decide, fits_prediction
from bot.domain.problem import BadValue, Problem, Raised, Verdict, decode_value
from bot.errors import SandboxError

REFERENCE_S = 30.0
GROUP_S = 40.0
MAX_OWN = 10
MAX_PREPARED = 64
CHECKER_S = 10.0
#: exceptions with which a reference may answer a case that has no `raises`: part of many contracts
_CONTRACT_ERRORS = frozenset({"ValueError", "KeyError", "IndexError", "LookupError", "ZeroDivisionError"})


class Judge:
    """Verdicts from one engine. Keeps what it prepared, by problem digest."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._prepared: dict[str, Prepared] = {}
        self._lock = threading.Lock()

    # -- preparing

    def prepare(self, problem: Problem) -> Prepared:
        """Make the generated cases and run the reference. Cached. Raises `BrokenProblem`, `SandboxError`."""
        key = problem.digest
        with self._lock:
            ready = self._prepared.get(key)
        if ready is None:
            ready = self._prepare(problem)
            with self._lock:
                if len(self._prepared) >= MAX_PREPARED:
                    self._prepared.pop(next(iter(self._prepared)))
                self._prepared[key] = ready
        return ready

    def cell(self, problem: Problem, load: dict[str, Any]) -> Cell:
        """A process for this problem's limits and needs, not started yet."""
        return Cell(self.engine, load, problem.limits.memory_mb, frozenset(problem.needs))

    def _prepare(self, problem: Problem) -> Prepared:
        reference = self.cell(problem, load_message(problem, problem.reference))
        with cells(reference):
            reference.start()
            trials = [*self._written(problem), *self._generated(problem)]
            loaded = reference.ready(REFERENCE_S)
            if loaded.verdict is not Verdict.ACCEPTED or loaded.value is not None:
                raise broken(problem, "the reference does not load", loaded)
            done = [self._measured(problem, reference, trial) for trial in trials]
        return Prepared(problem, tuple(done))

    def _measured(self, problem: Problem, reference: Cell, trial: Trial) -> Trial:
        result = reference.ask(trial.args, trial.driver, REFERENCE_S)
        value, ok = result.value, result.verdict is Verdict.ACCEPTED
        if ok and problem.kind == "class_ops" and not trial.driver:
            value = merge_raised(result)
        if result.verdict is Verdict.ERROR and result.names:
            value, ok = Raised(result.names[0]), True
        if not ok:
            raise broken(problem, f"the reference fails on case {trial.name!r}", result)
        if not trial.authored:
            if isinstance(value, Raised) and not _CONTRACT_ERRORS & set(result.names):
                raise broken(problem, f"the reference fails on case {trial.name!r}", result)
            trial = replace(trial, expected=value)
        limits = problem.limits
        limit = min(limits.ceiling_s, max(limits.floor_s, limits.factor * result.cpu_s))
        return replace(trial, limit_s=limit, reference_s=result.cpu_s, from_reference=value)

    def _written(self, problem: Problem) -> Iterator[Trial]:
        for visible, cases in ((True, problem.visible), (False, problem.hidden)):
            for case in cases:
                expected: Any = None
                if case.has_expect:
                    expected = decode_value(case.expect)
                elif case.raises:
                    expected = Raised(case.raises)
                yield Trial(
                    name=case.name,
                    args=case_args(problem, case),
                    expected=expected,
                    check=case.check or problem.check,
                    driver=case.driver or "",
                    visible=visible,
                    authored=case.has_expect or case.raises is not None,
                )

    def _generated(self, problem: Problem) -> Iterator[Trial]:
        for group in problem.generated:
            seeds = [(f"{group.seed}/{i}", i) for i in range(group.count)]
            made = self.generate(problem, group.code, seeds, group.driver or "")
            for i, args in enumerate(made):
                yield Trial(
                    name=f"{group.name} {i + 1}" if group.count > 1 else group.name,
                    args=args,
                    expected=None,
                    check=group.check or problem.check,
                    driver=group.driver or "",
                    visible=group.visible,
                    authored=False,
                )

    def generate(
        self, problem: Problem, code: str, seeds: Sequence[tuple[str, int]], driver: str = ""
    ) -> list[list[Any]]:
        """Run a generator in a process of its own: one list of arguments for each (seed, i)."""
        cell = self.cell(problem, helper_message(code, "generate", WITH_RNG))
        made = []
        with cells(cell):
            loaded = cell.ready(REFERENCE_S)
            if loaded.verdict is not Verdict.ACCEPTED or loaded.value is not None:
                raise broken(problem, "a generator does not load", loaded)
            for seed, i in seeds:
                result = cell.ask([seed, i], "with_rng", REFERENCE_S)
                if result.verdict is not Verdict.ACCEPTED:
                    raise broken(problem, f"a generator fails for i or n = {i}", result)
                made.append(generated_args(problem, result.value, driver))
        return made

    # -- judging

    def run(
        self,
        source: str,
        problem: Problem,
        scope: Scope = "visible",
        own_cases: Sequence[OwnCase] = (),
        *,
        until: Verdict | None = None,
    ) -> Report:
        """Judge one submission. Raises `SandboxError` only when no verdict can be reached through our fault.

        `until` ends it at the first case with that verdict: for who only asks whether there is one.
        """
        start = time.perf_counter()
        refused = messages.source_problem(source)
        text = source if isinstance(source, str) else ""
        head: dict[str, Any] = {
            "problem": problem.id,
            "digest": problem.digest,
            "source_sha256": sha256(text),
            "scope": scope,
            "engine": self.engine.info.name,
            "python": self.engine.info.python,
        }
        if refused:
            return Report(**head, verdict=Verdict.ERROR, note=refused)
        return self._run(start, head, source, problem, scope, own_cases, until)

    def _run(
        self,
        start: float,
        head: dict[str, Any],
        source: str,
        problem: Problem,
        scope: Scope,
        own_cases: Sequence[OwnCase],
        until: Verdict | None,
    ) -> Report:
        load = load_message(problem, source)
        visible, hidden, own = (self.cell(problem, load) for _ in range(3))
        checkers = _Checkers(self, problem)
        with cells(visible, hidden, own), checkers:
            visible.start()
            prepared = self.prepare(problem)
            loaded = visible.ready()
            head |= {"stdout": loaded.stdout, "forbidden": forbidden_names(source, problem.forbid)}
            if (bad := load_problem(problem, loaded)) is not None:
                return Report(**head, **bad, ms=_ms(start))
            if scope == "all":
                hidden.start()
            reports = self._visible(problem, visible, prepared.group(True), checkers, until)
            own_reports = self._own(problem, own, own_cases)
            # time and memory of the hidden process are not reported: code could write hidden inputs into them
            spent = _ms(start)
            visible.close()
            own.close()  # nothing that is shown runs beside the hidden cases
            peak = visible.peak_mb
            summary = None
            if scope == "all" and (hopeless(reports) or until in {case.verdict for case in reports}):
                total = len(prepared.group(False))
                summary = HiddenReport(total=total, passed=0, first_failure=Verdict.NOT_RUN)
            elif scope == "all":
                summary = self._hidden(problem, hidden, prepared.group(False), checkers, until)
        verdict = next((case.verdict for case in reports if not case.passed), Verdict.ACCEPTED)
        if verdict is Verdict.ACCEPTED and summary is not None and summary.first_failure is not None:
            verdict = summary.first_failure
        return Report(
            **head,
            verdict=verdict,
            visible=tuple(reports),
            own=tuple(own_reports),
            hidden=summary,
            ms=spent,
            peak_mb=round(peak, 1),
        )

    def _visible(
        self,
        problem: Problem,
        cell: Cell,
        trials: Sequence[Trial],
        checkers: _Checkers,
        until: Verdict | None,
    ) -> list[CaseReport]:
        reports = []
        for trial, result, verdict, note in self._group(problem, cell, trials, checkers, until):
            got = shown(problem, result.value) if result.verdict is Verdict.ACCEPTED else ""
            reports.append(
                CaseReport(
                    name=trial.name,
                    verdict=verdict,
                    args=show_args(problem, trial.args),
                    expected=expected_text(problem, trial),
                    got=got,
                    note=note,
                    error=traceback_text(result),
                    line=result.line,
                    stdout=result.stdout + messages.lost(result.lost),
                    lost_chars=result.lost,
                    ms=round(result.cpu_s * 1000, 3),
                )
            )
        return reports

    def _hidden(
        self,
        problem: Problem,
        cell: Cell,
        trials: Sequence[Trial],
        checkers: _Checkers,
        until: Verdict | None,
    ) -> HiddenReport:
        loaded = cell.ready()
        if loaded.verdict is Verdict.ENGINE:
            load_problem(problem, loaded)
        if loaded.verdict is not Verdict.ACCEPTED or loaded.value is not None:
            # loaded in the visible process but not here: whatever it is, nothing passed
            return HiddenReport(total=len(trials), passed=0, first_failure=Verdict.ERROR)
        verdicts = [verdict for _, _, verdict, _ in self._group(problem, cell, trials, checkers, until)]
        return HiddenReport(
            total=len(trials),
            passed=sum(verdict is Verdict.ACCEPTED for verdict in verdicts),
            first_failure=next((v for v in verdicts if v is not Verdict.ACCEPTED), None),
        )

    def _group(
        self,
        problem: Problem,
        cell: Cell,
        trials: Sequence[Trial],
        checkers: _Checkers,
        until: Verdict | None,
    ) -> list[tuple[Trial, Result, Verdict, str]]:
        """Run a group in its process; every trial gets an entry, in order."""
        deadline = time.monotonic() + GROUP_S
        done: list[tuple[Trial, Result, Verdict, str]] = []
        for trial in trials:
            over = until is not None and any(verdict is until for _, _, verdict, _ in done)
            if over or time.monotonic() > deadline or not cell.alive():
                result = Result(Verdict.NOT_RUN)
            else:
                result = cell.ask(trial.args, trial.driver, trial.limit_s)
            verdict, note, result = decide(problem, trial, result, checkers)
            done.append((trial, result, verdict, note))
        if cell.spoke_out_of_turn() and done:
            trial, result, _, _ = done[-1]
            note = messages.failure(problem, Verdict.PROTOCOL, (), "", False, 0)
            done[-1] = (trial, result, Verdict.PROTOCOL, note)
        return done

    # -- own cases

    def _own(self, problem: Problem, cell: Cell, own_cases: Sequence[OwnCase]) -> list[OwnReport]:
        reports = []
        for case in own_cases[:MAX_OWN]:
            typed: dict[str, Any] = {
                "args": wire.clean(case.args, TEXT),
                "predicted": wire.clean(case.predicted, TEXT),
            }
            try:
                args = own_args(problem, case.args)
                predicted = own_prediction(problem, case.predicted)
            except BadValue as exc:
                note = wire.clean(f"This case cannot be read: {exc}.", TEXT)
                reports.append(OwnReport(**typed, verdict=Verdict.NOT_RUN, note=note))
                continue
            ready = cell.ready()
            if ready.verdict is not Verdict.ACCEPTED or not cell.alive():
                result = Result(Verdict.NOT_RUN)
            else:
                result = cell.ask(args, "", max(problem.limits.floor_s, 1.0))
            reports.append(self._own_report(problem, typed, predicted, result))
        return reports

    @staticmethod
    def _own_report(
        problem: Problem, typed: dict[str, Any], predicted: tuple[Any] | None, result: Result
    ) -> OwnReport:
        value = merge_raised(result) if problem.kind == "class_ops" else result.value
        ran = result.verdict is Verdict.ACCEPTED
        raised = result.verdict is Verdict.ERROR and bool(result.names)
        agrees = None
        if predicted is not None and isinstance(predicted[0], Raised):
            agrees = raised and predicted[0].name in result.names
        elif predicted is not None and ran:
            agrees = fits_prediction(problem, value, predicted[0])
        elif predicted is not None:
            agrees = False
        note = "" if ran else messages.failure(
            problem, result.verdict, result.names, result.message, bool(result.trace), 1.0
        )  # fmt: skip
        return OwnReport(
            **typed,
            verdict=result.verdict,
            agrees=agrees,
            got=shown(problem, value) if ran else "",
            note=note,
            error=traceback_text(result),
            line=result.line,
            stdout=result.stdout + messages.lost(result.lost),
        )


class _Checkers:
    """Property checkers of one run, each snippet in a process of its own that never saw candidate code."""

    def __init__(self, judge: Judge, problem: Problem) -> None:
        self.judge, self.problem = judge, problem
        self._cells: dict[str, Cell] = {}

    def __enter__(self) -> _Checkers:
        return self

    def __exit__(self, *exc: object) -> None:
        for cell in self._cells.values():
            cell.close()

    def check(self, trial: Trial, value: Any) -> tuple[Verdict, str]:
        """Run the property on data: the case's inputs, the claimed value, the expected one."""
        code = trial.check.code or self.problem.properties[trial.check.name or ""]
        cell = self._cells.get(code)
        if cell is None:
            cell = self.judge.cell(self.problem, helper_message(code, "check"))
            self._cells[code] = cell
            loaded = cell.ready(CHECKER_S)
            if loaded.verdict is not Verdict.ACCEPTED or loaded.value is not None:
                raise broken(self.problem, "a property does not load", loaded)
        if not cell.alive():
            return Verdict.WRONG, "The result could not be checked: it made the checker fail repeatedly."
        args = [tuple(trial.args), _plain(value), _plain(trial.expected)]
        result = cell.ask(args, "", CHECKER_S)
        if result.verdict is not Verdict.ACCEPTED:
            # a value of an unforeseen shape; authors see it in the check of the bank
            return Verdict.WRONG, "The result does not have the form that the contract asks for."
        if result.value is True:
            return Verdict.ACCEPTED, ""
        note = result.value if isinstance(result.value, str) else ""
        return Verdict.WRONG, wire.clean(note, TEXT) or "The result does not have the required property."


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {"raised": value.name} if isinstance(value, Raised) else value


WITH_RNG = """
def drive(generate, seed, i):
    import random
    return generate(random.Random(seed), i)
"""


def load_problem(problem: Problem, loaded: Result) -> dict[str, Any] | None:
    """Fields of a report for a source that does not load, or None when it does."""
    if loaded.verdict is Verdict.ENGINE:
        raise SandboxError(
            f"The sandbox could not start: {loaded.message}.",
            hint="Run again; if it stays, see docs/security.md, section Engines.",
        )
    if loaded.verdict is Verdict.ACCEPTED:
        if loaded.value is None:
            return None
        found = loaded.value if isinstance(loaded.value, list) else []
        return {"verdict": Verdict.ERROR, "note": messages.missing_entry(problem, found)}
    own = bool(loaded.trace)
    return {
        "verdict": loaded.verdict,
        "note": messages.failure(problem, loaded.verdict, loaded.names, loaded.message, own, LOAD_S),
        "error": traceback_text(loaded),
        "line": loaded.line,
    }


def hopeless(reports: Sequence[CaseReport]) -> bool:
    """True when no visible case passed and the process had to be stopped for time: nobody waits for more."""
    return not any(case.passed for case in reports) and any(
        case.verdict is Verdict.TIMEOUT for case in reports
    )


def sha256(text: str) -> str:
    """Identity of a source."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _ms(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 1)
