"""A stand-in for the application, to be attacked: run as a program, one hostile submission after the other.

It has what an application has: a key in its environment, a file with hidden tests open, TCP, unix and
abstract sockets that listen, a folder with a file worth keeping. For each program it prints one JSON line with
the verdict, everything that would be shown, and what was found afterwards.

    python tests/coding/hostile_app.py ENGINE FOLDER [PROGRAM ...]       ENGINE may also be `naive`
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEY = "CANARY-KEY-5f1d"
HIDDEN = "HIDDEN-CANARY-77c2"
SECRET_NUMBER = "987654321"

PROBLEM = {
    "id": "hostile-two-sum",
    "entry": "two_sum",
    "contract": "Return the indices of two numbers whose sum is target.",
    "visible": [
        {"name": "first", "args": [[2, 7, 11], 9], "expect": [0, 1]},
        {"name": "second", "args": [[3, 2, 4, 9], 6], "expect": [1, 2]},
        {"name": "third", "args": [[5, 1, 8, 3, 4], 12], "expect": [2, 4]},
    ],
    "hidden": [
        {"name": "secret one", "args": [[1, 987654321, 5], 987654326], "expect": [1, 2]},
        {"name": "secret two", "args": [[987654321, 3, 4, 8], 12], "expect": [2, 3]},
        {"name": "secret three", "args": [[7, 987654321, 2, 6, 6], 12], "expect": [3, 4]},
    ],
    "reference": (
        "def two_sum(nums, target):\n"
        "    return next([i, j] for j in range(len(nums)) for i in range(j) if nums[i] + nums[j] == target)\n"
    ),
    "wrong": [
        {"name": str(i), "why": "-", "code": "def two_sum(nums, target): return None"} for i in range(3)
    ],
    "limits": {"floor_s": 0.5, "ceiling_s": 1.0, "memory_mb": 256},
}


class Surroundings:
    """Everything that a program could damage, read or reach."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reached: list[str] = []
        (folder / "precious").write_text("precious", encoding="ascii")
        os.chmod(folder / "precious", 0o600)
        self.tests = folder / "hidden_tests.json"
        self.tests.write_text(json.dumps({"expected": HIDDEN}), encoding="ascii")
        self.open_file = self.tests.open(encoding="ascii")
        os.set_inheritable(self.open_file.fileno(), True)
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.unix = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.unix.bind(str(folder / "unix-dgram"))
        self.sockets = [self.tcp, self.udp, self.unix]
        if sys.platform == "linux":
            abstract = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            abstract.bind(f"\0rehearsal-canary-{self.port}")
            self.sockets.append(abstract)
        for sock in self.sockets:
            os.set_inheritable(sock.fileno(), True)
            threading.Thread(target=self._listen, args=(sock,), daemon=True).start()
        for signum in (signal.SIGUSR1, signal.SIGTERM, signal.SIGIO):
            signal.signal(signum, lambda number, frame: self.reached.append(f"signal {number}"))

    def _listen(self, sock: socket.socket) -> None:
        while True:
            try:
                if sock.type == socket.SOCK_STREAM:
                    sock.accept()[0].close()
                else:
                    sock.recv(100)
            except OSError:
                return
            self.reached.append(f"socket {sock.family.name}")

    def damage(self) -> list[str]:
        """What is not as it was."""
        found, self.reached = self.reached, []
        allowed = {"precious", "hidden_tests.json", "unix-dgram"}
        found += [f"file {entry.name}" for entry in self.folder.iterdir() if entry.name not in allowed]
        precious = self.folder / "precious"
        if not precious.exists() or precious.read_text(encoding="ascii") != "precious":
            found.append("precious file")
        elif precious.stat().st_mode & 0o777 != 0o600:
            found.append("mode of precious file")
        for path in ("/tmp/hostile_canary_written", "/etc/hostile", os.path.expanduser("~/.hostile_rc")):
            found += [f"file {path}"] if os.path.exists(path) else []
        for folder in (".", "/tmp", "/dev/shm", "/var/tmp"):
            for name in ("hostile_fill.bin", "hostile_persist_marker"):
                path = os.path.join(folder, name)
                if os.path.exists(path):
                    found.append(f"file {path}")
        return found


def descendants() -> list[int]:
    """Living children of this process, at any depth (Linux)."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                text = Path(f"/proc/{entry}/stat").read_text(encoding="latin-1")
            except OSError:
                continue
            state, parent = text.rsplit(")", 1)[1].split()[:2]
            if state != "Z":
                parents[int(entry)] = int(parent)
    found: list[int] = []
    frontier = [os.getpid()]
    while frontier:
        frontier = [pid for pid, parent in parents.items() if parent in frontier]
        found += frontier
    return found


def settled() -> list[int]:
    """Descendants that are still there after a moment (a killed namespace takes some milliseconds)."""
    for _ in range(40):
        if not (left := descendants()):
            return []
        time.sleep(0.025)
    return left


def attack(engine: str, folder: Path, programs: list[Path]) -> Iterator[dict[str, object]]:
    """Run the programs, yield what happened."""
    from bot.coding.engines import deno
    from bot.coding.engines.choose import engines
    from bot.coding.judge import Judge
    from bot.domain.problem import Problem

    if binary := os.environ.pop(
        "TEST_DENO", ""
    ):  # the package finds its binary only beside its own interpreter
        deno.program = lambda: binary  # type: ignore[assignment]
    around = Surroundings(folder)
    problem = Problem.model_validate(PROBLEM)
    judge = Judge(engines()[engine])
    # the child dies with the thread that started it, so one long-lived thread does all the judging
    judge.prepare(problem)
    for path in programs:
        source = (
            path.read_text(encoding="utf-8")
            .replace("@DIR@", str(folder))
            .replace("PORT = 0", f"PORT = {around.port}")
        )
        start = time.monotonic()
        report = judge.run(source, problem, "all")
        if path.stem in ("persist_between_runs", "files_between_cases"):
            report = judge.run(source, problem, "all")
        seconds = time.monotonic() - start
        if path.stem == "daemon_survivor":
            time.sleep(3)
        shown = report.model_dump_json()
        yield {
            "program": path.stem,
            "verdict": str(report.verdict),
            "hidden": str(report.hidden and report.hidden.first_failure),
            "leaks": [word for word in ("PWNED", KEY, HIDDEN, SECRET_NUMBER, "CANARY key") if word in shown],
            "damage": around.damage(),
            "left": settled() if sys.platform == "linux" else [],
            "seconds": round(seconds, 2),
            "size": len(shown),
            "text": shown[:3000] if "PWNED" in shown else "",
            "controls": any(
                ord(c) < 32 or c in "\u202e\u2066\x1b" or 0xD800 <= ord(c) < 0xE000 for c in _texts(report)
            ),
        }


def _texts(report: object) -> str:
    from bot.coding.report import Report

    assert isinstance(report, Report)
    parts = [report.note, report.error, report.stdout]
    for case in report.visible:
        parts += [case.got, case.error, case.stdout, case.note]
    return "".join(parts).replace("\n", "").replace("\t", "")


@contextmanager
def scratch(given: str) -> Iterator[Path]:
    """The canary folder."""
    if given != "-":
        yield Path(given)
        return
    with tempfile.TemporaryDirectory(prefix="rehearsal-canary-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    os.environ["INTERVIEW_API_KEY"] = KEY
    programs = [Path(name) for name in sys.argv[3:]]
    with scratch(sys.argv[2]) as place:
        for line in attack(sys.argv[1], place, programs):
            print(json.dumps(line), flush=True)
    os._exit(0)
