"""Verdicts and messages on the native engine: every kind, every checker, and every bad input of the list."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.coding.cases import BrokenProblem
from bot.coding.judge import Judge, hopeless
from bot.coding.report import CaseReport, OwnCase, Report
from bot.domain.problem import Problem, Verdict

RIGHT = """
def two_sum(nums, target):
    seen = {}
    for j, x in enumerate(nums):
        if target - x in seen:
            return [seen[target - x], j]
        seen.setdefault(x, j)
    raise ValueError("no pair")
"""


def first(report: Report) -> CaseReport:
    """The first visible case."""
    return report.visible[0]


def test_a_right_solution_is_accepted_and_the_report_is_json(judge: Judge, two_sum: Problem) -> None:
    report = judge.run(RIGHT, two_sum, "all")
    assert report.accepted
    assert [case.verdict for case in report.visible] == [Verdict.ACCEPTED] * 3
    assert report.hidden is not None
    assert report.hidden.passed == report.hidden.total == 13
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_visible_scope_says_nothing_about_hidden_cases(judge: Judge, two_sum: Problem) -> None:
    assert judge.run(RIGHT, two_sum).hidden is None


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("softmax", "two_sum")]


@pytest.mark.parametrize("name", ["counter", "script", "sql", *SLOW])
def test_references_pass_and_wrong_ones_fail_as_declared(
    judge: Judge, name: str, request: pytest.FixtureRequest
) -> None:
    problem: Problem = request.getfixturevalue(name)
    assert judge.run(problem.reference, problem, "all").accepted
    for wrong in problem.wrong:
        report = judge.run(wrong.code, problem, "all")
        assert report.forbidden if wrong.expect == "forbidden" else not report.accepted, wrong.name


# ------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("#" * 70_000, "65,536"),
        ("x = 1\x00", "NUL"),
        ("x = '\ud800'", "surrogate"),
        ("", "no code"),
        ("   \n", "no code"),
        (None, "text"),
    ],
)
def test_sources_that_are_no_text_of_ours(judge: Judge, two_sum: Problem, source: Any, word: str) -> None:
    report = judge.run(source, two_sum, "all")
    assert report.verdict is Verdict.ERROR
    assert word in report.note
    report.model_dump_json()


def run(judge: Judge, problem: Problem, body: str, signature: str = "nums, target") -> CaseReport:
    """First visible case of a small solution."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return first(judge.run(f"def {problem.entry}({signature}):\n{lines}\n", problem))


def test_input_with_nothing_to_read(judge: Judge, two_sum: Problem) -> None:
    case = run(judge, two_sum, "return input()")
    assert case.verdict is Verdict.ERROR
    assert "arguments" in case.note
    assert "EOFError" in case.error
    assert case.line == 2


def test_a_wrong_function_name_is_named(judge: Judge, two_sum: Problem) -> None:
    report = judge.run("def twosum(nums, target): return 1", two_sum, "all")
    assert report.verdict is Verdict.ERROR
    assert "twosum" in report.note
    assert "two_sum" in report.note
    assert "starter" in judge.run("x = 1", two_sum).note


@pytest.mark.parametrize("signature", ["nums", "nums, target, more", ""])
def test_wrong_arity(judge: Judge, two_sum: Problem, signature: str) -> None:
    case = run(judge, two_sum, "return 1", signature)
    assert case.verdict is Verdict.ERROR
    assert "signature" in case.note


def test_a_type_error_of_their_own_is_not_called_an_arity_problem(judge: Judge, two_sum: Problem) -> None:
    case = run(judge, two_sum, "return len(1, 2)")
    assert "signature" not in case.note
    assert case.line == 2


def test_no_return(judge: Judge, softmax: Problem) -> None:
    case = run(judge, softmax, "pass", "x, mask=None")
    assert case.verdict is Verdict.WRONG
    assert "return" in case.note


def test_prints_megabytes(judge: Judge, two_sum: Problem) -> None:
    case = run(judge, two_sum, "for _ in range(50): print('x' * 100_000)\nreturn [0, 1]")
    assert 20_000 <= len(case.stdout) < 20_100
    assert case.lost_chars > 4_900_000
    assert "more characters were printed" in case.stdout
    assert case.verdict is Verdict.ACCEPTED


def test_imports_a_package_that_is_not_there(judge: Judge, two_sum: Problem) -> None:
    for package in ("pandas", "requests", "numpy", "bot", "pydantic"):
        report = judge.run(f"import {package}\ndef two_sum(nums, target): pass", two_sum)
        assert report.verdict is Verdict.ERROR
        assert "not available" in report.note
        assert report.line == 1


