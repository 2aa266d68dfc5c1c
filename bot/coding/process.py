"""One child process that answers lines, held at arm's length.

Owns pipes, clocks and the kill; knows nothing about problems. A hostile child may never read, never write,
write without end, stop itself or ignore every signal: nothing here blocks on it, buffers without bound, or
believes its exit code. Starts and kills only its own process group.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.coding import wire
from bot.domain.problem import Verdict


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What one child may use. Seconds, megabytes, bytes."""

    boot_s: float = 20.0
    memory_mb: int = 512
    line_bytes: int = 4_000_000
    total_bytes: int = 32_000_000
    watch_rss_mb: int = 0  # 0: the kernel holds the memory limit; else we look every 20 ms


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply, or the reason why there is none. `fields` is parsed JSON, still to be believed in nothing."""

    fields: dict[str, Any] | None
    failure: Verdict | None = None
    cpu_s: float = 0.0
    wall_s: float = 0.0
    note: str = ""


_EOF = None
_POLL_S = 0.02
MAX_THREADS = 200
#: time in which the machine had no core for the child does not count, up to this many times the limit
PATIENCE = 8.0


class Child:
    """A running child. `ask` sends one request and waits for its one answer; `close` always ends it."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], cwd: str, limits: ProcessLimits) -> None:
        self.limits = limits
        self.failure: Verdict | None = None
        self.peak_mb = 0.0
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        windows = sys.platform == "win32"
        self._process = subprocess.Popen(
            list(argv),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            start_new_session=not windows,
            creationflags=0x08000200 if windows else 0,  # new group, no window
            bufsize=0,
        )
        self.pid = self._process.pid
        self._threads = [
            threading.Thread(target=self._read, name=f"sandbox-read-{self.pid}", daemon=True),
            threading.Thread(target=self._write, name=f"sandbox-write-{self.pid}", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    # -- the two pipes

    def _read(self) -> None:
        assert self._process.stdout is not None
        fd = self._process.stdout.fileno()
        parts: list[bytes] = []
        held = total = 0
        with contextlib.suppress(OSError, ValueError):
            while data := os.read(fd, 1 << 16):
                total += len(data)
                if total > self.limits.total_bytes:
                    self.kill(Verdict.OUTPUT)
                    break
                *lines, rest = data.split(b"\n")
                for line in lines:
                    self._lines.put(b"".join([*parts, line]))
                    parts, held = [], 0
                parts.append(rest)
                held += len(rest)
                if held > self.limits.line_bytes:
                    self.kill(Verdict.OUTPUT)
                    break
        self._lines.put(_EOF)

    def _write(self) -> None:
        assert self._process.stdin is not None
        fd = self._process.stdin.fileno()
        with contextlib.suppress(OSError, ValueError):
            while (data := self._outbox.get()) is not None:
                view = memoryview(data)
                while view:
                    view = view[os.write(fd, view) :]

    # -- clocks

    def clock_pid(self) -> int:
        """The process whose clock counts; 0 while it is not there yet."""
        return self.pid

    def cpu_s(self) -> float | None:
        """Processor seconds used by the child so far, read from outside; None where that is unknown."""
        if not sys.platform.startswith("linux"):
            return None
        if not (pid := self.clock_pid()):
            return 0.0
        try:
            return time.clock_gettime(((~pid) << 3) | 2)  # CPUCLOCK_SCHED of that process
        except OSError:
            return None

    def waited_s(self) -> float:
        """Seconds in which the child's first thread wanted to run and no core was free (Linux; else 0)."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            words = Path(f"/proc/{self.clock_pid()}/schedstat").read_text(encoding="ascii").split()
            return int(words[1]) / 1e9
        return 0.0

    def _too_many_threads(self) -> bool:
        """Threads take an id each, of which the whole machine has only so many (Linux; else False)."""
        with contextlib.suppress(OSError):
            return os.stat(f"/proc/{self.clock_pid()}/task").st_nlink - 2 > MAX_THREADS
        return False

    def _sample_memory(self) -> float:
        rss = resident_mb(self.pid)
        self.peak_mb = max(self.peak_mb, rss)
        return rss

    # -- talking

    def wait_ready(self) -> Answer:
        """The first line, which a child sends when it is locked in."""
        return self._receive("ready", None, self.limits.boot_s, self.limits.boot_s)

    def send(self, message: Mapping[str, Any]) -> None:
        """Queue one line for the child; never blocks."""
        self._outbox.put(json.dumps(message).encode("ascii") + b"\n")

    def ask(self, message: Mapping[str, Any], cpu_limit: float, wall_limit: float) -> Answer:
        """One request, one answer. Processor and wall seconds are measured here, not by the child."""
        if self.failure is not None:
            return Answer(None, self.failure)
        if not self._lines.empty():
            return self._fail(Verdict.PROTOCOL, "a line that nobody asked for", 0.0, 0.0)
        before = self.cpu_s() or 0.0
        self.send(message)
        return self._receive(message["op"], message.get("id"), cpu_limit, wall_limit, before, self.waited_s())

    def _receive(
        self,
        op: str,
        ident: object,
        cpu_limit: float,
        wall_limit: float,
        cpu_before: float = 0.0,
        waited_before: float = 0.0,
    ) -> Answer:
        start = time.monotonic()
        while True:
            wall = time.monotonic() - start
            now = self.cpu_s()
            cpu = wall if now is None else now - cpu_before
            if cpu >= cpu_limit or wall >= wall_limit * PATIENCE:
                return self._fail(Verdict.TIMEOUT, "", cpu, wall)
            if wall >= wall_limit and wall - (self.waited_s() - waited_before) >= wall_limit:
                return self._fail(Verdict.TIMEOUT, "", cpu, wall)
            too_large = self.limits.watch_rss_mb and self._sample_memory() > self.limits.watch_rss_mb
            if too_large or self._too_many_threads():
                return self._fail(Verdict.MEMORY, "", cpu, wall)
            try:
                line = self._lines.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            wall = time.monotonic() - start
            now = self.cpu_s()
            cpu = wall if now is None else now - cpu_before
            if line is _EOF:
                return self._fail(self.failure or Verdict.CRASHED, "", cpu, wall)
            return self._parsed(line, op, ident, cpu, wall)

    def _parsed(self, line: bytes, op: str, ident: object, cpu: float, wall: float) -> Answer:
        try:
            fields = wire.parse_answer(line)
            if fields.get("op") != op or fields.get("id") != ident:
                raise wire.BadAnswer("an answer to something else")
        except wire.BadAnswer as exc:
            return self._fail(Verdict.PROTOCOL, str(exc), cpu, wall)
        return Answer(fields, None, cpu, wall)

    def _fail(self, why: Verdict, note: str, cpu: float, wall: float) -> Answer:
        self.kill(why)
        return Answer(None, self.failure, cpu, wall, note)

    # -- the end

    @property
    def quiet(self) -> bool:
        """True when the child has said nothing beyond its answers."""
        return self._lines.empty()

    def kill(self, why: Verdict = Verdict.NOT_RUN) -> None:
        """SIGKILL to the whole group. The first reason stays."""
        if self.failure is None:
            self.failure = why
        if self._process.poll() is None:
            try:
                if sys.platform == "win32":
                    self._process.kill()
                else:
                    os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                self._process.kill()

    def close(self) -> None:
        """End the child and give everything back. Safe to call twice."""
        if self._process.poll() is None and not self.limits.watch_rss_mb:
            self.peak_mb = max(self.peak_mb, peak_mb(self.clock_pid()))
        self.kill()
        self._outbox.put(None)
        self._process.wait()
        for thread in self._threads:
            thread.join(2)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def peak_mb(pid: int) -> float:
    """Highest resident size of a process so far in megabytes; 0 where that cannot be read."""
    with contextlib.suppress(OSError, ValueError), open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def resident_mb(pid: int) -> float:
    """Resident size of a process now in megabytes, its threads included; 0 when it is gone."""
    if sys.platform.startswith("linux"):
        try:
            pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return 0.0
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    import psutil  # of the `deno` extra, which is the only engine off Linux

    try:
        return float(psutil.Process(pid).memory_info().rss) / (1 << 20)
    except psutil.Error:
        return 0.0
