"""The strict reading of what comes out of a child, and the comparison of what was read."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coding import compare, wire
from bot.coding.cell import Result, read_result
from bot.coding.engines.native import CHILD
from bot.coding.process import Answer
from bot.domain.problem import Check, Nd, Verdict

sys.path.insert(0, str(CHILD))
import contextlib

import core  # type: ignore[import-not-found]

sys.path.remove(str(CHILD))

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False)
)
hashable = st.none() | st.integers() | st.text(max_size=5) | st.booleans()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.sets(hashable, max_size=4)
        | st.dictionaries(hashable, inner, max_size=3)
    ),
    max_leaves=20,
)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.fixed_dictionaries(
            {
                "$": st.sampled_from(["int", "float", "tuple", "set", "dict", "bytes", "complex", "nd"]),
                "v": inner,
            }
        )
        | st.fixed_dictionaries({"$": st.just("nd"), "v": inner, "dt": st.just("int64") | inner, "sh": inner})
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=15,
)


@given(values)
def test_what_the_child_says_is_read_back_as_it_was(value: Any) -> None:
    line = json.dumps(core._Encoder().encode(value)).encode("utf-8", "surrogatepass")
    back = wire.decode(json.loads(line))
    assert compare.same(back, value)
    assert repr(back) == repr(value) or isinstance(value, set | dict | list | tuple)


@given(values)
def test_inputs_arrive_as_they_were_sent(value: Any) -> None:
    assert compare.same(core.decode(json.loads(json.dumps(wire.encode(value)))), value)


@given(jsons, values)
def test_no_claim_can_break_the_judge(claim: Any, expected: Any) -> None:
    try:
        value = wire.decode(claim)
    except wire.BadAnswer:
        return
    for check in (Check(), Check(how="close"), Check(how="unordered"), Check(how="close", dtype=True)):
        assert compare.matches(check, value, expected) in (True, False)
        assert compare.matches(check, expected, value) in (True, False)
    assert len(wire.show(value)) <= 400


@given(st.dictionaries(st.sampled_from(["status", "value", "error", "raised", "out", "lost"]), jsons))
def test_no_answer_can_break_the_judge(fields: dict[str, Any]) -> None:
    result = read_result(Answer({"op": "case", "id": 1} | fields))
    assert isinstance(result, Result)
    assert len(result.stdout) <= 20_000


@given(st.binary(max_size=200))
def test_any_line_is_an_object_or_refused(line: bytes) -> None:
    with contextlib.suppress(wire.BadAnswer):
        assert isinstance(wire.parse_answer(line), dict)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"null",
        b"NaN",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b"\xff",
    ],
)
def test_lines_that_are_not_answers(line: bytes) -> None:
    with pytest.raises(wire.BadAnswer):
        wire.parse_answer(line)


@pytest.mark.parametrize(
    "claim",
    [
        1e999, {"$": "int", "v": "zz"}, {"$": "int", "v": "1" * 30_000}, {"$": "object", "v": []}, {"v": []},
        {"$": "nd", "dt": "object", "sh": [1], "v": [1]}, {"$": "nd", "dt": "int64", "sh": [2], "v": [1]},
        {"$": "nd", "dt": "int64", "sh": [True], "v": [1]}, {"$": "nd", "dt": "int64", "sh": [1], "v": ["a"]},
        {"$": "set", "v": [[1]]}, {"$": "dict", "v": [[1]]}, {"$": "complex", "v": [1, 2]},
        {"$": "tuple", "v": [], "x": 1},
    ],
)  # fmt: skip
def test_claims_that_are_not_values(claim: Any) -> None:
    with pytest.raises(wire.BadAnswer):
        wire.decode(claim)


def test_depth_is_bounded() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    with pytest.raises(wire.BadAnswer):
        wire.decode(deep)


def test_subclasses_are_reduced_by_their_base() -> None:
    class Liar(list[int]):
        def __iter__(self) -> Any:
            return iter([0, 1])

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    class LyingInt(int):
        def __index__(self) -> int:
            return 7

    assert core._Encoder().encode(Liar([5, 6])) == [5, 6]
    assert core._Encoder().encode(LyingInt(3)) == 3


@pytest.mark.parametrize("thing", [iter([]), (i for i in ()), range(3), object(), len, map(str, [1])])
def test_lazy_and_foreign_things_are_no_values(thing: object) -> None:
    with pytest.raises(core.NotAValue):
        core._Encoder().encode(thing)


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (True, 1, False), (1, True, False), ([0, 1], [False, True], False), ({1: 2}, {True: 2}, False),
        ({1}, {True}, False), ((1, 2), [1, 2], True), (1, 1.0, True), (1.5, 1, False), (3, 4, False),
        (math.nan, math.nan, True), (math.inf, 1e308, False), (-0.0, 0.0, True), ("1", 1, False), (None, 0, False),
        (0.1 + 0.2, 0.3, True), (10**400, 1.0, False), ([1, [2]], [1, [2, 3]], False), ({1, 2}, [1, 2], False),
        (Nd("int64", (2,), (1, 2)), [1, 2], True), (Nd("int64", (1, 2), (1, 2)), [1, 2], False), (b"a", "a", False),
    ],
)  # fmt: skip
def test_equality(a: object, b: object, equal: bool) -> None:
    assert compare.same(a, b) is equal


def test_checkers() -> None:
    assert compare.matches(Check(how="close"), [1.0000001, 2], [1.0, 2])
    assert not compare.matches(Check(how="equal"), [1.0000001, 2], [1.0, 2])
    assert compare.matches(Check(how="close", rtol=0, atol=0.5), 1.4, 1)
    assert compare.matches(Check(how="unordered"), [[2], [1], [2]], [[1], [2], [2]])
    assert not compare.matches(Check(how="unordered"), [1, 1, 2], [1, 2, 2])
    assert compare.matches(Check(how="unordered"), [{"a": 1}, None], [None, {"a": 1}])
    assert compare.matches(Check(how="any_of"), 2, [1, 2])
    assert not compare.matches(Check(how="any_of"), [1, 2], [1, 2])
    floats = Nd("float64", (2,), (1.0, math.nan)), Nd("float32", (2,), (1.0, math.nan))
    assert compare.matches(Check(how="close"), *floats)
    assert not compare.matches(Check(how="close", dtype=True), *floats)


def test_text_is_made_safe() -> None:
    nasty = "\x1b[31mred\x1b]0;t\x07 \u202eabc\ud800\x00\tok\n"
    clean = wire.clean(nasty, 100)
    assert clean == "red \ufffdabc\ufffd\ufffd\tok\n"
    assert wire.clean("x" * 100, 10) == "x" * 10
    assert wire.clean(3, 10) == ""
    clean.encode("utf-8")


def test_shown_values_are_short() -> None:
    assert wire.show([1, (2,), {"a": {3}}, None]) == "[1, (2,), {'a': {3}}, None]"
    assert wire.show(Nd("int64", (2, 2), (1, 2, 3, 4))) == "array([[1, 2], [3, 4]], dtype=int64)"
    assert len(wire.show([[0] * 1000] * 1000)) <= 400
    assert "bits" in wire.show(1 << 100_000)


def test_verdicts_of_statuses() -> None:
    assert read_result(Answer(None, Verdict.TIMEOUT)).verdict is Verdict.TIMEOUT
    assert read_result(Answer({"status": "accepted", "value": 1})).verdict is Verdict.PROTOCOL
    assert read_result(Answer({"status": "ok"})).verdict is Verdict.PROTOCOL


def test_keys_that_collide_are_refused_before_a_table_is_made_of_them() -> None:
    prime = (1 << 61) - 1
    keys = [{"$": "int", "v": hex(k * prime)} for k in range(1, 40_001)]
    for raw in ({"$": "set", "v": keys}, {"$": "dict", "v": [[key, 0] for key in keys]}):
        with pytest.raises(wire.BadAnswer, match="collide"):
            wire.decode(raw)
    assert len(wire.decode({"$": "set", "v": list(range(40_000))})) == 40_000
