"""Runs inside the sandbox, in every engine: loads one source, answers one case at a time.

Untrusted side. It holds the candidate's source, the entry's name and the inputs of the case at hand;
never an expected value, a checker, or the number of cases. Whatever it says is a claim that the parent
decodes strictly and compares itself. Standard library only; imports nothing of ours; must stay small,
because it is read anew by every process.
"""

# mypy: ignore-errors
# (a program of its own, run by `python -I -S` or inside Pyodide; its speed at start is what matters)

import gc
import io
import json
import sys
import types

SOLUTION = "solution.py"
_MAX_DEPTH = 60
_MAX_NODES = 400_000
_SAFE_INT = 1 << 53
_ONLY_AST = 0x400  # ast.PyCF_ONLY_AST, without the cost of importing ast


class TooLarge(Exception):
    """The value has too many parts to be sent."""


class NotAValue(Exception):
    """The value is of a kind that cannot be compared."""


# ------------------------------------------------------------------------------------------------ values


class _Encoder:
    """Reduces a value to JSON by its exact type; a subclass by the methods of its base class."""

    def __init__(self):
        self.nodes = 0

    def encode(self, x, depth=0):
        self.nodes += 1
        if depth > _MAX_DEPTH:
            raise NotAValue(f"the value is nested more than {_MAX_DEPTH} levels deep, or contains itself")
        if self.nodes > _MAX_NODES:
            raise TooLarge
        t = type(x)
        if x is None or t is bool or t is str:
            return x
        if t is int:
            return x if -_SAFE_INT < x < _SAFE_INT else {"$": "int", "v": hex(x)}
        if t is float:
            return x if x - x == 0.0 else {"$": "float", "v": x.hex()}
        if t is list:
            return self.items(x, depth)
        if t is tuple:
            return {"$": "tuple", "v": self.items(x, depth)}
        if t is dict:
            return {"$": "dict", "v": self.items([list(pair) for pair in x.items()], depth)}
        if t is set or t is frozenset:
            return {"$": "set", "v": self.items(list(x), depth)}
        if t is bytes or t is bytearray:
            return {"$": "bytes", "v": x.hex()}
        if t is complex:
            return {"$": "complex", "v": [x.real.hex(), x.imag.hex()]}
        return self.other(x, t, depth)

    def items(self, values, depth):
        return [self.encode(value, depth + 1) for value in values]

    def other(self, x, t, depth):
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            if issubclass(t, numpy.ndarray):
                if x.dtype.kind not in "biufc" or x.dtype.itemsize > 16 or x.dtype.name == "longdouble":
                    raise NotAValue(f"an array of dtype {x.dtype} cannot be compared")
                if x.size > _MAX_NODES:
                    raise TooLarge
                flat = numpy.ndarray.tolist(numpy.ndarray.ravel(x))
                return {"$": "nd", "dt": x.dtype.name, "sh": list(x.shape), "v": self.items(flat, depth)}
            if issubclass(t, numpy.generic):
                return self.encode(x.item(), depth)
        if issubclass(t, int):
            return self.encode(int.__add__(x, 0), depth)
        if issubclass(t, float):
            return self.encode(float.__add__(x, 0.0), depth)
        if issubclass(t, str):
            return str.__str__(x)
        if issubclass(t, dict):
            pairs = [list(pair) for pair in dict.items(x)]
            return {"$": "dict", "v": self.items(pairs, depth)}
        if issubclass(t, list):
            return self.items(list(list.__iter__(x)), depth)
        if issubclass(t, tuple):
            return {"$": "tuple", "v": self.items(list(tuple.__iter__(x)), depth)}
        name = t.__name__
        name = name[:60]
        raise NotAValue(f"return a list, not a {name}" if name in _LAZY else f"a {name} is not a plain value")


_LAZY = frozenset(
    [
        "generator",
        "map",
        "filter",
        "zip",
        "range",
        "deque",
        "dict_keys",
        "dict_values",
        "dict_items",
        "list_iterator",
        "enumerate",
        "reversed",
        "coroutine",
        "tuple_iterator",
        "chain",
        "islice",
    ]
)


