"""Runs one submission against one problem and decides: the trusted side of a coding round.

The child gets the source, the entry's name and one case's inputs at a time; expected values, checkers and the
number of cases stay here. Visible, hidden and own cases run in different processes. Values are decoded
strictly (`wire`), compared here (`compare`) against our own copies, and timed by our own clock. Property
checkers, generators and the reference also run in sandboxed processes, in which candidate code never was.

Synchronous and thread-safe; `runner` gives it an async face and a queue. Knows nothing about sessions.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.coding import compare, messages, wire
from bot.coding.engines.base import Engine
from bot.coding.process import Answer, Child
from bot.coding.report import STDOUT, TEXT, TRACE, CaseReport, HiddenReport, OwnCase, OwnReport, Report, Scope
from bot.coding.syntax import forbidden_names
from bot.domain.problem import BadValue, Case, Check, Problem, Raised, Verdict, decode_value, parse_literal
from bot.errors import SandboxError

RECURSION = 10_000
WALL_FACTOR = 2.0
WALL_EXTRA_S = 0.5  # both beside `process.PATIENCE` for a machine that has no core free
LOAD_S = 2.0
REFERENCE_S = 30.0
GROUP_S = 40.0
RESTARTS = 3  # of a group's process, after it had to be killed
TIMEOUT_RESTARTS = 1  # of these, after a timeout: who waits for an endless loop should not wait long
MAX_OWN = 10
MAX_PREPARED = 64
CHECKER_S = 10.0
#: exceptions with which a reference may answer a case that has no `raises`: part of many contracts
_CONTRACT_ERRORS = frozenset({"ValueError", "KeyError", "IndexError", "LookupError", "ZeroDivisionError"})


class BrokenProblem(SandboxError):
    """The problem itself cannot be executed: generator, checker or reference fails. An author's mistake."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A case made ready: decoded inputs, the expected result, its checker and its time limit."""

    name: str
    args: list[Any]
    expected: Any
    check: Check
    driver: str
    visible: bool
    authored: bool
    limit_s: float = 0.0
    reference_s: float = 0.0
    from_reference: Any = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A problem with all its cases made and its reference measured, for one engine."""

    problem: Problem
    trials: tuple[Trial, ...]

    def group(self, visible: bool) -> list[Trial]:
        """One group; hidden ones cheapest first, so that what is too slow fails last."""
        trials = [trial for trial in self.trials if trial.visible is visible]
        return trials if visible else sorted(trials, key=lambda trial: trial.reference_s)


@dataclass(frozen=True, slots=True)
class Result:
    """What one case came to, before anybody looks at what is expected."""

    verdict: Verdict  # ACCEPTED means: there is a value
    value: Any = None
    names: tuple[str, ...] = ()
    message: str = ""
    trace: str = ""
    line: int | None = None
    stdout: str = ""
    lost: int = 0
    cpu_s: float = 0.0
    raised: Mapping[int, Result] | None = None


# ------------------------------------------------------------------------------------------------ one child


def load_message(problem: Problem, source: str, **extra: Any) -> dict[str, Any]:
    """The first request to a child that runs candidate (or reference) code."""
    return {
        "op": "load",
        "id": None,
        "kind": problem.kind,
        "source": source,
        "entry": problem.entry,
        "drivers": problem.drivers,
        "out": STDOUT,
        "recursion": RECURSION,
        **extra,
    }


def helper_message(code: str, entry: str, driver: str = "") -> dict[str, Any]:
    """The first request to a child that runs an author's snippet (generator, property)."""
    drivers = {"with_rng": driver} if driver else {}
    return {
        "op": "load", "id": None, "kind": "function", "source": code, "entry": entry,
        "drivers": drivers, "out": 2_000, "recursion": RECURSION,
    }  # fmt: skip


def case_message(ident: int, args: Sequence[Any], driver: str, op: str = "case") -> dict[str, Any]:
    """One case's inputs, and nothing else."""
    return {"op": op, "id": ident, "args": wire.encode(list(args)), "driver": driver}


