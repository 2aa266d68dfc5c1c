"""Whether a claimed value is the right one: the judge's own comparison, on the judge's own copies.

Pure functions over decoded values (`bot.coding.wire`). `True` is not `1`; a list equals a tuple with the
same items; a set equals only a set; NaN equals NaN. Property checkers run elsewhere (bot.coding.judge).
"""

from __future__ import annotations

import math
from typing import Any

from bot.domain.problem import Check, Nd, Raised

EQUAL_RTOL = 1e-9
EQUAL_ATOL = 1e-12
CLOSE_RTOL = 1e-6
CLOSE_ATOL = 1e-8


def matches(check: Check, value: Any, expected: Any) -> bool:
    """Does `value` pass `check` against `expected`? Not for property checks."""
    if check.how == "any_of":
        return any(same(value, one, _tolerance(check), check.dtype) for one in expected)
    if check.how == "unordered":
        return same_bag(value, expected, _tolerance(check), check.dtype)
    return same(value, expected, _tolerance(check), check.dtype)


Tolerance = tuple[float, float]


def _tolerance(check: Check) -> Tolerance:
    close = check.how == "close" or check.rtol is not None or check.atol is not None
    default = (CLOSE_RTOL, CLOSE_ATOL) if close else (EQUAL_RTOL, EQUAL_ATOL)
    return (
        default[0] if check.rtol is None else check.rtol,
        default[1] if check.atol is None else check.atol,
    )


def _number(x: Any) -> bool:
    return isinstance(x, int | float | complex) and not isinstance(x, bool)


def _near(a: Any, b: Any, tolerance: Tolerance) -> bool:
    if isinstance(a, complex) or isinstance(b, complex):
        try:
            a, b = complex(a), complex(b)
        except OverflowError:
            return False
        return _near(a.real, b.real, tolerance) and _near(a.imag, b.imag, tolerance)
    if isinstance(a, int) and isinstance(b, int):
        return a == b or (tolerance[1] >= 1 and abs(a - b) <= tolerance[1])
    try:
        a, b = float(a), float(b)
    except OverflowError:
        return bool(a == b)
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if math.isinf(a) or math.isinf(b):
        return bool(a == b)
    return bool(abs(a - b) <= tolerance[1] + tolerance[0] * abs(b))


def same(
    value: Any, expected: Any, tolerance: Tolerance = (EQUAL_RTOL, EQUAL_ATOL), dtype: bool = False
) -> bool:
    """Structural equality; a number may differ by atol + rtol * |expected| where a float is involved.

    Two ints must be identical: 3 where 4 is wanted is never rounding.
    """
    if isinstance(expected, Nd) or isinstance(value, Nd):
        return _same_array(value, expected, tolerance, dtype)
    if isinstance(expected, bool) or isinstance(value, bool):
        return type(value) is type(expected) and value == expected
    if _number(expected) and _number(value):
        return _near(value, expected, tolerance)
    if isinstance(expected, list | tuple):
        if not isinstance(value, list | tuple) or len(value) != len(expected):
            return False
        return all(same(a, b, tolerance, dtype) for a, b in zip(value, expected, strict=True))
    if isinstance(expected, dict):
        if not isinstance(value, dict) or len(value) != len(expected):
            return False
        exact = {_key(k): v for k, v in value.items()}
        return all(
            _key(k) in exact and same(exact[_key(k)], v, tolerance, dtype) for k, v in expected.items()
        )
    if isinstance(expected, set | frozenset):
        return isinstance(value, set | frozenset) and {_key(x) for x in value} == {_key(x) for x in expected}
    if isinstance(expected, Raised) or isinstance(value, Raised):
        return False  # how a call ended is judged before values are compared
    return type(value) is type(expected) and bool(value == expected)


def _key(x: Any) -> Any:
    """Hashable stand-in in which True and 1 differ."""
    if isinstance(x, tuple):
        return ("t", *(_key(i) for i in x))
    return (isinstance(x, bool), x)


def _same_array(value: Any, expected: Any, tolerance: Tolerance, dtype: bool) -> bool:
    if not isinstance(expected, Nd):  # an array where a list is expected is judged by its content
        expected = _as_array(expected, value.dtype if isinstance(value, Nd) else "float64")
        dtype = False
    if not isinstance(value, Nd):
        if dtype:
            return False
        value = _as_array(value, expected.dtype if expected is not None else "float64")
    if value is None or expected is None or value.shape != expected.shape:
        return False
    if dtype and value.dtype != expected.dtype:
        return False
    for a, b in zip(value.flat, expected.flat, strict=True):
        if isinstance(a, bool) != isinstance(b, bool):
            return False
        if isinstance(a, bool):
            if a != b:
                return False
        elif not _near(a, float(b) if isinstance(a, float) and isinstance(b, int) else b, tolerance):
            return False
    return True


def _as_array(value: Any, dtype: str) -> Nd | None:
    if _number(value) or isinstance(value, bool):
        return Nd(dtype, (), (value,))
    if not isinstance(value, list | tuple):
        return None
    shape, level = [len(value)], list(value)
    while level and all(isinstance(item, list | tuple) for item in level):
        width = len(level[0])
        if any(len(item) != width for item in level):
            return None
        shape.append(width)
        level = [cell for item in level for cell in item]
    if not all(_number(item) or isinstance(item, bool) for item in level):
        return None
    return Nd(dtype, tuple(shape), tuple(level))


def same_bag(value: Any, expected: Any, tolerance: Tolerance, dtype: bool = False) -> bool:
    """Equality without the outermost order. Cheap for values that sort or hash; quadratic otherwise."""
    if isinstance(value, Nd) and value.shape:
        value = _rows(value)
    if isinstance(expected, Nd) and expected.shape:
        expected = _rows(expected)
    if isinstance(expected, set | frozenset) or isinstance(value, set | frozenset):
        value, expected = _listed(value), _listed(expected)
    if not isinstance(value, list | tuple) or not isinstance(expected, list | tuple):
        return same(value, expected, tolerance, dtype)
    if len(value) != len(expected):
        return False
    left = list(value)
    if (ordered := _sorted_pair(left, list(expected))) is not None and same(*ordered, tolerance, dtype):
        return True
    if len(left) > 2000:
        return False
    for want in expected:
        for i, got in enumerate(left):
            if same(got, want, tolerance, dtype):
                del left[i]
                break
        else:
            return False
    return True


def _rows(array: Nd) -> list[Any]:
    step = math.prod(array.shape[1:])
    if len(array.shape) == 1:
        return list(array.flat)
    count = array.shape[0]
    return [Nd(array.dtype, array.shape[1:], array.flat[i * step : (i + 1) * step]) for i in range(count)]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, set | frozenset) else value


def _sorted_pair(a: list[Any], b: list[Any]) -> tuple[list[Any], list[Any]] | None:
    try:
        return sorted(a), sorted(b)
    except TypeError:
        return None


def first_difference(value: Any, expected: Any) -> int | None:
    """Index of the first item that differs, when both are lists; for people."""
    if not isinstance(value, list | tuple) or not isinstance(expected, list | tuple):
        return None
    for i, (a, b) in enumerate(zip(value, expected, strict=False)):
        if not same(a, b):
            return i
    return min(len(value), len(expected)) if len(value) != len(expected) else None