def decode(x):
    """JSON from the parent -> the value; the parent is trusted."""
    if type(x) is list:
        return [decode(i) for i in x]
    if type(x) is not dict:
        return x
    kind, v = x["$"], x["v"]
    if kind == "int":
        return int(v, 16)
    if kind == "float":
        return float.fromhex(v)
    if kind == "tuple":
        return tuple([decode(i) for i in v])
    if kind == "set":
        return {decode(i) for i in v}
    if kind == "dict":
        return {decode(a): decode(b) for a, b in v}
    if kind == "bytes":
        return bytes.fromhex(v)
    if kind == "complex":
        return complex(float.fromhex(v[0]), float.fromhex(v[1]))
    if kind == "nd":
        import numpy

        return numpy.array(decode(v), dtype=x["dt"]).reshape(x["sh"])
    raise ValueError(kind)


class _Capped(io.TextIOBase):
    """Keeps the first characters that are written and counts the rest."""

    def __init__(self, limit):
        self.limit, self.parts, self.kept, self.lost = limit, [], 0, 0

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        size = str.__len__(text)
        room = self.limit - self.kept
        if room > 0:
            part = str.__getitem__(text, slice(0, room))
            self.parts.append(part)
            self.kept += len(part)
            size -= len(part)
        self.lost += size
        return str.__len__(text)

    def text(self):
        return "".join(self.parts)


# ------------------------------------------------------------------------------------------------ errors


def _trace(error, source):
    """(frames of the candidate's file as text, its innermost line number or None)."""
    frames = []
    tb = error.__traceback__
    while tb is not None and len(frames) < 2000:
        code = tb.tb_frame.f_code
        if code.co_filename == SOLUTION:
            frames.append((tb.tb_lineno, code.co_name))
        tb = tb.tb_next
    lines = source.split("\n")
    text = []
    for number, name in frames[:2] + (frames[-4:] if len(frames) > 6 else frames[2:]):
        text.append(f'  File "{SOLUTION}", line {number}, in {name[:80]}\n')
        if 0 < number <= len(lines):
            text.append(f"    {lines[number - 1].strip()[:200]}\n")
    return "".join(text), (frames[-1][0] if frames else None)


def describe(error, source):
    """What a failed case says about itself. `str(error)` is the candidate's code: it may hang or raise."""
    kind = type(error)
    names = []
    for base in kind.__mro__[:8]:
        if base is object or base is BaseException:
            break
        names.append(base.__name__[:80])
    trace, line = _trace(error, source)
    if issubclass(kind, SyntaxError):
        line = error.lineno if isinstance(error.lineno, int) else line
        text = error.text if type(error.text) is str else ""
        message = f"{error.msg}\n{text.rstrip()[:200]}"
    else:
        try:
            message = str.__str__(str(error))[:2000]
        except BaseException:
            message = ""
    return {"names": names, "message": message[:2000], "line": line, "trace": trace[-4000:]}


# ------------------------------------------------------------------------------------------------ session