def read_result(answer: Answer) -> Result:
    """A child's answer, decoded and bounded; anything odd is `PROTOCOL`."""
    if answer.fields is None:
        return Result(answer.failure or Verdict.CRASHED, cpu_s=answer.cpu_s)
    fields = answer.fields
    try:
        status = fields["status"]
        stdout = wire.clean(fields.get("out"), STDOUT)
        lost = fields.get("lost")
        lost = min(lost, 1 << 50) if isinstance(lost, int) and not isinstance(lost, bool) and lost > 0 else 0
        base = Result(Verdict.ACCEPTED, stdout=stdout, lost=lost, cpu_s=answer.cpu_s)
        if status == "ok":
            return replace(base, value=wire.decode(fields["value"]), raised=_raised(fields.get("raised")))
        if status not in ("error", "memory", "output", "exit"):
            raise wire.BadAnswer("an unknown status")
        return replace(_described(fields.get("error"), base), verdict=Verdict(status))
    except (wire.BadAnswer, KeyError, TypeError, RecursionError, OverflowError, ValueError):
        return Result(Verdict.PROTOCOL, cpu_s=answer.cpu_s)


def _described(raw: object, base: Result) -> Result:
    if raw is None:
        return base
    if not isinstance(raw, dict):
        raise wire.BadAnswer("not an error")
    names = raw.get("names")
    line = raw.get("line")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise wire.BadAnswer("not an error")
    return replace(
        base,
        names=tuple(wire.clean(name, 80) for name in names[:8]),
        message=wire.clean(raw.get("message"), TRACE),
        trace=wire.clean(raw.get("trace"), TRACE),
        line=line if isinstance(line, int) and not isinstance(line, bool) and 0 < line < 100_000 else None,
    )


def _raised(raw: object) -> dict[int, Result] | None:
    if not raw:
        return None
    if not isinstance(raw, list) or len(raw) > 64:
        raise wire.BadAnswer("not a list of errors")
    found = {}
    for index, error in raw:
        if not isinstance(index, int):
            raise wire.BadAnswer("not an index")
        found[index] = _described(error, Result(Verdict.ERROR))
    return found


def wall(limit_s: float) -> float:
    """Wall seconds for a limit of processor seconds: generous, so that a busy machine fails nobody."""
    return limit_s * WALL_FACTOR + WALL_EXTRA_S


class Cell:
    """A child with a source loaded, started lazily and restarted a few times after it had to be killed."""

    def __init__(self, engine: Engine, load: dict[str, Any], memory_mb: int, needs: frozenset[str]) -> None:
        self.engine, self.load, self.memory_mb, self.needs = engine, load, memory_mb, needs
        self.loaded: Result | None = None
        self.restarts = 0
        self.timeouts = 0
        self.peak_mb = 0.0
        self._child: Child | None = None
        self._ident = 0

    def start(self) -> None:
        """Start the process without waiting for it."""
        if self._child is None:
            self._child = self.engine.spawn(memory_mb=self.memory_mb, needs=self.needs)

    def ready(self, load_s: float = LOAD_S) -> Result:
        """Wait until the source is loaded; the result of loading it."""
        if self.loaded is not None:
            return self.loaded
        self.start()
        assert self._child is not None
        hello = self._child.wait_ready()
        if hello.fields is None or "failed" in hello.fields:
            self.loaded = Result(
                Verdict.ENGINE, message=str((hello.fields or {}).get("failed", hello.failure))
            )
        else:
            self.loaded = read_result(self._child.ask(self.load, load_s, wall(load_s)))
        return self.loaded

    def alive(self) -> bool:
        """Whether another case can be asked; restarts a killed process while it may."""
        if self._child is not None and self._child.failure is None:
            return True
        if self._child is not None and self._child.failure is Verdict.TIMEOUT:
            self.timeouts += 1
        if self.restarts >= RESTARTS or self.timeouts > TIMEOUT_RESTARTS:
            return False
        self.restarts += 1
        self.close()
        self.loaded = None
        return self.ready().verdict is Verdict.ACCEPTED

    def ask(self, args: Sequence[Any], driver: str, limit_s: float) -> Result:
        """One case."""
        assert self._child is not None
        self._ident += 1
        message = case_message(self._ident, args, driver)
        return read_result(self._child.ask(message, limit_s, wall(limit_s)))

    def raw(self, message: dict[str, Any], limit_s: float) -> Answer:
        """Any request, for measurements."""
        assert self._child is not None
        return self._child.ask(message, limit_s, wall(limit_s))

    def spoke_out_of_turn(self) -> bool:
        """True when lines wait that nobody asked for."""
        return self._child is not None and self._child.failure is None and not self._child.quiet

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.close()
            self.peak_mb = max(self.peak_mb, self._child.peak_mb)
            self._child = None


