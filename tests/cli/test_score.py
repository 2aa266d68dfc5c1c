"""`mock-interview score` as people use it: pipes, broken lines, an interruption, a second run, a model and its bill."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli_score
from bot.bank import Bank
from bot.model.standin import StandIn, Wire
from bot.scoring.batch import Item, Scored
from tests.support.bank import real_bank

REFERENCE = "Overfitting means that the model fits the noise of the training data and generalises poorly."
ANSWER = "The model memorises noise of the training data."


@pytest.fixture(autouse=True)
def _one_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bank is read once for this module."""

    def loaded(*_: object) -> Bank:
        return real_bank()

    monkeypatch.setattr("bot.bank.load_bank", loaded)


def line(key: object, **more: object) -> str:
    return json.dumps({"id": key, "question": "Why?", "answer": ANSWER, "reference": REFERENCE, **more})


def score(source: Path, target: Path, *more: str, code: int = 0) -> Result:
    result = CliRunner().invoke(
        cli_score.app, ["score", "--input", str(source), "--output", str(target), *more]
    )
    assert result.exit_code == code, result.output
    return result


def rows(target: Path) -> list[dict[str, Any]]:
    """The lines of an output, each as strict JSON."""
    return [json.loads(x, parse_constant=pytest.fail) for x in target.read_text("utf-8").split("\n")[:-1]]


def test_lines_that_cannot_be_read_are_told_by_number_and_the_rest_comes_out(tmp_path: Path) -> None:
    bad = {
        2: b'{"id": "latin", "answer": "caf\xe9", "reference": "b"}',
        3: b'{"id": "half", "answer": "a \\ud800 b", "reference": "a b"}',
        4: b'{"id": "raw", "answer": "a\x00b", "reference": "a b"}',
        5: b'{"id": true, "answer": "a", "reference": "b"}',
        6: b'{"id": 2.0, "answer": "a", "reference": "b"}',
        7: b'{"id": ' + b"1" * 5000 + b', "answer": "a", "reference": "b"}',
        8: b'{"id": 8, "answer": "a", "reference": "a", "max": "Infinity"}',
        9: b'{"id": 9, "answer": "a", "checkpoints": [{"statement": "a", "any_of": ["re:(("]}]}',
        10: b'{"id": 10, "answer": "' + b"x" * 2_000_000 + b'", "reference": "b"}',
        11: b"[" * 5000,
        12: b"[]",
    }
    good = [line("first").encode(), *bad.values(), b"", line("last", answer=ANSWER + " \u2028 So.").encode()]
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(good))
    said = score(source, target).output
    assert [row["id"] for row in rows(target)] == ["first", "last"]
    for number in bad:
        assert f"line {number} skipped: " in said
    assert f"2 scored, {len(bad)} skipped" in said


def test_an_output_comes_before_the_next_line_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    seen: list[int] = []

    def lines(file: object) -> Iterator[str]:
        for number in range(3):
            seen.append(written.getvalue().count("\n"))
            yield line(number)

    monkeypatch.setattr(cli_score, "_lines", lines)
    monkeypatch.setattr(sys, "stdout", written)
    monkeypatch.setattr(cli_score, "_standard_input", io.BytesIO)
    cli_score.score(Path("-"), Path("-"))
    assert seen == [0, 1, 2]


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C as in a terminal: a process that a script starts in the background ignores it from birth."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_a_run_that_was_stopped_keeps_its_lines_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, whole, target = tmp_path / "in", tmp_path / "whole", tmp_path / "out"
    source.write_text("\n".join(["broken", *(line(i) for i in range(9))]))
    score(source, whole)
    plain, _ = cli_score._scorer(cli_score.JudgeName.OFFLINE)

    async def interrupted(item: Item) -> Scored:
        if item.id == 4:
            asyncio.get_running_loop().call_soon(
                os.kill, os.getpid(), signal.SIGINT
            )  # Ctrl-C, while nothing is waited for
        return await plain(item)

    monkeypatch.setattr(cli_score, "_scorer", lambda judge: (interrupted, 1))
    said = score(source, target, code=130).output
    assert "Stopped. 4 scored, 1 skipped. Go on with --resume." in said
    assert [row["id"] for row in rows(target)] == [0, 1, 2, 3]
    monkeypatch.setattr(cli_score, "_scorer", lambda judge: (plain, 1))
    target.write_text(target.read_text()[:-20])  # and killed in the middle of a line
    assert "3 kept, 6 scored, 1 skipped" in score(source, target, "--resume").output
    assert target.read_bytes() == whole.read_bytes()


def test_another_inputs_output_is_not_gone_on_with(tmp_path: Path) -> None:
    source, other, target = tmp_path / "in", tmp_path / "other", tmp_path / "out"
    source.write_text(line(1))
    other.write_text(line(2))
    score(source, target)
    before = target.read_bytes()
    result = CliRunner().invoke(
        cli_score.app, ["score", "--input", str(other), "--output", str(target), "--resume"]
    )
    assert "1 where the input has 2" in str(result.exception)
    assert target.read_bytes() == before


