"""Figures of the main job: `python -m tests.bench_start`. Prints; asserts nothing.

Seconds from start to HTTP 200 (first, with an empty data folder, and second), import time of `bot`, our own overhead per turn
without a model, size of the installed environment. Wall-clock figures want a quiet machine; processor seconds are printed too.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bot.bank import load_bank
from bot.domain.base import RoundId
from bot.interview.authored import AuthoredInterviewer
from bot.interview.session import SessionService
from bot.interview.updates import StartRequest
from bot.resources import corpus_dir, prompts_dir
from bot.scoring.offline import OfflineJudge
from bot.services import make_scorer
from bot.store.engine import open_engine
from bot.store.log import EventLog

ROOT = Path(__file__).resolve().parent.parent


def start_seconds(home: Path) -> tuple[float, float]:
    """(wall seconds, processor seconds of the server) until the first page is served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "BOT_HOME": str(home), "BOT_EMBEDDER": "wordllama"}
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)], cwd=ROOT, env=env, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                    assert page.status == 200
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        wall = time.perf_counter() - began
        fields = Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return wall, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    finally:
        server.terminate()
        server.wait(30)


def import_seconds() -> float:
    """Median wall seconds of `import bot` in a new interpreter, start of the interpreter included."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import bot"], check=True, cwd=ROOT)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


async def overhead_ms(folder: Path) -> list[float]:
    """Milliseconds of each turn of an interview without a model: everything is our own overhead."""
    bank = load_bank(prompts_dir(), corpus_dir())
    service = SessionService(
        log=EventLog(open_engine(f"sqlite:///{folder / 'log.db'}")),
        bank=bank,
        judge=OfflineJudge(),
        interviewer=AuthoredInterviewer(),
        scorer=make_scorer(bank, lambda query: []),
    )
    session = service.create(StartRequest(round=RoundId.PHONE_SCREEN, seed=3))
    async for _ in service.resume(session, ""):
        pass
    turns = []
    for number in range(30):
        state = service.state(session, "")
        if state.ended or state.question not in bank.questions:
            break
        answers = bank.question(state.question).answers
        began = time.perf_counter()
        async for _ in service.answer(session, "", (answers.level_2, answers.level_3)[number % 2]):
            pass
        turns.append(1000 * (time.perf_counter() - began))
    return turns


def installed_mb() -> float:
    """Size of the environment's packages on disk, in megabytes."""
    site = next(Path(p) for p in sys.path if p.endswith("site-packages"))
    return sum(f.stat().st_size for f in site.rglob("*") if f.is_file() and not f.is_symlink()) / 1e6


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first start, empty data folder", "second start"):
            wall, cpu = start_seconds(Path(folder))
            print(f"{name}: {wall:.2f} s to HTTP 200 ({cpu:.2f} processor seconds of the server)")
        turns = asyncio.run(overhead_ms(Path(folder)))
    print(f"import bot: {import_seconds():.2f} s with the interpreter's own start")
    p95 = sorted(turns)[int(0.95 * (len(turns) - 1))]
    print(
        f"overhead of a turn, offline judge: median {statistics.median(turns):.1f} ms, p95 {p95:.1f} ms, n={len(turns)}"
    )
    print(f"installed environment: {installed_mb():.0f} MB")


if __name__ == "__main__":
    main()
