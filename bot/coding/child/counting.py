"""Counts basic operations of the candidate's program: a noise-free companion to measured time.

`instrument` rewrites a syntax tree so that every loop iteration and function call ticks a counter, and so
that calls, slices, `in` and list repetition add what they cost inside C (sorting n items adds n log2 n).
What it cannot see through (numpy, unknown C functions given something long) is counted as opaque, and the
parent then trusts the clock instead. It runs beside the candidate's code, so its numbers are claims;
the parent cross-checks them against the processor time that it measures itself.
"""

# mypy: ignore-errors
# (a program of its own, run by `python -I -S` or inside Pyodide; its speed at start is what matters)

import ast
import bisect
import builtins
import collections
import functools
import heapq
import math
import types

TICK, CALL, IN, SLICE, BINOP = "__tick__", "__call_c__", "__in_c__", "__slice_c__", "__binop_c__"

_SIZED = (list, tuple, str, bytes, bytearray, dict, set, frozenset, collections.deque, range)


def _size(x):
    return len(x) if isinstance(x, _SIZED) else 0


def _log(n):
    return math.log2(n) if n > 2 else 1.0


def _linear(args):
    return sum(_size(a) for a in args[:2])


def _first(args):
    return _size(args[0]) if args else 0


def _sorting(args):
    n = _first(args)
    return n * _log(n)


def _heap(args):
    return _log(_first(args))


def _nbest(args):
    n = _size(args[1]) if len(args) > 1 else 0
    k = args[0] if args and isinstance(args[0], int) else 1
    return n * _log(max(2, min(k, n)))


_CHEAP = {
    builtins.len, builtins.isinstance, builtins.print, builtins.abs, builtins.ord, builtins.chr,
    builtins.range, builtins.enumerate, builtins.zip, builtins.map, builtins.filter, builtins.iter,
    builtins.next, builtins.int, builtins.float, builtins.bool, builtins.id, builtins.hash,
    builtins.round, builtins.divmod, builtins.pow, builtins.getattr, builtins.setattr, builtins.hasattr,
    builtins.type, builtins.super, builtins.object, builtins.callable, builtins.slice, builtins.property,
    builtins.issubclass, builtins.repr, builtins.format, builtins.reversed, builtins.min, builtins.max,
}  # fmt: skip

#: function -> cost of its call from its positional arguments
_COST = {
    builtins.sorted: _sorting,
    builtins.sum: _first,
    builtins.any: _first,
    builtins.all: _first,
    builtins.list: _first,
    builtins.tuple: _first,
    builtins.set: _first,
    builtins.frozenset: _first,
    builtins.dict: _first,
    builtins.str: _first,
    builtins.bytes: _first,
    builtins.bytearray: _first,
    collections.Counter: _first,
    collections.deque: _first,
    collections.OrderedDict: _first,
    collections.defaultdict: lambda args: _size(args[1]) if len(args) > 1 else 0,
    heapq.heapify: _first,
    heapq.heappush: _heap,
    heapq.heappop: _heap,
    heapq.heappushpop: _heap,
    heapq.heapreplace: _heap,
    heapq.nlargest: _nbest,
    heapq.nsmallest: _nbest,
    bisect.bisect_left: _heap,
    bisect.bisect_right: _heap,
    bisect.insort_left: _first,
    bisect.insort_right: _first,
    functools.reduce: lambda args: _size(args[1]) if len(args) > 1 else 0,
}

_CONST = frozenset(
    [
        "append",
        "add",
        "get",
        "pop",
        "popleft",
        "appendleft",
        "setdefault",
        "keys",
        "values",
        "items",
        "popitem",
        "move_to_end",
        "discard",
        "startswith",
        "endswith",
        "isdigit",
        "isalpha",
        "random",
        "randrange",
        "randint",
        "uniform",
        "choice",
        "bit_length",
    ]
)
_SELF = frozenset(
    [
        "index",
        "count",
        "remove",
        "reverse",
        "copy",
        "insert",
        "replace",
        "find",
        "split",
        "lower",
        "upper",
        "strip",
        "clear",
        "isdisjoint",
        "encode",
        "decode",
        "translate",
        "rotate",
        "splitlines",
        "rsplit",
        "lstrip",
        "rstrip",
        "casefold",
    ]
)
_BOTH = frozenset(
    [
        "extend",
        "update",
        "union",
        "intersection",
        "difference",
        "symmetric_difference",
        "issubset",
        "issuperset",
        "join",
        "extendleft",
        "most_common",
        "subtract",
        "intersection_update",
        "difference_update",
    ]
)


