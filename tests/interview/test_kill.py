"""kill -9 of a real process: after a restart every acknowledged answer is there, once, and nothing is bought twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.domain import events as ev
from bot.store.engine import open_engine
from bot.store.log import EventLog

ROOT = Path(__file__).resolve().parent.parent.parent


def command(home: Path, kill_at: int) -> list[str]:
    return [sys.executable, "-m", "tests.support.killable", str(home), str(kill_at), str(home / "calls")]


def run(home: Path, kill_at: int = 0) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    return subprocess.run(command(home, kill_at), capture_output=True, text=True, cwd=ROOT, timeout=60)


def log_of(home: Path) -> list[ev.Event]:
    log = EventLog(open_engine(f"sqlite:///{home / 'log.db'}"))
    (row,) = log.sessions("ana")
    return log.read(row.id)


def bodies(home: Path) -> list[ev.Body]:
    return [event.body for event in log_of(home)]


def calls(home: Path) -> list[str]:
    return (home / "calls").read_text().splitlines()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("whole")
    assert run(home).stdout.endswith("end\n")
    return home


def check(home: Path, killed: subprocess.CompletedProcess[str], whole: Path) -> None:
    acknowledged = [line.split()[1] for line in killed.stdout.splitlines() if line.startswith("ack")]
    if acknowledged:
        assert set(acknowledged) <= {event.key for event in log_of(home)}
    after = run(home)
    assert after.returncode == 0, after.stderr
    assert bodies(home) == bodies(whole), "the log ends up as if nothing had happened"


def boundaries(whole: Path) -> range:
    return range(1, len(bodies(whole)) + 1)


def kill_at_commit(home: Path, whole: Path, commit: int) -> None:
    killed = run(home, commit)
    assert killed.returncode == -signal.SIGKILL
    check(home, killed, whole)
    assert calls(home) == calls(whole), "a call whose result was committed is never made again"


@pytest.mark.slow
def test_killed_in_the_middle(tmp_path: Path, whole: Path) -> None:
    kill_at_commit(tmp_path / "home", whole, len(bodies(whole)) // 2)


@pytest.mark.slow
def test_killed_after_every_commit(tmp_path: Path, whole: Path) -> None:
    for commit in boundaries(whole):
        kill_at_commit(tmp_path / str(commit), whole, commit)


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path, whole: Path) -> None:
    rng = random.Random(20261120)
    for number in range(15):
        home = tmp_path / str(number)
        home.mkdir()
        process = subprocess.Popen(command(home, 0), stdout=subprocess.PIPE, text=True, cwd=ROOT)
        time.sleep(rng.uniform(0.3, 1.2))
        process.kill()
        out, _ = process.communicate(timeout=20)
        check(home, subprocess.CompletedProcess([], process.returncode, out, ""), whole)
