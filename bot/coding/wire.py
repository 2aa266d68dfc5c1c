"""The language between the judge and a child process, as the judge sees it.

`encode` writes our own inputs; `parse_answer` and `decode` read what came back and believe nothing: strict
JSON, known tags, bounded depth and size, no objects, no pickle, no NaN literals. Everything that is not
exactly what a well-behaved child sends raises `BadAnswer`. Knows nothing about processes or verdicts.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from typing import Any

from bot.domain.problem import Nd, Raised

MAX_DEPTH = 64
MAX_NODES = 500_000
MAX_INT_DIGITS = 20_000
MAX_ALIKE = 100  # keys of one dict or set with the same hash: more are made to freeze us, not to answer
_DTYPE = re.compile(r"bool|u?int(8|16|32|64)|float(16|32|64)|complex(64|128)")
_SAFE_INT = 1 << 53


class BadAnswer(Exception):
    """A child sent something that a well-behaved child never sends."""


def encode(value: Any) -> Any:
    """A Python value -> JSON for `child.core.decode`. Raises `TypeError` for what is not a plain value."""
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return value if -_SAFE_INT < value < _SAFE_INT else {"$": "int", "v": hex(value)}
    if kind is float:
        return value if math.isfinite(value) else {"$": "float", "v": value.hex()}
    if kind is list:
        return [encode(item) for item in value]
    if kind is tuple:
        return {"$": "tuple", "v": [encode(item) for item in value]}
    if kind is dict:
        return {"$": "dict", "v": [[encode(key), encode(item)] for key, item in value.items()]}
    if kind in (set, frozenset):
        return {"$": "set", "v": [encode(item) for item in value]}
    if kind is bytes:
        return {"$": "bytes", "v": value.hex()}
    if kind is complex:
        return {"$": "complex", "v": [value.real.hex(), value.imag.hex()]}
    if kind is Nd:
        return {"$": "nd", "dt": value.dtype, "sh": list(value.shape), "v": [encode(x) for x in value.flat]}
    if kind is Raised:
        return None
    raise TypeError(f"cannot send a {kind.__name__}")


def parse_answer(line: bytes) -> dict[str, Any]:
    """One answer line -> its JSON object."""

    def refuse(word: str) -> None:
        raise BadAnswer(f"the constant {word}")

    try:
        answer = json.loads(line.decode("utf-8", "surrogatepass"), parse_constant=refuse)
    except (ValueError, RecursionError) as exc:
        raise BadAnswer(f"not JSON ({type(exc).__name__})") from exc
    if not isinstance(answer, dict):
        raise BadAnswer("not an object")
    return answer


class _Decoder:
    def __init__(self) -> None:
        self.nodes = 0

    def read(self, raw: Any, depth: int = 0) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise BadAnswer("too deep or too large")
        if raw is None or isinstance(raw, bool | int | str):
            return raw
        if isinstance(raw, float):
            if not math.isfinite(raw):
                raise BadAnswer("a number out of range")
            return raw
        if isinstance(raw, list):
            return [self.read(item, depth + 1) for item in raw]
        if not isinstance(raw, dict):  # json.loads makes nothing else
            raise BadAnswer("an unknown kind")
        return self.tagged(raw, depth)

    def tagged(self, raw: dict[str, Any], depth: int) -> Any:
        kind, body = raw.get("$"), raw.get("v")
        if set(raw) - ({"$", "v", "dt", "sh"} if kind == "nd" else {"$", "v"}):
            raise BadAnswer("unknown keys")
        if isinstance(body, str):
            return self.text(kind, body)
        if not isinstance(body, list):
            raise BadAnswer("a tag without a body")
        if kind == "complex":
            if len(body) != 2 or not all(isinstance(part, str) and len(part) < 64 for part in body):
                raise BadAnswer("not a complex number")
            return complex(_float(body[0]), _float(body[1]))
        items = [self.read(item, depth + 1) for item in body]
        try:
            if kind == "tuple":
                return tuple(items)
            if kind == "set":
                return _spread(items) and set(items)
            if kind == "dict":
                return _spread([key for key, _ in items]) and dict(items)
        except (TypeError, ValueError) as exc:
            raise BadAnswer(f"not a {kind}") from exc
        if kind == "nd":
            return self.array(raw, items)
        raise BadAnswer("an unknown tag")

    @staticmethod
    def text(kind: object, body: str) -> Any:
        try:
            if kind == "int" and len(body) <= MAX_INT_DIGITS:
                return int(body, 16)
            if kind == "bytes":
                return bytes.fromhex(body)
        except ValueError as exc:
            raise BadAnswer(f"not {kind}") from exc
        if kind == "float" and len(body) < 64:
            return _float(body)
        raise BadAnswer("an unknown tag")

    @staticmethod
    def array(raw: dict[str, Any], items: list[Any]) -> Nd:
        dtype, shape = raw.get("dt"), raw.get("sh")
        if not isinstance(dtype, str) or not _DTYPE.fullmatch(dtype):
            raise BadAnswer("not a dtype")
        if not isinstance(shape, list) or len(shape) > 16:
            raise BadAnswer("not a shape")
        if not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= MAX_NODES for n in shape):
            raise BadAnswer("not a shape")
        if math.prod(shape) != len(items):
            raise BadAnswer("the shape does not fit")
        if not all(isinstance(x, bool | int | float | complex) for x in items):
            raise BadAnswer("not numbers")
        return Nd(dtype, tuple(shape), tuple(items))


def _spread(keys: list[Any]) -> bool:
    """True; `BadAnswer` when so many keys share a hash that a table of them would take minutes to build (numbers
    and tuples of numbers have hashes that anybody can compute, and the interpreter cannot be interrupted there)."""
    if len(keys) > MAX_ALIKE and max(Counter(map(hash, keys)).values()) > MAX_ALIKE:
        raise BadAnswer("keys that are made to collide")
    return True


def _float(text: str) -> float:
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError) as exc:
        raise BadAnswer("not a float") from exc


def decode(raw: Any) -> Any:
    """A claimed value -> Python, or `BadAnswer`. Numpy arrays become `Nd`; numpy is not imported."""
    return _Decoder().read(raw)


# ------------------------------------------------------------------------------------------------ text

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)?")
_KEEP = frozenset("\n\t")


def clean(text: object, limit: int) -> str:
    """Hostile text -> text that is safe to store and to show escaped: no lone surrogates, no terminal or
    bidirectional control characters, at most `limit` characters. Escaping for HTML is the page's work."""
    if not isinstance(text, str):
        return ""
    cut = _ANSI.sub("", text[: limit * 2])[:limit]
    return "".join(char if char in _KEEP or not _is_control(char) else "\ufffd" for char in cut)