class Session:
    """One process, one source. `handle(line)` takes a request and gives the one answer to it."""

    def __init__(self):
        self.source = ""
        self.entry = None
        self.drivers = {}
        self.held = []
        self.counter = None

    def handle(self, line):
        request = json.loads(line)
        answer = getattr(self, "on_" + request["op"])(request)
        answer["op"] = request["op"]
        answer["id"] = request.get("id")
        return json.dumps(answer)

    # -- requests

    def on_load(self, request):
        self.kind, self.source = request["kind"], request["source"]
        self.limit = request["out"]
        source, entry = self.source, request["entry"]
        if request.get("recursion"):
            sys.setrecursionlimit(request["recursion"])

        def run():
            if self.kind == "sql":
                return None
            tree = compile(source, SOLUTION, "exec", _ONLY_AST, True)
            if request.get("count"):
                tree = self.instrumented(tree, request["count"])
            self.code = compile(tree, SOLUTION, "exec", 0, True)
            if self.kind == "script":
                return None
            module = types.ModuleType("solution")
            module.__dict__["__file__"] = SOLUTION
            if request.get("count"):
                module.__dict__.update(self.counter.names())
            sys.modules["solution"] = module
            exec(self.code, module.__dict__)
            self.entry = module.__dict__.get(entry)
            if not callable(self.entry):
                return [n[:80] for n in module.__dict__ if not n.startswith("_")][:20]
            for name, code in request["drivers"].items():
                scope = {"__name__": "driver"}
                exec(compile(code, "driver", "exec", 0, True), scope)
                self.drivers[name] = scope["drive"]
            return None

        return self.guarded(run, lambda value: value)

    def on_case(self, request):
        encoder = _Encoder()
        return self.guarded(lambda: self.call(request["args"], request.get("driver")), encoder.encode)

    def on_hold(self, request):
        """Decodes inputs ahead of a measurement, so that the measured call does nothing else."""
        self.held = []
        args, driver = request["args"], request.get("driver")
        self.held = [self.prepared(args, driver) for _ in range(request["times"])]
        return {"status": "ok", "value": None}

    def on_go(self, request):
        """Makes the calls that are held; the inputs are let go only by the next request."""
        counter = self.counter
        if counter is not None:
            counter.reset()
        gc.disable()

        def run():
            for call in self.held:
                call()

        answer = self.guarded(run, lambda value: None)
        gc.enable()
        if counter is not None:
            answer["counts"] = counter.read()
        return answer

    def instrumented(self, tree, code):
        """The tree with counters; `code` is the text of counting.py, which only measurements need."""
        scope = {"__name__": "counting"}
        exec(compile(code, "counting", "exec", 0, True), scope)
        self.counter = scope["Counter"]()
        return scope["instrument"](tree)

    # -- the call

    def call(self, args, driver):
        return self.prepared(args, driver)()

    def prepared(self, args, driver):
        """A function without arguments that makes one call; the inputs are decoded here."""
        args = decode(args)
        if self.kind == "script":
            return lambda: self.script(args[0])
        if self.kind == "sql":
            return lambda: self.sql(*args)
        if driver:
            return lambda: self.drivers[driver](self.entry, *args)
        if self.kind == "class_ops":
            return lambda: self.class_ops(*args)
        return lambda: self.entry(*args)

    def class_ops(self, init, calls):
        target = self.entry(*init)
        results = []
        for name, args in calls:
            try:
                results.append(getattr(target, name)(*args))
            except (MemoryError, RecursionError):
                raise
            except Exception as error:
                if len(self.raised) < 50:
                    self.raised.append([len(results), describe(error, self.source)])
                results.append(None)
        return results

    def script(self, stdin):
        sys.stdin = io.StringIO(stdin)
        self.printed = _Capped(1_000_000)
        sys.stdout = self.printed
        exec(self.code, {"__name__": "__main__", "__file__": SOLUTION})
        return

    def sql(self, setup):
        import sqlite3

        base = sqlite3.connect(":memory:")
        base.execute("PRAGMA temp_store = MEMORY")
        base.executescript(setup)
        base.commit()
        cursor = base.execute(self.source)
        rows = cursor.fetchmany(20_001)
        if len(rows) > 20_000:
            raise TooLarge
        names = [column[0] for column in cursor.description or ()]
        return [names, [list(row) for row in rows]]

    def guarded(self, run, encode):
        """Runs candidate code with its output captured; every way out becomes an answer."""
        out = _Capped(self.limit)
        self.printed, self.raised = None, []
        saved = sys.stdout, sys.stderr, sys.stdin
        sys.stdout = sys.stderr = out
        sys.stdin = io.StringIO("")
        answer = {"status": "error", "value": None}
        try:
            value = run()
            if self.printed is not None:
                if self.printed.lost:
                    raise TooLarge
                value = self.printed.text()
            answer["value"] = encode(value)
            answer["status"] = "ok"
        except MemoryError:
            answer["status"] = "memory"
        except TooLarge:
            answer["status"] = "output"
        except SystemExit as error:
            # sys.exit() at the end of a script is how many people write one
            code = error.code
            if self.printed is not None and (code is None or (type(code) is int and code == 0)):
                answer["value"], answer["status"] = self.printed.text(), "ok"
            else:
                answer["status"] = "exit"
                answer["error"] = describe(error, self.source)
        except NotAValue as error:
            answer["error"] = {"names": ["NotAValue"], "message": error.args[0], "line": None, "trace": ""}
        except BaseException as error:
            answer["error"] = describe(error, self.source)
        finally:
            sys.stdout, sys.stderr, sys.stdin = saved
        answer["raised"] = self.raised
        answer["out"], answer["lost"] = out.text(), out.lost
        return answer