def test_syntax_error_at_its_line(judge: Judge, two_sum: Problem) -> None:
    report = judge.run("def two_sum(nums, target):\n    return [\n\nx = = 2\n", two_sum)
    assert report.verdict is Verdict.ERROR
    assert report.line in (2, 4)
    assert "SyntaxError" in report.error


def test_endless_loop_ends_and_the_rest_is_not_waited_for(judge: Judge, two_sum: Problem) -> None:
    report = judge.run("def two_sum(nums, target):\n    while True: pass", two_sum, "all")
    assert report.verdict is Verdict.TIMEOUT
    assert [case.verdict for case in report.visible].count(Verdict.TIMEOUT) == 2
    assert report.hidden is not None
    assert report.hidden.passed == 0
    assert hopeless(report.visible)
    assert "loop" in first(report).note


@pytest.mark.parametrize(
    ("body", "verdict", "word"),
    [
        ("import sys\nsys.exit(0)", Verdict.EXIT, "sys.exit"),
        ("return bytearray(10 << 30)", Verdict.MEMORY, "MB"),
        ("return [[0] * 1000] * 1000", Verdict.OUTPUT, "too much"),
        ("return (i for i in nums)", Verdict.ERROR, "return a list"),
        ("x = []\nx.append(x)\nreturn x", Verdict.ERROR, "contains itself"),
        ("return two_sum(nums, target)", Verdict.ERROR, "Recursed"),
        ("return open('/etc/passwd').read()", Verdict.ERROR, "out of reach"),
        ("import ctypes\nctypes.string_at(0)", Verdict.CRASHED, "died"),
        ("raise KeyError('x')", Verdict.ERROR, ""),
    ],
)
def test_ways_to_fail(judge: Judge, two_sum: Problem, body: str, verdict: Verdict, word: str) -> None:
    case = run(judge, two_sum, body)
    assert case.verdict is verdict
    assert word in case.note


def test_a_stopped_process_is_replaced_for_the_next_case(judge: Judge, two_sum: Problem) -> None:
    source = (
        RIGHT
        + "\nreal = two_sum\ndef two_sum(nums, target):\n    import os\n"
        + "    if len(nums) == 3: os._exit(1)\n    return real(nums, target)\n"
    )
    verdicts = [case.verdict for case in judge.run(source, two_sum).visible]
    assert verdicts == [Verdict.CRASHED, Verdict.ACCEPTED, Verdict.ACCEPTED]


# ------------------------------------------------------------------------------------------------ kinds


def test_class_operations_tell_the_call_that_differs(judge: Judge, counter: Problem) -> None:
    source = counter.wrong[0].code
    case = judge.run(source, counter).visible[1]
    assert "Call 2, count(6): expected 0, got 1" in case.note
    case = first(judge.run(counter.wrong[2].code, counter))
    assert case.verdict is Verdict.ERROR
    assert "Call 1, hit" in case.note
    assert "AttributeError" in case.error


def test_script_output_is_compared_by_lines(judge: Judge, script: Problem) -> None:
    source = "n = int(input())\nprint('%.2f   ' % sum(float(input()) for _ in range(n)))\nprint()\n"
    assert judge.run(source, script, "all").accepted
    assert "more often than" in first(judge.run("input(); input(); input(); input()", script)).note
    assert judge.run(source + "import sys; sys.exit(0)", script, "all").accepted


def test_sql_says_what_differs(judge: Judge, sql: Problem) -> None:
    def note(query: str) -> str:
        return first(judge.run(query, sql)).note

    assert "columns" in note("SELECT name FROM customer")
    assert "name, total" in note("SELECT name, 2.5 FROM customer WHERE id < 3 ORDER BY 1")
    assert "order" in note(sql.reference.replace("total DESC, name", "name DESC"))
    assert "rows" in note("SELECT name, 1.0 AS total FROM customer")
    assert "no rows at all" in note("DROP TABLE customer")
    assert "SQLite" in note("SELEC 1")


def test_sql_cannot_reach_files_or_run_forever(judge: Judge, sql: Problem) -> None:
    attach = first(judge.run("ATTACH DATABASE '/tmp/x.db' AS y", sql))
    assert attach.verdict is not Verdict.ACCEPTED
    endless = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT COUNT(*) FROM t"
    assert first(judge.run(endless, sql)).verdict is Verdict.TIMEOUT
    many = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t LIMIT 90000) SELECT x, 1.0 AS total FROM t"
    assert first(judge.run(many, sql)).verdict is Verdict.OUTPUT


