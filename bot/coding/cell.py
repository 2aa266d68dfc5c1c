"""One sandboxed process with a source loaded: what it is sent, how its answers are read, when it is started again.

Answers are decoded strictly (`wire`) and bounded; anything odd is a verdict, never an exception. Does not know what a
case should give, nor how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.coding import wire
from bot.coding.engines.base import Engine
from bot.coding.process import Answer, Child
from bot.coding.report import STDOUT, TRACE
from bot.domain.problem import Problem, Verdict

RECURSION = 10_000
WALL_FACTOR = 2.0
WALL_EXTRA_S = 0.5  # both beside `process.PATIENCE` for a machine that has no core free
LOAD_S = 2.0
RESTARTS = 3  # of a group's process, after it had to be killed
TIMEOUT_RESTARTS = 1  # of these, after a timeout: who waits for an endless loop should not wait long


@dataclass(frozen=True, slots=True)
class Result:
    """What one case came to, before anybody looks at what is expected."""

    verdict: Verdict  # ACCEPTED means: there is a value
    value: Any = None
    names: tuple[str, ...] = ()
    message: str = ""
    trace: str = ""
    line: int | None = None
    stdout: str = ""
    lost: int = 0
    cpu_s: float = 0.0
    raised: Mapping[int, Result] | None = None


def load_message(problem: Problem, source: str, **extra: Any) -> dict[str, Any]:
    """The first request to a child that runs candidate (or reference) code."""
    return {
        "op": "load",
        "id": None,
        "kind": problem.kind,
        "source": source,
        "entry": problem.entry,
        "drivers": problem.drivers,
        "out": STDOUT,
        "recursion": RECURSION,
        **extra,
    }


def helper_message(code: str, entry: str, driver: str = "") -> dict[str, Any]:
    """The first request to a child that runs an author's snippet (generator, property)."""
    drivers = {"with_rng": driver} if driver else {}
    return {
        "op": "load", "id": None, "kind": "function", "source": code, "entry": entry,
        "drivers": drivers, "out": 2_000, "recursion": RECURSION,
    }  # fmt: skip


def case_message(ident: int, args: Sequence[Any], driver: str, op: str = "case") -> dict[str, Any]:
    """One case's inputs, and nothing else."""
    return {"op": op, "id": ident, "args": wire.encode(list(args)), "driver": driver}


def read_result(answer: Answer) -> Result:
    """A child's answer, decoded and bounded; anything odd is `PROTOCOL`."""
    if answer.fields is None:
        return Result(answer.failure or Verdict.CRASHED, cpu_s=answer.cpu_s)
    fields = answer.fields
    try:
        status = fields["status"]
        stdout = wire.clean(fields.get("out"), STDOUT)
        lost = fields.get("lost")
        lost = min(lost, 1 << 50) if isinstance(lost, int) and not isinstance(lost, bool) and lost > 0 else 0
        base = Result(Verdict.ACCEPTED, stdout=stdout, lost=lost, cpu_s=answer.cpu_s)
        if status == "ok":
            return replace(base, value=wire.decode(fields["value"]), raised=_raised(fields.get("raised")))
        if status not in ("error", "memory", "output", "exit"):
            raise wire.BadAnswer("an unknown status")
        return replace(_described(fields.get("error"), base), verdict=Verdict(status))
    except (wire.BadAnswer, KeyError, TypeError, RecursionError, OverflowError, ValueError):
        return Result(Verdict.PROTOCOL, cpu_s=answer.cpu_s)


def _described(raw: object, base: Result) -> Result:
    if raw is None:
        return base
    if not isinstance(raw, dict):
        raise wire.BadAnswer("not an error")
    names = raw.get("names")
    line = raw.get("line")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise wire.BadAnswer("not an error")
    return replace(
        base,
        names=tuple(wire.clean(name, 80) for name in names[:8]),
        message=wire.clean(raw.get("message"), TRACE),
        trace=wire.clean(raw.get("trace"), TRACE),
        line=line if isinstance(line, int) and not isinstance(line, bool) and 0 < line < 100_000 else None,
    )


def _raised(raw: object) -> dict[int, Result] | None:
    if not raw:
        return None
    if not isinstance(raw, list) or len(raw) > 64:
        raise wire.BadAnswer("not a list of errors")
    found = {}
    for index, error in raw:
        if not isinstance(index, int):
            raise wire.BadAnswer("not an index")
        found[index] = _described(error, Result(Verdict.ERROR))
    return found


def wall(limit_s: float) -> float:
    """Wall seconds for a limit of processor seconds: generous, so that a busy machine fails nobody."""
    return limit_s * WALL_FACTOR + WALL_EXTRA_S


class Cell:
    """A child with a source loaded, started lazily and restarted a few times after it had to be killed."""

    def __init__(self, engine: Engine, load: dict[str, Any], memory_mb: int, needs: frozenset[str]) -> None:
        self.engine, self.load, self.memory_mb, self.needs = engine, load, memory_mb, needs
        self.loaded: Result | None = None
        self.restarts = 0
        self.timeouts = 0
        self.peak_mb = 0.0
        self._child: Child | None = None
        self._ident = 0

    def start(self) -> None:
        """Start the process without waiting for it."""
        if self._child is None:
            self._child = self.engine.spawn(memory_mb=self.memory_mb, needs=self.needs)

    def ready(self, load_s: float = LOAD_S) -> Result:
        """Wait until the source is loaded; the result of loading it."""
        if self.loaded is not None:
            return self.loaded
        self.start()
        assert self._child is not None
        hello = self._child.wait_ready()
        if hello.fields is None or "failed" in hello.fields:
            self.loaded = Result(
                Verdict.ENGINE, message=str((hello.fields or {}).get("failed", hello.failure))
            )
        else:
            self.loaded = read_result(self._child.ask(self.load, load_s, wall(load_s)))
        return self.loaded

    def alive(self) -> bool:
        """Whether another case can be asked; restarts a killed process while it may."""
        if self._child is not None and self._child.failure is None:
            return True
        if self._child is not None and self._child.failure is Verdict.TIMEOUT:
            self.timeouts += 1
        if self.restarts >= RESTARTS or self.timeouts > TIMEOUT_RESTARTS:
            return False
        self.restarts += 1
        self.close()
        self.loaded = None
        return self.ready().verdict is Verdict.ACCEPTED

    def ask(self, args: Sequence[Any], driver: str, limit_s: float) -> Result:
        """One case."""
        assert self._child is not None
        self._ident += 1
        message = case_message(self._ident, args, driver)
        return read_result(self._child.ask(message, limit_s, wall(limit_s)))

    def raw(self, message: dict[str, Any], limit_s: float) -> Answer:
        """Any request, for measurements."""
        assert self._child is not None
        return self._child.ask(message, limit_s, wall(limit_s))

    def spoke_out_of_turn(self) -> bool:
        """True when lines wait that nobody asked for."""
        return self._child is not None and self._child.failure is None and not self._child.quiet

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.close()
            self.peak_mb = max(self.peak_mb, self._child.peak_mb)
            self._child = None


@contextmanager
def cells(*members: Cell) -> Iterator[None]:
    """Close them all at the end, whatever happens."""
    with ExitStack() as stack:
        for member in members:
            stack.callback(member.close)
        yield
