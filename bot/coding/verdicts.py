"""The verdict on one case: what a process gave against what the case expects, and a sentence about it for people.

Pure but for property checkers, which run in processes of their own behind `Properties`. Does not know how the case was
run, nor groups, reports and hidden cases.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from bot.coding import compare, messages, wire
from bot.coding.cases import Trial, merge_raised
from bot.coding.cell import Result
from bot.domain.problem import Check, Problem, Raised, Verdict


class Properties(Protocol):
    """Runs the property that a case asks for."""

    def check(self, trial: Trial, value: Any) -> tuple[Verdict, str]:
        """Whether the value has it, and what is wrong if not."""
        ...


def decide(
    problem: Problem, trial: Trial, result: Result, checkers: Properties
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
        return _decide_calls(problem, trial, result, checkers)
    return (*_compare(problem, trial, result.value, checkers), result)


def _decide_calls(
    problem: Problem, trial: Trial, result: Result, checkers: Properties
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
        return (*_compare(problem, trial, values, checkers), result)
    for index, (value, want) in enumerate(zip(values, wanted, strict=True)):
        if isinstance(want, Raised) and isinstance(value, Raised):
            continue
        if isinstance(want, Raised):
            note = f"Call {index + 1}, {calls[index][0]}, should raise {want.name}."
            return Verdict.WRONG, note, result
        if not compare.matches(trial.check, value, want):
            call = f"{calls[index][0]}({', '.join(wire.show(a, 60) for a in calls[index][1])})"
            note = f"Call {index + 1}, {call}: expected {wire.show(want, 120)}, got {wire.show(value, 120)}."
            return Verdict.WRONG, note, result
    return Verdict.ACCEPTED, "", result


def _compare(problem: Problem, trial: Trial, value: Any, checkers: Properties) -> tuple[Verdict, str]:
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


def fits_prediction(problem: Problem, value: Any, predicted: Any) -> bool:
    """Whether a value is what a candidate predicted, to the three digits that people give."""
    loose = Check(how="close", rtol=1e-3, atol=1e-6)
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
