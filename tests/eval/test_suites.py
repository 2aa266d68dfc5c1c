"""The suites themselves, the self-check, and a run that is killed and goes on. Slow: whole interviews in numbers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.bank import Bank
from eval.runner import expand, load_suite, run_cases
from eval.runs import read_cases
from eval.selfcheck import search_check, selfcheck
from eval.summary import summarise
from tests.eval.conftest import a_suite

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent.parent


EVERY = {"faults": 7}
"""Of the matrix of faults every seventh cell; all of them are `python -m eval run faults`. The suite `ci` is `make eval`."""


@pytest.mark.parametrize("name", ["model", "faults", "cost", "resume"])
def test_the_suite_passes(name: str, bank: Bank) -> None:
    suite = load_suite(name)
    specs = expand(suite, bank)[:: EVERY.get(name, 1)]
    results = list(run_cases(suite, specs, workers=2))
    run = summarise(suite, "mock", name, {}, results)
    assert run.verdict == 0, (run.why, [r.error for r in results if r.error][:1])


def test_the_committed_cassette_replays(bank: Bank) -> None:
    from eval.cassettes import read_cassettes
    from eval.parts import Source

    suite = load_suite("replay")
    source = Source(cassettes=read_cassettes("replay"))
    results = list(run_cases(suite, expand(suite, bank), workers=1, source=source))
    run = summarise(suite, "replay", "replay", {}, results)
    assert run.verdict == 0, (
        f"{run.why}; after a change that is meant: `python -m eval record replay --stand-in`"
    )


def test_every_planted_bug_is_caught(bank: Bank) -> None:
    missed = [c for c in [*selfcheck(bank), search_check()] if not c.caught]
    assert not missed


def start(folder: Path, suite: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "eval", "run", str(suite), "--out", str(folder), "--workers", "1"]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def test_a_killed_run_goes_on_and_has_every_case_once(tmp_path: Path, bank: Bank) -> None:
    import yaml

    suite = a_suite(personas=("medium", "weak", "strong", "shaky"), seeds=tuple(range(1, 13)), minutes=20)
    file = tmp_path / "tiny.yaml"
    file.write_text(yaml.safe_dump(suite.model_dump(mode="json")), encoding="utf-8")
    folder, wanted = tmp_path / "run", [s.id for s in expand(suite, bank)]
    for least in (3, 12):
        process = start(folder, file)
        until = time.monotonic() + 60
        while len(read_cases(folder)) < least and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        assert least <= len(read_cases(folder)) < len(wanted), "killed in the middle"
    assert start(folder, file).wait(120) == 0
    assert Counter(c.id for c in read_cases(folder)) == Counter(wanted)
