"""What the text of a submission says, and the facts that interviewer and scorer get."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coding.facts import CodeFacts, code_facts
from bot.coding.judge import Judge
from bot.coding.report import OwnCase
from bot.coding.syntax import changes, forbidden_names, own_tests
from bot.domain.problem import Forbidden, Problem, Verdict
from tests.coding.test_judge import RIGHT

FORBID = Forbidden(imports=("scipy", "sklearn.metrics"), calls=("sorted", ".sort", "numpy.linalg.svd"))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import scipy.stats as s", ("scipy",)),
        ("from scipy import stats", ("scipy",)),
        ("from sklearn.metrics import roc_auc_score", ("sklearn.metrics",)),
        ("from sklearn import metrics", ("sklearn.metrics",)),
        ("import sklearn", ()),
        ("__import__('scipy')", ("scipy",)),
        ("import importlib\nimportlib.import_module('scipy.stats')", ("scipy",)),
        ("import scipython", ()),
        ("x = sorted(y)", ("sorted",)),
        ("f = sorted\nf(y)", ("sorted",)),
        ("def sorted(x): return x\nsorted(y)", ()),
        ("x.sort()", (".sort",)),
        ("import numpy as np\nnp.linalg.svd(x)", ("numpy.linalg.svd",)),
        ("from numpy.linalg import svd as s\ns(x)", ("numpy.linalg.svd",)),
        ("from numpy import linalg\nlinalg.svd(x)", ("numpy.linalg.svd",)),
        ("# scipy sorted(x)\n'import scipy'", ()),
        ("def f(:", ()),
    ],
)
def test_forbidden_names_are_found_in_the_tree(source: str, found: tuple[str, ...]) -> None:
    assert forbidden_names(source, FORBID) == found


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    forbidden_names(text, FORBID)
    own_tests(text, "f")
    changes(text, text + "\nx = 1")
    changes("def f(): pass", text)


@pytest.mark.parametrize(
    "source", ["(" * 5000, "-" * 60_000 + "1", "x" * 70_000, "a.b" * 9000, "not " * 9000 + "x"]
)
def test_bombs_are_looked_at_too(source: str) -> None:
    assert forbidden_names(source, FORBID) == ()
    assert not own_tests(source, "f").any


def test_own_tests_are_counted() -> None:
    source = (
        "def f(x): return f(x - 1) if x else 0\ndef test_zero():\n    assert f(0) == 0\n"
        "assert f(2) == 0\nif __name__ == '__main__':\n    print(f(3))\n"
    )
    found = own_tests(source, "f")
    assert (found.asserts, found.test_functions, found.calls) == (2, 1, 3)
    assert not own_tests("def f(x): return f(x)", "f").any


def test_changes_name_functions() -> None:
    before = "def f(x):\n    return x\n\ndef g():\n    pass\n"
    after = "def f(x):\n    return x + 1\n\ndef g():\n    pass\n\ndef h(): pass\n"
    found = changes(before, after)
    assert found.functions == ("f", "h")
    assert found.removed == 1
    assert "+    return x + 1" in found.diff
    assert changes(before, before) == changes("", "")


def test_facts_of_a_run(judge: Judge, two_sum: Problem) -> None:
    wrong = two_sum.wrong[0].code
    own = (OwnCase(args="[1, 2], 3", predicted="[0, 1]"), OwnCase(args="[1, 2], 3", predicted="[1, 0]"))
    earlier = judge.run(wrong, two_sum, "visible", own)
    report = judge.run(wrong, two_sum, "all")
    facts = code_facts(wrong, two_sum, report, earlier=(earlier,), last_seen=RIGHT)
    assert facts.visible_passed == 3
    assert facts.hidden_share is not None
    assert 0 < facts.hidden_share < 1
    assert facts.first_hidden_failure is Verdict.WRONG
    assert not facts.solved
    assert (facts.own_cases, facts.predictions, facts.predictions_right) == (2, 2, 1)
    assert facts.verified
    assert facts.changes.functions == ("two_sum",)
    assert facts.required == "n"
    assert CodeFacts.model_validate_json(facts.model_dump_json()) == facts


def test_facts_of_an_error(judge: Judge, two_sum: Problem) -> None:
    source = "def two_sum(nums, target):\n    x = {}\n    return x[target]\n"
    facts = code_facts(source, two_sum, judge.run(source, two_sum))
    assert facts.error.startswith("KeyError")
    assert (facts.error_line, facts.error_source) == (3, "return x[target]")
    assert facts.hidden_share is None


def test_facts_without_a_run(two_sum: Problem) -> None:
    facts = code_facts("def two_sum(", two_sum)
    assert not facts.parses
    assert not facts.ran
    assert facts.verdict is None