@contextmanager
def cells(*members: Cell) -> Iterator[None]:
    """Close them all at the end, whatever happens."""
    with ExitStack() as stack:
        for member in members:
            stack.callback(member.close)
        yield


# ------------------------------------------------------------------------------------------------ the judge


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
            got = _shown(problem, result.value) if result.verdict is Verdict.ACCEPTED else ""
            reports.append(
                CaseReport(
                    name=trial.name,
                    verdict=verdict,
                    args=show_args(problem, trial.args),
                    expected=_expected_text(problem, trial),
                    got=got,
                    note=note,
                    error=_traceback(result),
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
            verdict, note, result = self.decide(problem, trial, result, checkers)
            done.append((trial, result, verdict, note))
        if cell.spoke_out_of_turn() and done:
            trial, result, _, _ = done[-1]
            note = messages.failure(problem, Verdict.PROTOCOL, (), "", False, 0)
            done[-1] = (trial, result, Verdict.PROTOCOL, note)
        return done

    def decide(
        self, problem: Problem, trial: Trial, result: Result, checkers: _Checkers
    ) -> tuple[Verdict, str, Result]:
        """The verdict on one case, a sentence for people, and the result as it is to be shown."""
        expected = trial.expected
        if result.verdict is not Verdict.ACCEPTED:
            if result.verdict is Verdict.ERROR and isinstance(expected, Raised):
                if expected.name in result.names:
                    return Verdict.ACCEPTED, "", result
                first = result.names[0] if result.names else "something else"
                return Verdict.WRONG, f"Should raise {expected.name}, raised {first}.", result
            note = messages.failure(
                problem, result.verdict, result.names, result.message, bool(result.trace), trial.limit_s
            )
            return result.verdict, note, result
        if isinstance(expected, Raised):
            return Verdict.WRONG, f"Should raise {expected.name}, but returned a value.", result
        if problem.kind == "class_ops" and not trial.driver:
            return self._decide_calls(problem, trial, result, checkers)
        return (*self._compare(problem, trial, result.value, checkers), result)

    def _decide_calls(
        self, problem: Problem, trial: Trial, result: Result, checkers: _Checkers
    ) -> tuple[Verdict, str, Result]:
        calls = trial.args[1]
        if not isinstance(result.value, list) or len(result.value) != len(calls):
            return Verdict.PROTOCOL, messages.failure(problem, Verdict.PROTOCOL, (), "", False, 0), result
        values = merge_raised(result)
        wanted = trial.expected
        judged_alone = trial.check.how not in ("any_of", "property")
        for index, error in sorted((result.raised or {}).items()):
            fits = judged_alone and isinstance(wanted[index], Raised) and wanted[index].name in error.names
            if not fits:
                name = calls[index][0] if index < len(calls) else "?"
                note = messages.failure(problem, Verdict.ERROR, error.names, error.message, True, 0)
                shown = replace(error, stdout=result.stdout, lost=result.lost, cpu_s=result.cpu_s)
                return Verdict.ERROR, f"Call {index + 1}, {name}, raised an error. {note}".strip(), shown
        result = replace(result, value=values)
        if not judged_alone:
            return (*self._compare(problem, trial, values, checkers), result)
        for index, (value, want) in enumerate(zip(values, wanted, strict=True)):
            if isinstance(want, Raised) and isinstance(value, Raised):
                continue
            if isinstance(want, Raised):
                note = f"Call {index + 1}, {calls[index][0]}, should raise {want.name}."
                return Verdict.WRONG, note, result
            if not compare.matches(trial.check, value, want):
                call = f"{calls[index][0]}({', '.join(wire.show(a, 60) for a in calls[index][1])})"
                note = (
                    f"Call {index + 1}, {call}: expected {wire.show(want, 120)}, got {wire.show(value, 120)}."
                )
                return Verdict.WRONG, note, result
        return Verdict.ACCEPTED, "", result

    def _compare(
        self, problem: Problem, trial: Trial, value: Any, checkers: _Checkers
    ) -> tuple[Verdict, str]:
        if trial.check.how == "property":
            return checkers.check(trial, value)
        if problem.kind == "sql":
            return _compare_rows(problem, trial, value)
        if problem.kind == "script":
            good = isinstance(value, str) and _same_text(trial.check, value, trial.expected)
            if not good and not str(value).strip():
                return Verdict.WRONG, "The program printed nothing. Print the result."
        else:
            good = compare.matches(trial.check, value, trial.expected)
        if good:
            return Verdict.ACCEPTED, ""
        if value is None and problem.kind == "function":
            return Verdict.WRONG, messages.nothing_returned(problem)
        return Verdict.WRONG, _difference(value, trial)

    # -- own cases

    def _own(self, problem: Problem, cell: Cell, own_cases: Sequence[OwnCase]) -> list[OwnReport]:
        reports = []
        for case in own_cases[:MAX_OWN]:
            shown: dict[str, Any] = {
                "args": wire.clean(case.args, TEXT),
                "predicted": wire.clean(case.predicted, TEXT),
            }
            try:
                args = own_args(problem, case.args)
                predicted = own_prediction(problem, case.predicted)
            except BadValue as exc:
                note = wire.clean(f"This case cannot be read: {exc}.", TEXT)
                reports.append(OwnReport(**shown, verdict=Verdict.NOT_RUN, note=note))
                continue
            ready = cell.ready()
            if ready.verdict is not Verdict.ACCEPTED or not cell.alive():
                result = Result(Verdict.NOT_RUN)
            else:
                result = cell.ask(args, "", max(problem.limits.floor_s, 1.0))
            reports.append(self._own_report(problem, shown, predicted, result))
        return reports

    @staticmethod
    def _own_report(
        problem: Problem, shown: dict[str, Any], predicted: tuple[Any] | None, result: Result
    ) -> OwnReport:
        value = merge_raised(result) if problem.kind == "class_ops" else result.value
        ran = result.verdict is Verdict.ACCEPTED
        raised = result.verdict is Verdict.ERROR and bool(result.names)
        agrees = None
        if predicted is not None and isinstance(predicted[0], Raised):
            agrees = raised and predicted[0].name in result.names
        elif predicted is not None and ran:
            agrees = _agrees(problem, value, predicted[0])
        elif predicted is not None:
            agrees = False
        note = "" if ran else messages.failure(
            problem, result.verdict, result.names, result.message, bool(result.trace), 1.0
        )  # fmt: skip
        return OwnReport(
            **shown,
            verdict=result.verdict,
            agrees=agrees,
            got=_shown(problem, value) if ran else "",
            note=note,
            error=_traceback(result),
            line=result.line,
            stdout=result.stdout + messages.lost(result.lost),
        )


# ------------------------------------------------------------------------------------------------ checkers


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


# ------------------------------------------------------------------------------------------------ small parts

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
        "error": _traceback(loaded),
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


def broken(problem: Problem, what: str, result: Result) -> BrokenProblem:
    detail = result.message or ", ".join(result.names[:1]) or result.verdict.value
    where = f" (line {result.line})" if result.line else ""
    return BrokenProblem(
        f"Problem {problem.id}: {what}: {result.verdict.value}: {detail[:300]}{where}.",
        hint="Run `mock-interview check` and correct the problem's file.",
    )


def _full_setup(problem: Problem, setup: str) -> str:
    return f"{problem.sql_schema.rstrip().rstrip(';')};\n{setup}"


def case_args(problem: Problem, case: Case) -> list[Any]:
    """A written case -> the positional arguments that cross into the child."""
    if case.driver or problem.kind == "function":
        return list(decode_value(case.args))
    if problem.kind == "class_ops":
        calls = [[name, list(decode_value(args))] for name, args in case.calls or ()]
        return [list(decode_value(case.init)), calls]
    if problem.kind == "script":
        return [case.stdin]
    return [_full_setup(problem, case.setup or "")]


def generated_args(problem: Problem, made: Any, driver: str = "") -> list[Any]:
    """What a generator returned -> the arguments. Raises `BrokenProblem`."""
    if (problem.kind == "function" or driver) and isinstance(made, tuple | list):
        return list(made)
    if problem.kind == "class_ops" and isinstance(made, tuple | list) and len(made) == 2:
        try:
            return [list(made[0]), [[str(name), list(args)] for name, args in made[1]]]
        except (TypeError, ValueError) as exc:
            raise BrokenProblem(
                f"Problem {problem.id}: generate() must return (init, calls): {exc}."
            ) from exc
    if problem.kind in ("script", "sql") and isinstance(made, str):
        return [made if problem.kind == "script" else _full_setup(problem, made)]
    wanted = {"function": "a tuple of arguments", "class_ops": "(init, calls)"}.get(problem.kind, "a text")
    raise BrokenProblem(f"Problem {problem.id}: generate() must return {wanted}, not {wire.show(made, 80)}.")


def merge_raised(result: Result) -> list[Any]:
    """Results of calls with a `Raised` where a call raised."""
    values = list(result.value) if isinstance(result.value, list) else []
    for index, error in (result.raised or {}).items():
        if 0 <= index < len(values):
            values[index] = Raised(error.names[0] if error.names else "Exception")
    return values


def own_args(problem: Problem, text: str) -> list[Any]:
    """A candidate's own case, as typed -> arguments. Raises `BadValue`."""
    if len(text) > 20_000:
        raise BadValue("longer than 20,000 characters")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise BadValue("it holds half of a character") from exc
    if problem.kind == "script":
        return [text]
    if problem.kind == "sql":
        return [_full_setup(problem, text)]
    if problem.kind == "class_ops":
        value = parse_literal(text)
        shape = 'write [constructor arguments], [("method", [arguments]), ...]'
        if not isinstance(value, tuple | list) or len(value) != 2:
            raise BadValue(shape)
        init, calls = value
        if not isinstance(init, list | tuple) or not isinstance(calls, list | tuple):
            raise BadValue(shape)
        for call in calls:
            if not isinstance(call, list | tuple) or len(call) != 2 or not isinstance(call[0], str):
                raise BadValue(shape)
            if not isinstance(call[1], list | tuple) or call[0].startswith("_"):
                raise BadValue(shape)
        return [list(init), [[name, list(args)] for name, args in calls]]
    # one or several arguments, separated by commas as in a call
    value = parse_literal(f"({text.strip()},)" if not text.strip().endswith(",") else f"({text.strip()})")
    return list(value)


def own_prediction(problem: Problem, text: str) -> tuple[Any] | None:
    """A typed prediction -> a one-tuple, or None when nothing was predicted. Raises `BadValue`."""
    if not text.strip():
        return None
    if problem.kind == "script":
        return (text,)
    word = text.strip()
    if word.isidentifier() and word.endswith(("Error", "Exception", "Iteration")):
        return (Raised(word),)
    return (parse_literal(text),)


def _agrees(problem: Problem, value: Any, predicted: Any) -> bool:
    loose = Check(how="close", rtol=1e-3, atol=1e-6)  # people predict three digits
    if problem.kind == "script":
        return isinstance(value, str) and _same_text(Check(), value, predicted)
    if problem.kind == "sql":
        rows = value[1] if isinstance(value, list) and len(value) == 2 else value
        return compare.same_bag(rows, predicted, (1e-3, 1e-6))
    if isinstance(predicted, list) and any(isinstance(item, Raised) for item in value or ()):
        return False
    return compare.matches(loose, value, predicted)


def _same_text(check: Check, value: str, expected: str) -> bool:
    if check.how == "close":
        a, b = value.split(), expected.split()
        return len(a) == len(b) and all(_same_word(check, x, y) for x, y in zip(a, b, strict=True))
    lines = [[line.rstrip() for line in text.rstrip().splitlines()] for text in (value, expected)]
    if check.how == "unordered":
        return sorted(lines[0]) == sorted(lines[1])
    return lines[0] == lines[1]


def _same_word(check: Check, a: str, b: str) -> bool:
    if a == b:
        return True
    try:
        return compare.matches(check, float(a), float(b))
    except ValueError:
        return False


def _compare_rows(problem: Problem, trial: Trial, value: Any) -> tuple[Verdict, str]:
    if not isinstance(value, list) or len(value) != 2:
        return Verdict.PROTOCOL, ""
    names, rows = value
    if not isinstance(names, list) or not isinstance(rows, list):
        return Verdict.PROTOCOL, ""
    want_names, want = None, trial.expected
    if not trial.authored:
        want_names, want = trial.expected
    elif trial.from_reference is not None:
        want_names = trial.from_reference[0]
    if not names:
        return Verdict.WRONG, "The statement returns no rows at all. Write one SELECT query."
    if want_names is not None and len(names) != len(want_names):
        return Verdict.WRONG, f"Expected {len(want_names)} columns, got {len(names)}."
    lowered = [[str(name).lower() for name in some or ()] for some in (names, want_names)]
    if problem.columns and want_names is not None and lowered[0] != lowered[1]:
        return Verdict.WRONG, f"Expected the columns {', '.join(map(str, want_names))}."
    check = trial.check.model_copy(update={"how": "equal" if problem.ordered else "unordered"})
    if trial.check.how == "close" and trial.check.rtol is None:
        check = check.model_copy(update={"rtol": compare.CLOSE_RTOL})
    if compare.matches(check, rows, want):
        return Verdict.ACCEPTED, ""
    if len(rows) != len(want):
        return Verdict.WRONG, f"Expected {len(want)} rows, got {len(rows)}."
    if problem.ordered and compare.matches(check.model_copy(update={"how": "unordered"}), rows, want):
        return Verdict.WRONG, "The rows are right, but their order is not."
    return Verdict.WRONG, ""


def _difference(value: Any, trial: Trial) -> str:
    if trial.check.how in ("any_of", "unordered"):
        return ""
    index = compare.first_difference(value, trial.expected)
    if index is None or not isinstance(value, list | tuple):
        return ""
    if index >= len(value) or index >= len(trial.expected):
        return f"Expected {len(trial.expected)} items, got {len(value)}."
    return f"First difference at index {index}."


def _traceback(result: Result) -> str:
    if not result.names:
        return ""
    head = f"Traceback (most recent call last):\n{result.trace}" if result.trace else ""
    if result.names[0] == "NotAValue":
        return ""
    return (
        f"{head}{result.names[0]}: {result.message}"[:TRACE] if result.message else f"{head}{result.names[0]}"
    )


def show_args(problem: Problem, args: Sequence[Any]) -> str:
    """Inputs of a case for people: as they would be typed in a call."""
    if problem.kind == "script":
        return wire.clean(args[0], TEXT)
    if problem.kind == "sql":
        return ""
    if problem.kind == "class_ops" and len(args) == 2 and isinstance(args[1], list):
        init, calls = args
        first = f"{problem.entry}({', '.join(wire.show(a, 60) for a in init)})"
        rest = [f"{name}({', '.join(wire.show(a, 60) for a in given)})" for name, given in calls]
        return wire.clean("; ".join([first, *rest]), TEXT)
    return wire.clean(", ".join(wire.show(arg, TEXT) for arg in args), TEXT)


def _shown(problem: Problem, value: Any) -> str:
    if problem.kind == "script" and isinstance(value, str):
        return wire.clean(value, TEXT)
    if problem.kind == "sql" and isinstance(value, list) and len(value) == 2 and isinstance(value[1], list):
        names, rows = value
        head = ", ".join(str(name)[:40] for name in names) if isinstance(names, list) else ""
        body = "\n".join(wire.show(tuple(row) if isinstance(row, list) else row, 100) for row in rows[:20])
        return wire.clean(f"{head}\n{body}", TEXT * 3)
    return wire.show(value, TEXT)


def _expected_text(problem: Problem, trial: Trial) -> str:
    if trial.check.how == "property":
        return ""
    if problem.kind == "sql" and trial.authored:
        names = trial.from_reference[0] if trial.from_reference else []
        return _shown(problem, [names, trial.expected])
    if trial.check.how == "any_of":
        return wire.clean(" or ".join(wire.show(one, 120) for one in trial.expected[:4]), TEXT)
    return _shown(problem, trial.expected)