def test_numpy_values_are_compared_without_numpy_here(judge: Judge, softmax: Problem) -> None:
    report = judge.run(softmax.reference.replace("return e /", "return 1.001 * e /"), softmax, "all")
    assert report.verdict is Verdict.WRONG
    assert "array([[" in first(report).got


def test_forbidden_names_are_reported_beside_the_verdict(judge: Judge, softmax: Problem) -> None:
    source = softmax.reference + "\nfrom numpy import ma as m\ndef unused(x): return m.masked_array(x)\n"
    report = judge.run(source, softmax)
    assert report.accepted
    assert report.forbidden == ("numpy.ma.masked_array",)


def test_drivers_run_beside_the_solution(judge: Judge, two_sum: Problem) -> None:
    raw = two_sum.model_dump(mode="json", exclude_unset=True)
    raw["drivers"] = {"twice": "def drive(f, nums, target):\n    return [f(nums, target), f(nums, target)]\n"}
    raw["visible"] = [
        {"name": "both", "args": [[1, 2], 3], "driver": "twice", "check": "equal", "expect": [[0, 1], [0, 1]]}
    ]
    assert judge.run(RIGHT, Problem.model_validate(raw)).accepted


# ------------------------------------------------------------------------------------------------ secrecy


def test_nothing_of_hidden_cases_is_in_the_report(judge: Judge, two_sum: Problem) -> None:
    raw = two_sum.model_dump(mode="json", exclude_unset=True)
    raw["hidden"] = [{"name": "secretly named", "args": [[424242, 171717], 595959]}]
    raw["generated"] = []
    loud = (
        "def two_sum(nums, target):\n    print(nums)\n"
        "    if 424242 in nums: raise ValueError(str(nums))\n    return [str(nums)]"
    )
    text = judge.run(loud, Problem.model_validate(raw), "all").model_dump_json()
    for word in ("424242", "171717", "595959", "secretly"):
        assert word not in text


def test_mutated_arguments_do_not_change_what_is_checked(judge: Judge, two_sum: Problem) -> None:
    case = run(judge, two_sum, "nums[:] = [0, target]\nreturn [0, 1]")
    assert "2" in case.args
    assert (
        judge.run(
            "def two_sum(nums, target):\n    nums[:] = [0, target, 0]\n    return [1, 2]", two_sum
        ).verdict
        is Verdict.WRONG
    )


def test_hidden_failures_show_their_class_only(judge: Judge, two_sum: Problem) -> None:
    report = judge.run(two_sum.wrong[0].code, two_sum, "all")
    assert report.visible_passed == 3
    assert report.verdict is Verdict.WRONG
    assert report.hidden is not None
    assert 0 < report.hidden.passed < report.hidden.total
    assert set(json.loads(report.hidden.model_dump_json())) == {"total", "passed", "first_failure"}


# ------------------------------------------------------------------------------------------------ own cases


def test_own_cases_and_predictions(judge: Judge, two_sum: Problem) -> None:
    own = (
        OwnCase(args="[1, 2, 3], 5", predicted="[1, 2]"),
        OwnCase(args="[1, 2, 3], 5", predicted="[0, 2]"),
        OwnCase(args="[], 5", predicted="ValueError"),
        OwnCase(args="[1, 2], 3"),
        OwnCase(args="__import__('os'), 3"),
        OwnCase(args="[1, 2]", predicted="3"),
    )
    reports = judge.run(RIGHT, two_sum, "visible", own).own
    assert [case.agrees for case in reports] == [True, False, True, None, None, False]
    assert reports[0].got == "[1, 2]"
    assert "cannot be read" in reports[4].note
    assert "signature" in reports[5].note


def test_own_cases_of_the_other_kinds(judge: Judge, counter: Problem, script: Problem, sql: Problem) -> None:
    one = OwnCase(args='[5], [("hit", [1]), ("count", [1])]', predicted="[None, 1]")
    assert judge.run(counter.reference, counter, own_cases=(one,)).own[0].agrees is True
    assert (
        judge.run(counter.reference, counter, own_cases=(OwnCase(args="3"),)).own[0].verdict
        is Verdict.NOT_RUN
    )
    one = OwnCase(args="1\n5\n", predicted="5.00")
    assert judge.run(script.reference, script, own_cases=(one,)).own[0].agrees is True
    one = OwnCase(
        args="INSERT INTO customer VALUES (1, 'A'); INSERT INTO purchase VALUES (1, 2, 1)",
        predicted="[('A', 2)]",
    )
    assert judge.run(sql.reference, sql, own_cases=(one,)).own[0].agrees is True


