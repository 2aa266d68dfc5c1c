"""The YAML shape: values with tags, literals as people type them, and what a problem must hold."""

from __future__ import annotations

import contextlib
import math
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.problem import BadValue, Nd, Problem, Raised, decode_value, parse_literal
from tests.coding.conftest import PROBLEMS

DOCS = Path(__file__).parents[2] / "docs" / "problem-format.md"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"$tuple": [1, {"$set": [2]}]}, (1, {2})),
        ({"$dict": [[{"$tuple": [1, 2]}, "a"]]}, {(1, 2): "a"}),
        ({"$bytes": "00ff"}, b"\x00\xff"),
        ({"$complex": [1, -2]}, 1 - 2j),
        ({"$nd": [[1, 2], [3, 4]]}, Nd("float64", (2, 2), (1.0, 2.0, 3.0, 4.0))),
        ({"$nd": [True], "dtype": "bool"}, Nd("bool", (1,), (True,))),
        ({"$nd": [[], []]}, Nd("float64", (2, 0), ())),
        ({"$raises": "KeyError"}, Raised("KeyError")),
        ({"$py": "[(1, {2: {3}}), b'x', None, -1.5, 1+2j]"}, [(1, {2: {3}}), b"x", None, -1.5, 1 + 2j]),
        ({"a": [1]}, {"a": [1]}),
    ],
)
def test_tags_mean_values(raw: object, value: object) -> None:
    assert decode_value(raw) == value


@pytest.mark.parametrize(
    "raw",
    [{"$what": [1]}, {"$tuple": 3}, {"$set": [[1]]}, {"$nd": [[1], [2, 3]]}, {"$nd": [1], "dtype": "object"},
     {"$tuple": [1], "also": 2}, {"$dict": [[1]]}, {"$py": "open('x')"}],
)  # fmt: skip
def test_unreadable_values_are_refused(raw: object) -> None:
    with pytest.raises(BadValue):
        decode_value(raw)


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "(" * 60, "-" * 200 + "1", "[1][0]", "f(1)", "1+1", "'a'.x", "[x for x in y]", "lambda: 0",
     "1" * 30_000, "\x00", "{**{}}", "...", "f'{1}'", "np.array([1], copy=3)", "np.array([[1], [2, 3]])", ""],
)  # fmt: skip
def test_literals_are_only_values(text: str) -> None:
    with pytest.raises(BadValue):
        parse_literal(text)


def test_literals_as_people_type_them() -> None:
    assert parse_literal(" [1, -2.5, 'x', None, True, (3,), {1: {2}}] ") == [
        1,
        -2.5,
        "x",
        None,
        True,
        (3,),
        {1: {2}},
    ]
    assert parse_literal("np.array([[1, 2.0]])") == Nd("float64", (1, 2), (1.0, 2.0))
    assert parse_literal("np.array([1], dtype=np.float32)") == Nd("float32", (1,), (1.0,))
    assert math.isnan(parse_literal("float('nan')"))
    assert parse_literal("[np.inf, -inf]") == [math.inf, -math.inf]


@given(st.text(max_size=200))
def test_any_text_is_a_value_or_refused(text: str) -> None:
    with contextlib.suppress(BadValue):
        parse_literal(text)


literals = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=10,
)


@given(literals)
def test_repr_of_plain_values_reads_back(value: Any) -> None:
    assert parse_literal(repr(value)) == value


def test_the_example_of_the_documentation_is_valid() -> None:
    text = re.search(r"```yaml\n(problem:.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert text
    raw = yaml.safe_load(text[1])["problem"]
    raw["wrong"] = [raw["wrong"][0] | {"name": str(i)} for i in range(3)]
    problem = Problem.model_validate(raw)
    assert problem.complexity is not None
    assert problem.complexity.time == "n log n"


def _raw() -> dict[str, Any]:
    raw = yaml.safe_load((PROBLEMS / "two-sum.yaml").read_text(encoding="utf-8"))
    assert isinstance(raw, dict)
    return raw


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"entry": "other"}, "must define"),
        ({"entry": ""}, "entry"),
        ({"check": "property:nobody"}, "nobody"),
        ({"check": "exactly"}, "how"),
        ({"wrong": []}, "at least 3"),
        ({"visible": []}, "visible"),
        ({"surprise": 1}, "surprise"),
        ({"reference": "def two_sum(:"}, "not valid Python"),
        ({"hidden": [{"name": "a", "stdin": "x"}]}, "wants 'args'"),
        ({"hidden": [{"name": "ends", "args": [[1], 2]}]}, "must differ"),
        ({"hidden": [{"name": "a", "args": [[1], 2], "expect": 1, "raises": "KeyError"}]}, "not both"),
        ({"hidden": [{"name": "a", "args": {"$py": "3"}}]}, "list of arguments"),
        ({"hidden": [{"name": "a", "args": [1], "driver": "d"}]}, "drivers"),
        ({"kind": "sql"}, "no `entry`"),
    ],
)
def test_mistakes_in_a_problem_are_named(change: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(word)):
        Problem.model_validate(_raw() | change)


def test_the_digest_changes_with_what_decides_and_not_with_the_text() -> None:
    raw = _raw()
    base = Problem.model_validate(raw).digest
    assert Problem.model_validate(raw | {"contract": "other"}).digest == base
    assert Problem.model_validate(raw | {"limits": {"floor_s": 0.4}}).digest != base
