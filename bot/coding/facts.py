"""What interviewer and scorer may know about the candidate's code: facts from running and reading it.

A pure function over reports and sources. Holds nothing of the hidden cases but how many passed and the kind of
the first failure. Candidate text in here (`error`, `diff`, names) is capped, cleaned, and still only data.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from bot.coding import syntax, wire
from bot.coding.report import Growth, Report
from bot.coding.syntax import Changes, OwnTests
from bot.domain.base import Value
from bot.domain.problem import Big, Problem, Verdict


class VisibleFact(Value):
    """One visible case."""

    name: str
    verdict: Verdict
    note: str = ""


class CodeFacts(Value):
    """Everything that was observed about one state of the code."""

    problem: str
    parses: bool
    ran: bool = False
    verdict: Verdict | None = None
    visible: tuple[VisibleFact, ...] = ()
    visible_passed: int = 0
    hidden_total: int = 0
    hidden_passed: int = 0
    hidden_share: float | None = Field(default=None, description="None: the hidden cases were not run")
    first_hidden_failure: Verdict | None = None
    error: str = Field(default="", description="class and message of the first error; candidate text")
    error_line: int | None = Field(default=None, description="in the candidate's source, from 1")
    error_source: str = Field(default="", description="that line; candidate text")
    forbidden: tuple[str, ...] = ()
    own_tests: OwnTests = OwnTests()
    own_cases: int = Field(default=0, description="cases that the candidate added and ran")
    predictions: int = Field(default=0, description="of these, with an output predicted before the run")
    predictions_right: int = 0
    changes: Changes = Changes()
    lines: int = 0
    required: Big | None = None
    growth: Growth | None = None
    engine: str = ""

    @property
    def solved(self) -> bool:
        """Every visible and hidden case passed."""
        return self.verdict is Verdict.ACCEPTED and self.hidden_share == 1.0

    @property
    def verified(self) -> bool:
        """Evidence of verification: tests in the source, own cases, or predictions."""
        return self.own_tests.any or self.own_cases > 0


def forbidden(source: str, problem: Problem) -> tuple[str, ...]:
    """Forbidden imports and calls in a source."""
    return syntax.forbidden_names(source, problem.forbid)


def code_facts(
    source: str,
    problem: Problem,
    report: Report | None = None,
    *,
    earlier: Sequence[Report] = (),
    growth: Growth | None = None,
    last_seen: str = "",
) -> CodeFacts:
    """Facts about `source`: the newest report on it, all earlier runs, and the source last looked at.

    `earlier` are reports of the same question, oldest first; own cases and predictions count over all of them.
    """
    runs = [*earlier, *([report] if report is not None else [])]
    own = {
        (case.args, case.predicted): case
        for run in runs
        for case in run.own
        if case.verdict is not Verdict.NOT_RUN
    }
    error, line = _first_error(report) if report is not None else ("", None)
    rows = source.splitlines()
    hidden = report.hidden if report is not None else None
    return CodeFacts(
        problem=problem.id,
        parses=problem.kind == "sql" or syntax.parse(source) is not None,
        ran=report is not None,
        verdict=report.verdict if report is not None else None,
        visible=tuple(
            VisibleFact(name=case.name, verdict=case.verdict, note=case.note)
            for case in (report.visible if report is not None else ())
        ),
        visible_passed=report.visible_passed if report is not None else 0,
        hidden_total=hidden.total if hidden is not None else 0,
        hidden_passed=hidden.passed if hidden is not None else 0,
        hidden_share=report.hidden_share if report is not None else None,
        first_hidden_failure=hidden.first_failure if hidden is not None else None,
        error=error,
        error_line=line,
        error_source=wire.clean(rows[line - 1].strip(), 200) if line and line <= len(rows) else "",
        forbidden=forbidden(source, problem) if problem.kind != "sql" else (),
        own_tests=syntax.own_tests(source, problem.entry) if problem.entry else OwnTests(),
        own_cases=len(own),
        predictions=sum(bool(case.predicted.strip()) for case in own.values()),
        predictions_right=sum(case.agrees is True for case in own.values()),
        changes=syntax.changes(last_seen, source) if last_seen else Changes(),
        lines=sum(bool(row.strip()) for row in rows),
        required=problem.complexity.time if problem.complexity else None,
        growth=growth,
        engine=report.engine if report is not None else "",
    )


def _first_error(report: Report) -> tuple[str, int | None]:
    """Last line of the first traceback, and its line in the source."""
    for error, line in [(report.error, report.line), *((case.error, case.line) for case in report.visible)]:
        if error:
            return error.rstrip().splitlines()[-1][:300], line
    return "", None