# ------------------------------------------------------------------------------------------------ authors' mistakes


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"reference": "def two_sum(nums, target): return nums.nothing"}, "reference fails"),
        ({"reference": "def two_sum(nums, target): 1 / 0\nraise RuntimeError('x')"}, "does not load"),
        ({"generated": [{"name": "g", "code": "def generate(rng, i): return 3"}]}, "tuple of arguments"),
        (
            {"generated": [{"name": "g", "code": "def generate(rng, i): return rng.nothing()"}]},
            "generator fails",
        ),
        (
            {"properties": {"any_pair": "x = 1 / 0\ndef check(a, v, e): return True"}},
            "property does not load",
        ),
    ],
)
def test_authors_mistakes_are_not_blamed_on_candidates(
    judge: Judge, two_sum: Problem, change: dict[str, Any], word: str
) -> None:
    raw = two_sum.model_dump(mode="json", exclude_unset=True) | change
    with pytest.raises(BrokenProblem, match=word):
        judge.run(RIGHT, Problem.model_validate(raw), "all")


# ------------------------------------------------------------------------------------------------ ordinary Python

ORDINARY = """
from __future__ import annotations
import asyncio, bisect, collections, contextlib, copy, dataclasses, datetime, decimal, enum, fractions, functools, heapq
import io, itertools, json, math, operator, os, queue, random, re, statistics, string, sys, threading, time, typing
import zoneinfo
from concurrent.futures import ThreadPoolExecutor

@dataclasses.dataclass(order=True)
class Item:
    key: int
    name: str = dataclasses.field(compare=False, default="x")

class Colour(enum.IntEnum):
    RED = 1

@functools.lru_cache(maxsize=None)
def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)

async def later(x):
    await asyncio.sleep(0)
    return x + 1

def two_sum(nums, target):
    with contextlib.redirect_stdout(open(os.devnull, "w")):
        print("nobody sees this")
    with ThreadPoolExecutor(2) as pool:
        squares = list(pool.map(lambda x: x * x, [1, 2, 3]))
    lock, box = threading.Lock(), queue.Queue()
    thread = threading.Thread(target=lambda: box.put(1)); thread.start(); thread.join()
    match nums:
        case [first, *_]:
            found = first
    return [
        asyncio.run(later(1)), squares, box.get(), found, deep(4000), min(Item(2), Item(1)).key, Colour.RED,
        str(decimal.Decimal("0.1") + 1), float(fractions.Fraction(1, 2)), json.loads("[1]"), len(string.ascii_letters),
        datetime.datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")).year, random.Random(1).random() < 1,
        re.sub("a", "b", "aa"), statistics.mean([1, 2]), copy.deepcopy({1: [2]}), {1, 2}, (3, b"x"), time.time() > 0,
        sys.getrecursionlimit() >= 1000, collections.Counter("aab").most_common(1), io.StringIO("x").read(),
    ]
"""


def test_ordinary_python_works(judge: Judge, two_sum: Problem) -> None:
    case = first(judge.run(ORDINARY, two_sum))
    assert case.verdict is Verdict.WRONG, case.error
    wanted = "[2, [1, 4, 9], 1, 2, 4000, 1, 1, '1.1', 0.5, [1], 52, 2026, True, 'bb', 1.5, {1: [2]}, {1, 2}"
    assert case.got.startswith(wanted)


def test_time_and_memory_of_the_hidden_process_are_not_in_the_report(judge: Judge, two_sum: Problem) -> None:
    source = RIGHT + (
        "\nreal = two_sum\ndef two_sum(nums, target):\n    import time\n"
        "    if len(nums) > 3:\n        hog = bytearray(100 << 20); time.sleep(0.05)\n    return real(nums, target)\n"
    )
    raw = two_sum.model_dump(mode="json", exclude_unset=True)
    raw["visible"], raw["generated"] = raw["visible"][:1], raw["generated"][-1:]
    report = judge.run(source, Problem.model_validate(raw), "all")
    assert report.accepted
    assert report.peak_mb < 90
