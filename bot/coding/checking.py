"""Is a problem of the bank right? Runs its reference, its wrong solutions and its slow one.

Returns findings, sentences for the author; an empty list means that everything came out as declared.
"""

from __future__ import annotations

from bot.coding import compare, growth, wire
from bot.coding.cases import BrokenProblem, Trial
from bot.coding.judge import Judge
from bot.coding.report import Report
from bot.coding.syntax import forbidden_names
from bot.domain.problem import BIGS, Problem, Raised, Verdict, Wrong

MIN_HIDDEN = 8


def check_problem(judge: Judge, problem: Problem) -> list[str]:
    """Everything that does not come out as the problem declares."""
    try:
        prepared = judge.prepare(problem)
        report = judge.run(problem.reference, problem, "all")
    except BrokenProblem as exc:
        return [str(exc)]
    findings = [
        f"case {trial.name!r}: `expect` says {wire.show(trial.expected, 120)}, "
        f"the reference returns {wire.show(trial.from_reference, 120)}"
        for trial in prepared.trials
        if trial.authored and not _agrees(problem, trial)
    ]
    if not report.accepted:
        findings.append(f"the reference does not pass: {_failures(report)}")
    if report.forbidden:
        findings.append(f"the reference uses what is forbidden: {', '.join(report.forbidden)}")
    hidden = sum(not trial.visible for trial in prepared.trials)
    if hidden < MIN_HIDDEN:
        findings.append(f"only {hidden} hidden cases; at least {MIN_HIDDEN} are wanted")
    for wrong in problem.wrong:
        findings += _wrong(judge, problem, wrong)
    if problem.starter.strip() and problem.kind != "sql":
        started = judge.run(problem.starter, problem, "visible")
        if started.accepted:
            findings.append("the starter code passes the visible cases")
    return findings + _growth(judge, problem)


def _agrees(problem: Problem, trial: Trial) -> bool:
    value, expected = trial.from_reference, trial.expected
    if trial.check.how == "property":
        return True  # judged by the run
    if isinstance(expected, Raised) or isinstance(value, Raised):
        return isinstance(expected, Raised) and isinstance(value, Raised)
    if problem.kind in ("sql", "script"):
        return True
    if problem.kind == "class_ops" and isinstance(value, list) and isinstance(expected, list):
        pairs = zip(value, expected, strict=False)
        return len(value) == len(expected) and all(
            isinstance(b, Raised) == isinstance(a, Raised)
            and (isinstance(b, Raised) or compare.matches(trial.check, a, b))
            for a, b in pairs
        )
    return compare.matches(trial.check, value, expected)


def _failures(report: Report) -> str:
    parts = [f"{case.name}: {case.verdict} {case.note} {case.error}"[:200] for case in report.visible]
    parts = [part for part, case in zip(parts, report.visible, strict=True) if not case.passed]
    if report.hidden is not None and report.hidden.first_failure is not None:
        hidden = report.hidden
        parts.append(f"hidden {hidden.passed} of {hidden.total}, first failure {hidden.first_failure}")
    return "; ".join([report.note, *parts]).strip("; ") or str(report.verdict)


def _wrong(judge: Judge, problem: Problem, wrong: Wrong) -> list[str]:
    if wrong.expect == "forbidden":
        found = forbidden_names(wrong.code, problem.forbid)
        return [] if found else [f"wrong solution {wrong.name!r}: nothing forbidden is found in it"]
    wanted = None if wrong.expect == "slow" else Verdict(wrong.expect)
    report = judge.run(wrong.code, problem, "all", until=wanted)
    if wrong.expect == "slow":
        if not report.accepted:
            return [f"wrong solution {wrong.name!r} should only be slow, but: {_failures(report)}"]
        measured = growth.measure(judge, wrong.code, problem)
        if measured.worse_than_required is not True:
            seen = ", ".join(measured.plausible) or measured.note
            return [f"wrong solution {wrong.name!r} should be measured as too slow, but was {seen}"]
        return []
    seen_verdicts = {case.verdict for case in report.visible if not case.passed} | {report.verdict}
    if report.hidden is not None and report.hidden.first_failure is not None:
        seen_verdicts.add(report.hidden.first_failure)
    if report.accepted:
        return [f"wrong solution {wrong.name!r} passes every case: a case that fails it is missing"]
    if wanted not in seen_verdicts:
        return [f"wrong solution {wrong.name!r} should end in {wrong.expect}, but: {_failures(report)}"]
    return []


def _growth(judge: Judge, problem: Problem) -> list[str]:
    if problem.complexity is None:
        return []
    asked = problem.complexity.time
    measured = growth.measure(judge, problem.reference, problem)
    findings = []
    if measured.contradicts(asked) or not measured.plausible:
        seen = ", ".join(measured.plausible) or measured.note
        findings.append(f"complexity: the reference should be {asked}, measured {seen}")
    slow = problem.complexity.slow
    if slow is not None:
        measured = growth.measure(judge, slow.code, problem)
        if measured.contradicts(slow.time) or not measured.plausible:
            seen = ", ".join(measured.plausible) or measured.note
            findings.append(f"complexity: the slow solution should be {slow.time}, measured {seen}")
        elif BIGS.index(slow.time) > BIGS.index(asked) and measured.worse_than_required is not True:
            findings.append(f"complexity: the slow solution cannot be told from {asked}")
    return findings