class Counter:
    """Ticks, and C-level work by kind; `opaque` is the longest thing given to something unknown."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.ticks, self.c_work, self.sorting, self.opaque = 0, 0.0, 0.0, 0

    def read(self):
        return {
            "ticks": self.ticks,
            "c_work": round(self.c_work, 1),
            "sorting": round(self.sorting, 1),
            "opaque": self.opaque,
        }

    def names(self):
        return {TICK: self.tick, CALL: self.call, IN: self.within, SLICE: self.cut, BINOP: self.binop}

    def tick(self):
        self.ticks += 1
        return True

    def call(self, function, *args, **kwargs):
        self.charge(function, args)
        result = function(*args, **kwargs)
        if args and not _size(args[0]):  # an iterator went in: what came out tells how long it was
            if function is builtins.sorted:
                self.sorting += len(result) * _log(len(result))
            elif function is builtins.list or function is builtins.tuple or function is builtins.dict:
                self.c_work += len(result)
        return result

    def charge(self, function, args):
        try:
            rule = _COST.get(function)
        except TypeError:
            return
        if rule is not None:
            cost = rule(args)
            if rule is _sorting:
                self.sorting += cost
            else:
                self.c_work += cost
            return
        if function in _CHEAP:
            if function is builtins.min or function is builtins.max:
                self.c_work += _first(args) if len(args) == 1 else len(args)
            elif function is builtins.map or function is builtins.zip or function is builtins.filter:
                self.c_work += _linear(args)
            return
        owner = getattr(function, "__self__", None)
        if isinstance(function, types.FunctionType | types.MethodType | type):
            return  # its own body is counted, or is cheap
        name = getattr(function, "__name__", "")
        if isinstance(owner, _SIZED):
            self.method(owner, name, args)
        elif name not in _CONST:
            module = type(owner).__module__ if owner is not None else getattr(function, "__module__", "")
            known = str(module).split(".")[0] in (
                "math",
                "time",
                "random",
                "_operator",
                "operator",
                "_random",
            )
            if not known:
                self.opaque = max([self.opaque] + [len(a) for a in args if hasattr(a, "__len__")] + [1])

    def method(self, owner, name, args):
        n = len(owner)
        if name == "sort":
            self.sorting += n * _log(n)
        elif name == "pop" and isinstance(owner, list | bytearray) and args:
            where = args[0] if isinstance(args[0], int) else 0
            self.c_work += (n - where) if where >= 0 else -where
        elif name == "insert" and args and isinstance(args[0], int):
            self.c_work += max(1, n - args[0]) if args[0] >= 0 else 1
        elif name in _SELF:
            self.c_work += n
        elif name in _BOTH:
            self.c_work += _linear(args) + (n if name in ("union", "most_common", "difference") else 0)

    def within(self, item, container):
        if isinstance(container, list | tuple | collections.deque):
            try:
                where = container.index(item)
            except ValueError:
                where = len(container)
            self.c_work += where
            return item in container
        if isinstance(container, str | bytes):
            self.c_work += len(container)
        return item in container

    def cut(self, value):
        self.c_work += _size(value)
        return value

    def binop(self, value):
        if isinstance(value, list | tuple | str | bytes | set | frozenset | dict):
            self.c_work += len(value)
        elif isinstance(value, int):
            self.c_work += value.bit_length() >> 6 if value.bit_length() > 1024 else 0
        elif hasattr(value, "shape") and hasattr(value, "__len__"):  # an array: its work is not seen
            self.opaque = max(self.opaque, getattr(value, "size", 1))
        return value


class _Rewriter(ast.NodeTransformer):
    def _tick(self, node):
        statement = ast.Expr(ast.Call(ast.Name(TICK, ast.Load()), [], []))
        return ast.fix_missing_locations(ast.copy_location(statement, node))

    def _loop(self, node):
        self.generic_visit(node)
        node.body.insert(0, self._tick(node.body[0]))
        return node

    visit_For = visit_While = visit_AsyncFor = _loop

    def _function(self, node):
        node.body = [self.visit(child) for child in node.body]
        node.args = self.visit(node.args)
        docstring = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
        node.body.insert(1 if docstring else 0, self._tick(node.body[0]))
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def _comprehension(self, node):
        self.generic_visit(node)
        call = ast.Call(ast.Name(TICK, ast.Load()), [], [])
        for generator in node.generators:
            generator.ifs.insert(0, ast.fix_missing_locations(ast.copy_location(call, node)))
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in ("super", "locals", "globals", "vars", "dir"):
            return node
        call = ast.Call(ast.Name(CALL, ast.Load()), [node.func, *node.args], node.keywords)
        return ast.copy_location(ast.fix_missing_locations(ast.copy_location(call, node)), node)

    def visit_Compare(self, node):
        self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
            call = ast.Call(ast.Name(IN, ast.Load()), [node.left, node.comparators[0]], [])
            out = ast.UnaryOp(ast.Not(), call) if isinstance(node.ops[0], ast.NotIn) else call
            return ast.fix_missing_locations(ast.copy_location(out, node))
        return node

    def visit_Subscript(self, node):
        self.generic_visit(node)
        if isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load):
            return self._wrap(SLICE, node)
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return self._wrap(BINOP, node)

    def visit_List(self, node):
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and any(isinstance(e, ast.Starred) for e in node.elts):
            return self._wrap(SLICE, node)
        return node

    def _wrap(self, name, node):
        call = ast.Call(ast.Name(name, ast.Load()), [node], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        return node

    # decorators, annotations and patterns stay as they are
    def visit_Match(self, node):
        node.subject = self.visit(node.subject)
        for case in node.cases:
            case.body = [self.visit(child) for child in case.body]
        return node


def instrument(tree):
    """The tree with its counters; meaning and line numbers stay the same."""
    return ast.fix_missing_locations(_Rewriter().visit(tree))