def test_files_that_cannot_be_used_are_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.write_text(line(1))
    result = CliRunner().invoke(cli_score.app, ["score", "--input", str(source), "--output", str(source)])
    assert "is the input as well" in str(result.exception)
    assert source.read_text() == line(1)
    assert "No such file" in score(source, tmp_path / "no" / "such", code=2).output
    assert "No such file" in score(tmp_path / "nothing", tmp_path / "out", code=2).output
    assert "0 kept" not in score(source, tmp_path / "new", "--resume").output


def test_a_model_scores_a_file_and_its_failures_are_no_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_text("\n".join([line(1), line(2), line(3, answer="")]))
    with StandIn() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("BOT_MODEL", "stand-in")
        monkeypatch.setenv("BOT_JUDGE_RUNS", "3")
        monkeypatch.setenv("BOT_HOME", str(tmp_path))
        monkeypatch.setenv("BOT_JUDGE_AT_ONCE", "1")  # so that the server's plan is that of the lines
        server.plan.extend([Wire.NORMAL] * 3)
        server.always = Wire.AUTH
        said = score(source, target, "--judge", "model").output
        first, second, third = rows(target)
        assert (first["status"], first["runs"], first["spread"]) == ("scored", 3, 0.0)
        assert (second["status"], second["score"], second["level"]) == ("failed", None, None)
        assert (third["score"], "empty" in third["flags"]) == (0, True)
        assert "1 failed, 2 scored; " in said
        assert " tokens, $0.00" in said
        source.write_text("\n".join([line(1), line(2)]))
        target.write_text("".join(json.dumps(r) + "\n" for r in (first, second)))
        server.always = Wire.NORMAL
        assert "1 kept, 1 scored" in score(source, target, "--judge", "model", "--resume").output
        assert rows(target)[0] == first


class Hall:
    """A model that answers nobody before so many ask at once; calls for those who said `bad` never go well."""

    def __init__(self, people: int) -> None:
        self.people, self.here, self.most = people, 0, 0
        self.full = asyncio.Event()

    async def __call__(self, item: Item) -> Scored:
        self.here += 1
        self.most = max(self.most, self.here)
        if self.here == self.people:
            self.full.set()
        await self.full.wait()
        self.here -= 1
        return Scored(item.id, "failed" if "bad" in item.answer else "scored")


def test_lines_are_judged_at_the_same_time_and_come_out_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    lines = [line(i, answer="bad" if i == 2 else ANSWER) for i in range(20)]
    source.write_text("\n".join(["broken", *lines]))
    hall = Hall(4)
    monkeypatch.setattr(cli_score, "_scorer", lambda judge: (hall, 4))
    assert "1 failed, 19 scored, 1 skipped" in score(source, target).output
    assert [row["id"] for row in rows(target)] == list(range(20))
    assert hall.most == 4


@pytest.mark.usefixtures("ctrl_c")
def test_stopping_lines_under_way_keeps_those_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line 3 never ends, lines behind it do: what stands in front of it stays, and a second run goes on there."""
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_text("\n".join(line(i) for i in range(60)))
    left: list[object] = []

    async def slow(item: Item) -> Scored:
        if item.id == 3:
            try:
                await asyncio.sleep(3600)
            finally:
                left.append(item.id)
        if item.id == 20:
            asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGINT)
        return Scored(item.id, "scored")

    async def quick(item: Item) -> Scored:
        left.append(item.id)
        return Scored(item.id, "scored")

    monkeypatch.setattr(cli_score, "_scorer", lambda judge: (slow, 4))
    assert "Stopped. 3 scored. Go on" in score(source, target, code=130).output
    assert [row["id"] for row in rows(target)] == [0, 1, 2]
    assert left == [3], "it was let go of properly"
    monkeypatch.setattr(cli_score, "_scorer", lambda judge: (quick, 4))
    assert "3 kept, 57 scored" in score(source, target, "--resume").output
    assert left[1:] == list(range(3, 60))


@pytest.mark.slow
def test_a_pipe_that_falls_silent_holds_nobody_up(tmp_path: Path) -> None:
    """Answers come out while the next line is waited for, and Ctrl-C ends a program that waits for one."""
    code = "import sys; from bot.cli import main; sys.argv[0] = 'mock-interview'; main()"
    with StandIn() as server:
        env = os.environ | {"OPENAI_BASE_URL": server.url, "BOT_MODEL": "stand-in", "BOT_HOME": str(tmp_path)}
        program = [
            sys.executable,
            "-c",
            "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n" + code,
        ]
        program += ["score", "--input", "-", "--output", "-", "--judge", "model"]
        with subprocess.Popen(
            program, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as run:
            assert run.stdin is not None
            assert run.stdout is not None
            assert run.stderr is not None
            for number in range(3):
                run.stdin.write(line(number) + "\n")
                run.stdin.flush()
                assert json.loads(run.stdout.readline())["id"] == number
            run.send_signal(signal.SIGINT)
            assert run.wait(60) == 130
            assert "Stopped. 3 scored; " in (said := run.stderr.read())
            assert "Fatal" not in said


@pytest.mark.parametrize("data", [b"caf\xe9 is no UTF-8", b"a picture\x00\x01 and more"])
def test_nothing_is_proposed_from_what_is_no_text(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "reference").write_bytes(data)
    result = CliRunner().invoke(cli_score.app, ["propose", "--reference", str(tmp_path / "reference")])
    assert "text" in str(result.exception)
    assert result.stdout == ""
