"""Facts about code that executing it has shown, from stored reports: what the scorecard takes instead of an opinion.

Reads `bot.coding.Report` (and `Growth`) as the plain JSON that the log holds. Runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.judgement import Intent
from bot.domain.problem import BIGS
from bot.domain.session import QuestionState, SessionState

SOLVED = 0.70
"""Share of hidden tests from which a program with all samples right counts as a complete solution (anchor 3)."""


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What is known about the code of one question. None means "nobody measured it"."""

    written: bool = False
    runs: int = 0
    visible_passed: int = 0
    visible_total: int = 0
    hidden_share: float | None = None
    forbidden: tuple[str, ...] = ()
    timed_out: bool = False
    worse_complexity: bool | None = None
    done_while_failing: bool = False
    own_cases: int = 0
    predictions_right: int = 0

    @property
    def samples_pass(self) -> bool | None:
        """Whether every visible case passed; None when none was run."""
        return None if not self.visible_total else self.visible_passed == self.visible_total

    @property
    def solved(self) -> bool | None:
        """Whether this is a complete solution of the base problem; None when that was not measured."""
        if self.forbidden:
            return False
        if self.hidden_share is None:
            return False if self.samples_pass is False or not self.written else None
        return self.samples_pass is not False and self.hidden_share >= SOLVED


def code_facts(state: SessionState, question: str) -> CodeFacts:
    """The facts about a question's code: the last full run counts, else the last run of the samples."""
    runs = [(at, body) for at, _, body in state.runs if body.question == question]
    reports = [body.report for _, body in runs]
    full = next((r for r in reversed(reports) if r.get("hidden")), None)
    last = full or (reports[-1] if reports else {})
    facts = from_report(last)
    current = state.questions.get(question)
    return CodeFacts(
        written=bool(state.code(question).strip()),
        runs=len(runs),
        visible_passed=facts.visible_passed,
        visible_total=facts.visible_total,
        hidden_share=facts.hidden_share,
        forbidden=facts.forbidden,
        timed_out=facts.timed_out,
        worse_complexity=facts.worse_complexity,
        done_while_failing=_done_while_failing(state, current) if current else False,
        own_cases=len(own := _own_cases(reports)),
        predictions_right=sum(own.values()),
    )


def _own_cases(reports: Sequence[Mapping[str, object]]) -> dict[str, bool]:
    """The different cases of the candidate's own that were run -> whether an output predicted before was right.
    A sample that was typed again is no case of one's own."""
    found: dict[str, bool] = {}
    for report in reports:
        samples = {_squeezed(c.get("args")) for c in _items(report.get("visible")) if isinstance(c, Mapping)}
        for case in _items(report.get("own")):
            if not isinstance(case, Mapping) or case.get("verdict") == "not_run":
                continue
            args = _squeezed(case.get("args"))
            if args not in samples:
                found[args] = found.get(args, False) or case.get("agrees") is True
    return found


def _squeezed(text: object) -> str:
    return "".join(str(text or "").split()).rstrip(",")


def from_report(report: Mapping[str, object]) -> CodeFacts:
    """The facts in one report (`bot.coding.Report` as JSON, optionally with a `growth` entry)."""
    visible = [c for c in _items(report.get("visible")) if isinstance(c, Mapping)]
    hidden = report.get("hidden")
    hidden = hidden if isinstance(hidden, Mapping) else {}
    total, passed = _number(hidden.get("total")), _number(hidden.get("passed"))
    verdicts = {str(c.get("verdict")) for c in visible} | {str(hidden.get("first_failure"))}
    return CodeFacts(
        written=True,
        visible_passed=sum(c.get("verdict") == "accepted" for c in visible),
        visible_total=len(visible),
        hidden_share=passed / total if total else None,
        forbidden=tuple(str(name) for name in _items(report.get("forbidden"))),
        timed_out="timeout" in verdicts,
        worse_complexity=_worse(report.get("growth")),
    )


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _worse(growth: object) -> bool | None:
    """Whether every growth class that the measurement leaves open is worse than asked; None when it does not say."""
    if not isinstance(growth, Mapping):
        return None
    order = [str(big) for big in BIGS]
    required, plausible = growth.get("required"), [str(b) for b in _items(growth.get("plausible"))]
    if required not in order or not plausible or any(b not in order for b in plausible):
        return None
    worse = [order.index(b) > order.index(str(required)) for b in plausible]
    return True if all(worse) else False if not any(worse) else None


def _done_while_failing(state: SessionState, current: QuestionState) -> bool:
    """Whether the candidate called it done while the newest run before that had failing samples."""
    for judgement in current.judgements:
        if judgement.intent is not Intent.DONE:
            continue
        said_at = state.utterance(judgement.turn).at
        earlier = [body for at, _, body in state.runs if body.question == current.id and at <= said_at]
        if earlier and from_report(earlier[-1].report).samples_pass is False:
            return True
    return False
