"""The executable part of a coding question: what a content writer declares and every engine can run.

A `Problem` is data: contract, cases, checker, forbidden names, limits, reference, wrong and slow
solutions. It is written in YAML (see docs/problem-format.md), validated here, and never mutated. This
module knows nothing about processes, engines or scoring; it only says which problems make sense and how
a YAML value becomes a Python one.

Values in YAML are plain scalars, lists and mappings; what YAML cannot say is written with a tag, a
mapping whose key starts with `$`:

    {$tuple: [1, a]}   {$set: [1, 2]}   {$bytes: "00ff"}   {$complex: [1, -2]}   {$dict: [[1, a], [2, b]]}
    {$nd: [[1, 2], [3, 4]], dtype: float64}                {$py: "[(1, 2), {3, 4}, b'x', None]"}
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from bot.domain.base import Value

Kind = Literal["function", "class_ops", "script", "sql"]
How = Literal["equal", "close", "unordered", "any_of", "property"]
Big = Literal["1", "log n", "n", "n log n", "n^2", "n^3", "2^n"]
#: the growth classes from slow-growing to fast-growing; the order is used to say "worse than asked"
BIGS: tuple[Big, ...] = ("1", "log n", "n", "n log n", "n^2", "n^3", "2^n")

#: packages that an engine may offer beyond the standard library
Need = Literal["numpy"]

MAX_SOURCE_BYTES = 65_536
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_DTYPES = frozenset(
    {
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    }
)


class Verdict(StrEnum):
    """What became of a case or a submission; ordered by nothing, compared by name."""

    ACCEPTED = "accepted"
    WRONG = "wrong"  # ran, but the value is not the right one
    ERROR = "error"  # raised, or does not compile, or lacks the entry
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"  # flooded its output or returned something too large
    CRASHED = "crashed"  # the process died
    EXIT = "exit"  # called sys.exit and the like
    PROTOCOL = "protocol"  # what came back is not what a well-behaved child sends
    NOT_RUN = "not_run"
    ENGINE = "engine_error"  # our trouble, not the candidate's


class BadValue(ValueError):
    """A value in a problem file, or typed by a candidate, that cannot be read; says why."""


@dataclass(frozen=True, slots=True)
class Nd:
    """A numpy array without numpy: dtype name, shape, flat values in C order. The judge compares these."""

    dtype: str
    shape: tuple[int, ...]
    flat: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """Stands in a list of expected results of calls for "this call raises that class"."""

    name: str


# ------------------------------------------------------------------------------------------------- values


def _nd(raw: object, dtype: str) -> Nd:
    if dtype not in _DTYPES:
        raise BadValue(f"$nd: dtype {dtype!r} is not one of {', '.join(sorted(_DTYPES))}")
    shape: list[int] = []
    level: list[Any] = [raw]
    while level and isinstance(level[0], list | tuple):
        width = len(level[0])
        if any(not isinstance(row, list | tuple) or len(row) != width for row in level):
            raise BadValue("$nd: rows have different lengths")
        shape.append(width)
        level = [cell for row in level for cell in row]
        if width == 0:
            break
    if any(isinstance(cell, list | tuple) for cell in level):
        raise BadValue("$nd: rows have different lengths")
    cast: Any = float if dtype.startswith("float") else bool if dtype == "bool" else int
    if dtype.startswith("complex"):
        cast = complex
    try:
        return Nd(dtype, tuple(shape), tuple(cast(cell) for cell in level))
    except (TypeError, ValueError, OverflowError) as exc:
        raise BadValue(f"$nd: {exc}") from exc


def _hashable(values: list[Any]) -> list[Any]:
    for value in values:
        try:
            hash(value)
        except TypeError as exc:
            raise BadValue(f"{exc}: use a tuple inside of sets and as a key") from exc
    return values


def decode_value(raw: object, depth: int = 0) -> Any:
    """The Python value that a YAML/JSON value with `$` tags means. Raises `BadValue`."""
    if depth > 40:
        raise BadValue("nested deeper than 40 levels")
    if raw is None or isinstance(raw, bool | int | float | str):
        return raw
    if isinstance(raw, list | tuple):
        return [decode_value(item, depth + 1) for item in raw]
    if not isinstance(raw, dict):
        raise BadValue(f"cannot use a {type(raw).__name__} as a value (quote dates and times)")
    tag = next((key for key in raw if isinstance(key, str) and key.startswith("$")), None)
    if tag is None:
        return {key: decode_value(item, depth + 1) for key, item in raw.items()}
    body = raw[tag]
    if set(raw) - ({tag, "dtype"} if tag == "$nd" else {tag}):
        raise BadValue(f"{tag}: nothing else may stand beside it")
    if tag == "$py":
        return parse_literal(str(body))
    if tag == "$bytes":
        return bytes.fromhex(str(body))
    if tag == "$raises":
        return Raised(str(body))
    if tag == "$float":
        return float(body)
    if not isinstance(body, list | tuple):
        raise BadValue(f"{tag} needs a list")
    if tag == "$nd":
        cells = decode_value(body, depth + 1)
        return _nd(cells, str(raw.get("dtype", "float64")))
    items = [decode_value(item, depth + 1) for item in body]
    if tag == "$tuple":
        return tuple(items)
    if tag == "$set":
        return set(_hashable(items))
    if tag == "$dict":
        if any(not isinstance(pair, list | tuple) or len(pair) != 2 for pair in items):
            raise BadValue("$dict needs a list of [key, value] pairs")
        return dict(zip(_hashable([pair[0] for pair in items]), [pair[1] for pair in items], strict=True))
    if tag == "$complex" and len(items) == 2:
        return complex(float(items[0]), float(items[1]))
    known = "$tuple, $set, $dict, $bytes, $complex, $nd, $raises, $float or $py"
    raise BadValue(f"unknown tag {tag}: use {known}")


def _bracket_depth(text: str) -> int:
    depth = deepest = 0
    for char in text:
        if char in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")]}":
            depth -= 1
    return deepest


def parse_literal(text: str, *, max_chars: int = 20_000) -> Any:
    """A Python literal as text -> its value.

    No names but None, True, False, nan, inf; no calls but `np.array(list, dtype=...)`, `set()` and
    `float("nan")`. Safe on hostile text: length and depth are capped before anything is parsed.
    Raises `BadValue` with a message that a candidate understands.
    """
    if len(text) > max_chars:
        raise BadValue(f"longer than {max_chars} characters")
    if "\x00" in text or _bracket_depth(text) > 40 or re.search(r"(?:[-+~][\s(]*){40}", text):
        raise BadValue("nested too deeply, or holds a NUL character")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as exc:
        reason = exc.msg if isinstance(exc, SyntaxError) else "not a Python value"
        raise BadValue(f"not a Python value: {reason}") from exc
    try:
        return _literal(tree.body)
    except RecursionError as exc:
        raise BadValue("nested too deeply") from exc


def _literal(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value) if value is not ...:
            return value
        case ast.List(elts=elts):
            return [_literal(item) for item in elts]
        case ast.Tuple(elts=elts):
            return tuple(_literal(item) for item in elts)
        case ast.Set(elts=elts):
            return set(_hashable([_literal(item) for item in elts]))
        case ast.Dict(keys=keys, values=values) if all(key is not None for key in keys):
            names = _hashable([_literal(key) for key in keys if key is not None])
            return dict(zip(names, [_literal(item) for item in values], strict=True))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _number(operand)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=ast.Constant(complex() as imag)):
            return _number(left) + (imag if isinstance(op, ast.Add) else -imag)
        case ast.Name(id="nan" | "NaN") | ast.Attribute(attr="nan", value=ast.Name()):
            return math.nan
        case ast.Name(id="inf") | ast.Attribute(attr="inf", value=ast.Name()):
            return math.inf
        case ast.Call(func=ast.Name(id="set" | "frozenset"), args=[], keywords=[]):
            return set()
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as word)], keywords=[]):
            return float(word)
        case ast.Call(func=ast.Name("array") | ast.Attribute(attr="array"), args=[cells], keywords=named):
            return _array(_literal(cells), named)
    raise BadValue(
        "only plain values: numbers, strings, lists, tuples, sets, dicts, None, True, False, np.array([...])"
    )


def _number(node: ast.expr) -> Any:
    value = _literal(node)
    if isinstance(value, bool) or not isinstance(value, int | float | complex):
        raise BadValue("a sign belongs before a number")
    return value


def _array(cells: object, keywords: list[ast.keyword]) -> Nd:
    dtype = ""
    for keyword in keywords:
        if keyword.arg != "dtype":
            raise BadValue("np.array takes a list and dtype= here, nothing else")
        named = keyword.value
        dtype = named.attr if isinstance(named, ast.Attribute) else ""
        dtype = named.id if isinstance(named, ast.Name) else dtype
        dtype = str(named.value) if isinstance(named, ast.Constant) else dtype
        dtype = {"int": "int64", "float": "float64", "complex": "complex128"}.get(dtype, dtype)
    if not dtype:
        leaves = list(_leaves(cells))
        dtype = "bool" if leaves and all(isinstance(x, bool) for x in leaves) else "int64"
        dtype = "float64" if not leaves or any(isinstance(x, float) for x in leaves) else dtype
        dtype = "complex128" if any(isinstance(x, complex) for x in leaves) else dtype
    return _nd(cells, dtype)


def _leaves(cells: object) -> Iterator[object]:
    if isinstance(cells, list | tuple):
        for cell in cells:
            yield from _leaves(cell)
    else:
        yield cells


# ------------------------------------------------------------------------------------------------- the parts


def _compiles(code: str, what: str, defines: str = "") -> str:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError) as exc:
        raise ValueError(f"{what} is not valid Python: {exc}") from exc
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    names |= {
        (alias.asname or alias.name).split(".")[0]
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    if defines and defines not in names:
        raise ValueError(f"{what} must define {defines!r} at the top level; it defines {sorted(names)}")
    return code


class Check(Value):
    """How a returned value is judged. In full, or short: `equal`, `close`, `unordered`, `property:name`.

    equal      same value and type (`True` is not `1`; a list equals a tuple; floats within 1e-9 relative).
    close      numbers and arrays within `rtol` and `atol`; shapes must match; NaN matches NaN.
    unordered  as `equal`, or `close` when a tolerance is given; the outermost order does not matter.
    any_of     `expect` is a list of values, any one of which is right.
    property   `check(args, value, expected)` of `code`, or of the problem's `properties[name]`: True or a
               sentence that says what is wrong. Runs in a sandboxed process of its own, where the
               candidate's code never was.
    """

    how: How = "equal"
    rtol: float | None = Field(default=None, ge=0)
    atol: float | None = Field(default=None, ge=0)
    dtype: bool = Field(default=False, description="arrays must also have the same dtype")
    code: str | None = None
    name: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> Check:
        if (self.how == "property") != (self.code is not None or self.name is not None):
            raise ValueError("`code` or `name` goes with how: property, and with nothing else")
        if self.code is not None:
            _compiles(self.code, "check.code", "check")
        return self


def _short_check(raw: object) -> object:
    if isinstance(raw, str):
        how, _, name = raw.partition(":")
        return {"how": how.strip(), "name": name.strip()} if name else {"how": how.strip()}
    return raw


CheckField = Annotated[Check, BeforeValidator(_short_check)]


class Case(Value):
    """One example. Which of `args`, `init` + `calls`, `stdin`, `setup` it has follows from the kind.

    Without `expect` and `raises` the expected result is what the reference returns in the same engine.
    """

    name: str = Field(description="short, shown to the candidate when the case is visible; never a spoiler")
    args: list[Any] | dict[str, Any] | None = Field(
        default=None, description="function: the positional arguments, a list or a {$py: ...} that means one"
    )
    init: list[Any] | dict[str, Any] = Field(
        default_factory=list, description="class_ops: the constructor's arguments"
    )
    calls: list[tuple[str, list[Any]]] | None = Field(
        default=None, description="class_ops: [[method, [args]], ...]"
    )
    stdin: str | None = Field(default=None, description="script: what input() and sys.stdin deliver")
    setup: str | None = Field(default=None, description="sql: statements that fill the tables")
    expect: Any = Field(default=None, description="the value; class_ops: one per call; sql: list of rows")
    raises: str | None = Field(default=None, description="the call must raise this exception class")
    check: CheckField | None = Field(default=None, description="this case's own checker")
    driver: str | None = Field(default=None, description="run through the problem's driver of this name")
    why: str = Field(default="", description="what the case is about; for reviewers and the debrief")

    @property
    def has_expect(self) -> bool:
        """True when the writer wrote `expect` (null included)."""
        return "expect" in self.model_fields_set

    @field_validator("expect")
    @classmethod
    def _readable(cls, raw: Any) -> Any:
        decode_value(raw)
        return raw

    @field_validator("args", "init")
    @classmethod
    def _readable_args(cls, raw: Any) -> Any:
        if raw is not None and not isinstance(decode_value(raw), list | tuple):
            raise ValueError("must mean a list of arguments")
        return raw

    @field_validator("calls")
    @classmethod
    def _readable_calls(cls, raw: list[tuple[str, list[Any]]] | None) -> list[tuple[str, list[Any]]] | None:
        for _, args in raw or ():
            decode_value(args)
        return raw

    @model_validator(mode="after")
    def _one_outcome(self) -> Case:
        if self.raises is not None and self.has_expect:
            raise ValueError(f"case {self.name!r}: `expect` or `raises`, not both")
        return self


class Generated(Value):
    """`count` cases made from a seed: `code` defines `generate(rng, i)`, i = 0..count-1.

    `rng` is a `random.Random`, a fresh one for each i. It returns what the kind calls for: function ->
    tuple of arguments; class_ops -> (init list, [(method, args), ...]); script -> stdin text; sql -> setup
    statements. The expected result is the reference's. Runs in the sandbox.
    """

    name: str
    code: str
    seed: int = 0
    count: int = Field(default=5, ge=1, le=60)
    visible: bool = False
    check: CheckField | None = None
    driver: str | None = None
    why: str = ""

    @field_validator("code")
    @classmethod
    def _code(cls, code: str) -> str:
        return _compiles(code, "generated.code", "generate")


class Forbidden(Value):
    """Names that the candidate was asked not to use; found in the syntax tree, not by text search.

    `imports`: modules (`scipy` also matches `scipy.stats`). `calls`: `sorted`, `numpy.linalg.svd` (aliases
    such as `np` are resolved), or `.sort` for a method of anything.
    """

    imports: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


class Limits(Value):
    """Seconds of processor time that one case may take, from what the reference takes in the same engine.

    limit = min(ceiling_s, max(floor_s, factor * reference)). The wall clock allows twice that and a little more.
    """

    factor: float = Field(default=10.0, ge=2)
    floor_s: float = Field(default=1.0, gt=0, le=10)
    ceiling_s: float = Field(default=10.0, gt=0, le=30)
    memory_mb: int = Field(default=512, ge=64, le=2048)


class Slow(Value):
    """A correct solution of a worse class: shows that the measurement tells the two apart."""

    code: str
    time: Big
    why: str = ""


class Complexity(Value):
    """The class that is asked for, and how to make an input of size n to measure it.

    `generate` defines `generate(rng, n)` and returns the same shape as in `Generated`. Make the worst or
    typical case, never one that lets the slow solution stop early.
    """

    time: Big
    size: str = Field(description="what n is, in words: 'number of windows'")
    generate: str
    sizes: tuple[int, ...] = Field(default=(), description="only when doubling from 16 up does not fit")
    slow: Slow | None = None
    driver: str | None = None

    @field_validator("generate")
    @classmethod
    def _code(cls, code: str) -> str:
        return _compiles(code, "complexity.generate", "generate")

    @field_validator("sizes")
    @classmethod
    def _growing(cls, sizes: tuple[int, ...]) -> tuple[int, ...]:
        if sizes and (len(sizes) < 4 or list(sizes) != sorted(set(sizes)) or sizes[0] < 1):
            raise ValueError("sizes: at least four, growing, positive")
        return sizes


class Wrong(Value):
    """A plausible wrong solution; the check of the bank wants exactly the declared kind of failure."""

    name: str
    why: str
    code: str
    expect: Literal[
        "wrong", "timeout", "error", "memory", "output", "crashed", "exit", "forbidden", "slow"
    ] = "wrong"


class Problem(Value):
    """One executable coding problem. See docs/problem-format.md for an annotated example."""

    id: str
    kind: Kind = "function"
    entry: str = Field(default="", description="name of the function or class; empty for script and sql")
    contract: str = Field(description="Markdown: input, output, edge cases, what may be assumed")
    starter: str = Field(default="", description="what the editor shows first")
    sql_schema: str = Field(default="", description="sql: CREATE TABLE statements, shown to the candidate")
    needs: tuple[Need, ...] = ()
    check: CheckField = Check()
    properties: dict[str, str] = Field(default_factory=dict, description="named code with check()")
    drivers: dict[str, str] = Field(
        default_factory=dict, description="named code with drive(solution, *args)"
    )
    ordered: bool = Field(default=False, description="sql: the order of the rows is part of the answer")
    columns: bool = Field(default=False, description="sql: the column names are part of the answer")
    visible: tuple[Case, ...] = ()
    hidden: tuple[Case, ...] = ()
    generated: tuple[Generated, ...] = ()
    forbid: Forbidden = Forbidden()
    limits: Limits = Limits()
    complexity: Complexity | None = None
    reference: str
    wrong: tuple[Wrong, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _holds_together(self) -> Problem:
        if not _NAME.fullmatch(self.id):
            raise ValueError(f"id {self.id!r}: letters, digits, dot, dash, underscore; starts with a letter")
        if self.kind in ("function", "class_ops"):
            if not self.entry.isidentifier():
                raise ValueError(f"kind {self.kind} needs `entry`, the name of the function or class")
        elif self.entry:
            raise ValueError(f"kind {self.kind} has no `entry`")
        if (self.kind == "sql") != bool(self.sql_schema):
            raise ValueError("`sql_schema` goes with kind sql, and kind sql needs it")
        if not self.visible and not any(group.visible for group in self.generated):
            raise ValueError("at least one visible case")
        if not self.hidden and all(group.visible for group in self.generated):
            raise ValueError("at least one hidden case")
        names = [case.name for case in (*self.visible, *self.hidden)]
        names += [group.name for group in self.generated]
        if len(names) != len(set(names)):
            raise ValueError(f"case names must differ: {sorted({n for n in names if names.count(n) > 1})}")
        self._codes()
        for case in (*self.visible, *self.hidden):
            self._case(case)
        for check in self.checks():
            if check.name is not None and check.name not in self.properties:
                raise ValueError(f"property {check.name!r} is not in `properties`")
        drivers = [case.driver for case in (*self.visible, *self.hidden)] + [g.driver for g in self.generated]
        if missing := {name for name in drivers if name} - set(self.drivers):
            raise ValueError(f"drivers {sorted(missing)} are not in `drivers`")
        if len({entry.name for entry in self.wrong}) != len(self.wrong):
            raise ValueError("names of wrong solutions must differ")
        return self

    def _codes(self) -> None:
        entry = "" if self.kind == "script" else self.entry
        if self.kind != "sql":
            _compiles(self.reference, "reference", entry)
            for wrong in self.wrong:
                if wrong.expect != "error":
                    _compiles(wrong.code, f"wrong {wrong.name!r}", entry)
            if self.complexity and self.complexity.slow:
                _compiles(self.complexity.slow.code, "complexity.slow", entry)
        for name, code in self.properties.items():
            _compiles(code, f"property {name!r}", "check")
        for name, code in self.drivers.items():
            _compiles(code, f"driver {name!r}", "drive")
        if self.drivers and self.kind not in ("function", "class_ops"):
            raise ValueError("drivers go with kind function and class_ops")

    def _case(self, case: Case) -> None:
        field = {"function": "args", "class_ops": "calls", "script": "stdin", "sql": "setup"}[self.kind]
        given = {name for name in ("args", "calls", "stdin", "setup") if getattr(case, name) is not None}
        if case.driver and self.kind == "class_ops":
            field = "args"
        if given != {field}:
            got = ", ".join(sorted(given)) or "nothing"
            raise ValueError(f"case {case.name!r}: kind {self.kind} wants {field!r}, got {got}")
        if (
            case.calls is not None
            and case.has_expect
            and not self._judged_otherwise(case)
            and (not isinstance(case.expect, list) or len(case.expect) != len(case.calls))
        ):
            raise ValueError(f"case {case.name!r}: `expect` is a list with one entry per call")
        check = case.check or self.check
        if check.how == "any_of" and not (case.has_expect and isinstance(case.expect, list) and case.expect):
            raise ValueError(f"case {case.name!r}: any_of needs `expect`, a list of right values")

    def _judged_otherwise(self, case: Case) -> bool:
        return (case.check or self.check).how in ("any_of", "property")

    def checks(self) -> Iterator[Check]:
        """Every checker in use."""
        yield self.check
        own = [case.check for case in (*self.visible, *self.hidden)]
        own += [group.check for group in self.generated]
        yield from (check for check in own if check is not None)

    @property
    def digest(self) -> str:
        """Identity of the executable content: changes with anything that can change a verdict."""
        body = self.model_dump(mode="python", exclude={"contract", "starter"})
        text = json.dumps(body, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
