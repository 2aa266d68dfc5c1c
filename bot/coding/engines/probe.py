"""The self-test: a few hostile programs that take milliseconds, run before an engine is trusted.

Each probe must be refused or stopped. They are harmless where they succeed: they read a public file, write
into a folder of ours that is thrown away, send signal 0. The long suite is in tests/coding/hostile.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bot.coding import wire
from bot.coding.engines.base import Engine
from bot.coding.process import Child
from bot.domain.problem import Verdict

#: names that an engine gives to its own children; anything else would come from the application
KNOWN_ENVIRONMENT = frozenset(
    [
        "LANG",
        "LC_CTYPE",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "PWD",
        "HOME",
        "PATH",
        "USER",
        "LOGNAME",
        "LD_LIBRARY_PATH",  # Pyodide's own
        "PYTHONHOME",
        "PYTHONINSPECT",
        "PYTHONHASHSEED",
        "_",
    ]
)

_SOURCE = """
def probes(parent, folder, secret):
    import os
    held = {}
    def attempt(name, action):
        try:
            held[name] = not action()
        except BaseException:
            held[name] = True
    def reads(path):
        with open(path, "rb") as file:
            return bool(file.read(1))
    def writes():
        with open(folder + "/written", "w") as file:
            file.write("x")
        return False
    def forks():
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        return True
    def connects():
        import socket
        for family, address in ((socket.AF_INET, ("127.0.0.1", 9)), (socket.AF_UNIX, "\\0rehearsal-probe")):
            socket.socket(family, socket.SOCK_STREAM).close()
        return True
    def signals():
        os.kill(parent, 0)
        return True
    def spawns():
        os.posix_spawn("/bin/true", ["true"], {})
        return True
    attempt("read the application's files", lambda: reads(secret))
    attempt("read its parent's environment", lambda: reads("/proc/%d/environ" % parent))
    attempt("write files", writes)
    attempt("start processes", forks)
    attempt("start programs", spawns)
    attempt("open network connections", connects)
    attempt("signal its parent", signals)
    return [sorted(os.environ), sorted(name for name, ok in held.items() if not ok)]

def loop():
    while True:
        pass

def memory():
    return len(bytearray(10 << 30))

def speaks_first():
    import os
    for fd in range(3, 64):
        try:
            os.write(fd, b'{"op": "case", "id": 2, "status": "ok", "value": 1}\\n' * 3)
        except OSError:
            pass
    try:
        import js
        js.eval("Deno.stdout.writeSync(new TextEncoder().encode('{}\\\\n{}\\\\n'))")
    except BaseException:
        pass
    return 1
"""


def probe(engine: Engine, folder: Path) -> list[str]:
    """Findings, in sentences for people; empty when all held. `folder` is empty and ours."""
    secret = folder / "secret"
    secret.write_text("probe", encoding="ascii")
    findings: list[str] = []
    child = _start(engine, "probes", findings)
    if child is None:
        return findings
    with child:
        args = [os.getpid(), str(folder), str(secret)]
        answer = child.ask({"op": "case", "id": 1, "args": args, "driver": ""}, 5.0, 15.0)
        findings += _read(answer.fields, answer.failure)
    if [entry.name for entry in folder.iterdir()] != ["secret"]:
        findings.append("it lets code write files on this machine")
    for entry, wanted, what in (
        ("loop", {Verdict.TIMEOUT}, "it does not stop an endless loop"),
        ("memory", {Verdict.MEMORY, Verdict.ERROR, Verdict.CRASHED}, "it does not limit memory"),
        ("speaks_first", {Verdict.PROTOCOL}, "it lets code answer before it is asked"),
    ):
        if findings:
            break
        child = _start(engine, entry, findings)
        if child is None:
            break
        with child:
            if _end(child) not in wanted:
                findings.append(what)
    return findings


def _start(engine: Engine, entry: str, findings: list[str]) -> Child | None:
    child = engine.spawn(memory_mb=256, needs=frozenset())
    hello = child.wait_ready()
    why = "it does not start" if hello.fields is None else str(hello.fields.get("failed", ""))
    if not why:
        load: dict[str, Any] = {
            "op": "load", "id": None, "kind": "function", "source": _SOURCE, "entry": entry,
            "drivers": {}, "out": 1000,
        }  # fmt: skip
        loaded = child.ask(load, 5.0, 15.0)
        if loaded.fields is not None and loaded.fields.get("status") == "ok":
            return child
        why = "it does not load code"
    findings.append(wire.clean(why, 300))
    child.close()
    return None


def _read(fields: dict[str, Any] | None, failure: Verdict | None) -> list[str]:
    if fields is None or fields.get("status") != "ok":
        return [f"its first probe ended in {failure or 'an error'}"]
    try:
        environment, broken = wire.decode(fields["value"])
        out = [f"it lets code {wire.clean(what, 60)}" for what in broken]
        if leaked := sorted(set(environment) - KNOWN_ENVIRONMENT):
            out.append(f"it shows the environment ({wire.clean(', '.join(leaked), 80)})")
    except (wire.BadAnswer, TypeError, ValueError) as exc:
        return [f"its first probe answered with nonsense ({type(exc).__name__})"]
    return out


def _end(child: Child) -> Verdict | None:
    """How the second and third kind of probe ended."""
    answer = child.ask({"op": "case", "id": 1, "args": [], "driver": ""}, 0.3, 4.0)
    if answer.failure is not None:
        return answer.failure
    status = (answer.fields or {}).get("status")
    if status == "memory":
        return Verdict.MEMORY
    if status == "error":
        return Verdict.ERROR
    again = child.ask({"op": "case", "id": 2, "args": [], "driver": ""}, 0.3, 4.0)
    return again.failure
