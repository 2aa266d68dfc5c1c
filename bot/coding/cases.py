"""The cases of a problem: made ready for a process, read from what people type, and shown to people.

Inputs that are written by authors, made by generators, or typed by candidates all become the positional arguments that
cross into the child. Does not run anything and gives no verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.coding import wire
from bot.coding.cell import Result
from bot.coding.report import TEXT, TRACE
from bot.domain.problem import BadValue, Case, Check, Problem, Raised, decode_value, parse_literal
from bot.errors import SandboxError


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


def broken(problem: Problem, what: str, result: Result) -> BrokenProblem:
    """The error for a problem whose own code fails."""
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


def traceback_text(result: Result) -> str:
    """The traceback of a result as Python would print it; empty when nothing was raised."""
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


def shown(problem: Problem, value: Any) -> str:
    """A value for people, bounded."""
    if problem.kind == "script" and isinstance(value, str):
        return wire.clean(value, TEXT)
    if problem.kind == "sql" and isinstance(value, list) and len(value) == 2 and isinstance(value[1], list):
        names, rows = value
        head = ", ".join(str(name)[:40] for name in names) if isinstance(names, list) else ""
        body = "\n".join(wire.show(tuple(row) if isinstance(row, list) else row, 100) for row in rows[:20])
        return wire.clean(f"{head}\n{body}", TEXT * 3)
    return wire.show(value, TEXT)


def expected_text(problem: Problem, trial: Trial) -> str:
    """What a case expects, for people; empty where a property decides."""
    if trial.check.how == "property":
        return ""
    if problem.kind == "sql" and trial.authored:
        names = trial.from_reference[0] if trial.from_reference else []
        return shown(problem, [names, trial.expected])
    if trial.check.how == "any_of":
        return wire.clean(" or ".join(wire.show(one, 120) for one in trial.expected[:4]), TEXT)
    return shown(problem, trial.expected)