def _is_control(char: str) -> bool:
    # Cc control, Cf format (bidi overrides, zero width), Cs surrogate, Co private use, Cn unassigned
    return char < " " or char == "\x7f" or (char > "\x7f" and unicodedata.category(char)[0] == "C")


def show(value: Any, limit: int = 400) -> str:
    """A decoded value as short Python text, for people; never longer than `limit`."""
    text = _Shower(limit).show(value, 0)
    return clean(text if len(text) <= limit else text[: limit - 3] + "...", limit)


class _Shower:
    def __init__(self, limit: int) -> None:
        self.room = limit * 2

    def show(self, value: Any, depth: int) -> str:
        text = self._show(value, depth)
        self.room -= 2
        return text

    def _join(self, items: Any, depth: int) -> str:
        parts = []
        for item in items:
            if self.room <= 0:
                parts.append("...")
                break
            parts.append(self.show(item, depth + 1))
        return ", ".join(parts)

    def _show(self, value: Any, depth: int) -> str:
        if isinstance(value, Nd):
            return f"array({self._rows(value)}, dtype={value.dtype})"
        if isinstance(value, Raised):
            return f"raises {value.name}"
        if isinstance(value, list):
            return f"[{self._join(value, depth)}]"
        if isinstance(value, tuple):
            return f"({self._join(value, depth)}{',' if len(value) == 1 else ''})"
        if isinstance(value, set | frozenset):
            return f"{{{self._join(value, depth)}}}" if value else "set()"
        if isinstance(value, dict):
            pairs = []
            for key, item in value.items():
                if self.room <= 0:
                    pairs.append("...")
                    break
                pairs.append(f"{self.show(key, depth + 1)}: {self.show(item, depth + 1)}")
            return "{" + ", ".join(pairs) + "}"
        if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 4000:
            return f"an integer of {value.bit_length()} bits"
        text = repr(value[:2000]) if isinstance(value, str | bytes) else repr(value)
        self.room -= len(text)
        return text

    def _rows(self, value: Nd) -> str:
        if len(value.shape) <= 1:
            return f"[{self._join(value.flat, 0)}]" if value.shape else repr(value.flat[0])
        inner = value.shape[1:]
        step = math.prod(inner)
        rows = []
        for start in range(0, len(value.flat), step or 1):
            if self.room <= 0:
                rows.append("...")
                break
            rows.append(self._rows(Nd(value.dtype, inner, value.flat[start : start + step])))
        return "[" + ", ".join(rows) + "]"
